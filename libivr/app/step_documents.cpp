#include "app/step_documents.hpp"

#include "core/log_line.hpp"
#include "core/text.hpp"
#include "ivr/core/error.hpp"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

namespace ivr {

namespace {

using http::Response;

Twiml apology() {
  return Twiml{Say{"We are sorry, an error has occurred. Please call again later."}, Hangup{}};
}

Twiml holdWords() {
  return Twiml{Say{"One moment, please."}, Pause{.length = std::chrono::seconds{1}}};
}

std::string withRedirect(const Twiml& words, const std::string& link) {
  std::vector<twiml::Verb> verbs = words.verbs();
  verbs.emplace_back(Redirect{link, HttpMethod::post});
  return Twiml{std::move(verbs), words.otherAttributes()}.xml();
}

/// What `make` returns; nothing if it throws, which is reported.
template <class Make>
std::optional<std::string> guarded(const Config& config, const ErrorReport& errors,
                                   const std::string& what, CallError whose, Make make) {
  try {
    return make();
  } catch (...) {
    whose.error = std::current_exception();
    LogLine line{config.personalData, what + " failed"};
    line.add("state", whose.state).add("call", oneLine(whose.callSid, 64));
    errors.add(std::move(line), std::move(whose));
    return std::nullopt;
  }
}

Twiml wordsFor(const Config& config, const StepTarget* target, const Waiting& waiting) {
  if (target != nullptr) {
    if (auto words = target->pleaseHold(waiting)) return *std::move(words);
  }
  return config.pleaseHold ? config.pleaseHold(waiting) : holdWords();
}

}  // namespace

Response xmlResponse(std::string xml) {
  Response response{.body = std::move(xml)};
  response.headers.add("Content-Type", "text/xml; charset=utf-8");
  return response;
}

Response plainErrorResponse(const Config& config) {
  if (config.errorAnswer == ErrorAnswer::status) {
    return http::plainText(500, "Internal Server Error");
  }
  return xmlResponse(apology().xml());
}

Response errorResponse(const Config& config, const ErrorReport& errors, TwimlLint& lint,
                       const CallError& error) {
  if (config.errorAnswer == ErrorAnswer::status || !config.onError) {
    return plainErrorResponse(config);
  }
  auto xml = guarded(config, errors, "onError", error, [&] {
    std::string text = config.onError(error).xml();
    lint.report("onError", text);
    return text;
  });
  return xml ? xmlResponse(*std::move(xml)) : plainErrorResponse(config);
}

Response holdResponse(const Config& config, const ErrorReport& errors, TwimlLint& lint,
                      const StepTarget* target, const Waiting& waiting, const std::string& link) {
  auto xml = guarded(config, errors, "pleaseHold",
                     {.state = waiting.state, .callSid = waiting.callSid}, [&] {
                       std::string text = withRedirect(wordsFor(config, target, waiting), link);
                       lint.report("pleaseHold", text);
                       return text;
                     });
  return xml ? xmlResponse(*std::move(xml)) : plainHoldResponse(link);
}

Response plainHoldResponse(const std::string& link) {
  return xmlResponse(withRedirect(holdWords(), link));
}

// Status, type and body, the first two on a line each.

std::string savedAnswer(const Response& response) {
  return std::to_string(response.status) + '\n' +
         std::string{response.headers.find("Content-Type").value_or("")} + '\n' +
         response.body.text();
}

Response restoredAnswer(std::string_view saved) {
  const std::size_t status = saved.find('\n');
  const std::size_t type = status == std::string_view::npos ? status : saved.find('\n', status + 1);
  if (type == std::string_view::npos) {
    throw Error{ErrorKind::unavailable, "an answer that was saved is damaged"};
  }
  Response response{.status = numberFrom<int>(saved.substr(0, status)).value_or(500),
                    .body = std::string{saved.substr(type + 1)}};
  response.headers.add("Content-Type", std::string{saved.substr(status + 1, type - status - 1)});
  return response;
}

}  // namespace ivr
