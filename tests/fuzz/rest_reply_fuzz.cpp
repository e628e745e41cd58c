// Any answer of the REST API is read or refused, and a refusal quotes nothing that could be
// personal.

#include "core/utf8.hpp"
#include "fuzz.hpp"
#include "ivr/core/error.hpp"
#include "ivr/rest/calls.hpp"
#include "ivr/rest/conferences.hpp"
#include "ivr/rest/messages.hpp"
#include "ivr/rest/participants.hpp"
#include "ivr/rest/queues.hpp"
#include "ivr/rest/recordings.hpp"
#include "rest/dates.hpp"
#include "rest/resource_reader.hpp"

using namespace ivr;
using namespace ivr::rest;
using fuzz::require;

namespace {

/// `read` returns the same each time; what it throws is a refusal.
template <class Read>
void check(Read read) {
  try {
    const auto first = read();
    require(first == read());
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::remote);
    require(std::string_view{error.what()}.size() < 100);
  }
}

template <class Resource>
void checkResource(std::string_view body) {
  check([&] { return resourceFrom<Resource>(body); });
}

template <class Resource>
void checkPage(std::string_view body) {
  check([&] { return pageFrom<Resource>(body); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body{reinterpret_cast<const char*>(data), size};

  checkResource<CallResource>(body);
  checkResource<ConferenceResource>(body);
  checkResource<ParticipantResource>(body);
  checkResource<QueueResource>(body);
  checkResource<MemberResource>(body);
  checkResource<RecordingResource>(body);
  checkResource<MessageResource>(body);
  checkPage<CallResource>(body);
  checkPage<ConferenceResource>(body);
  checkPage<ParticipantResource>(body);
  checkPage<QueueResource>(body);
  checkPage<MemberResource>(body);
  checkPage<RecordingResource>(body);

  const http::Headers headers{{"Retry-After", std::string{body}}, {"Date", std::string{body}}};
  const RestRefusal refusal = refusalFrom(400, headers, body);
  require(isUtf8(refusal.message));
  const std::string sentence = RestError{"GET /Calls.json", refusal}.what();
  require(sentence.size() < 1000 && sentence.find('\n') == std::string::npos);
  if (const auto wait = retryAfterOf(headers)) require(wait->count() >= 0);

  if (const auto date = dateFrom(body)) {
    require(*date > std::chrono::sys_days{std::chrono::year{-2} / 1 / 1});
    require(*date < std::chrono::sys_days{std::chrono::year{10001} / 1 / 1});
  }
  return 0;
}
