// Whatever a store returns, a session is read or refused, and what it saves can be read again.

#include "fuzz.hpp"
#include "ivr/session/session.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace ivr;
using namespace ivr::session;
using fuzz::require;

namespace {

struct Notes {
  std::string name;
  std::vector<int> numbers;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Notes, name, numbers)

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Pieces pieces{data, size};
  const std::string name = pieces.next();
  const std::string value = pieces.next();
  Session session{pieces.next()};
  bool isRead = false;
  try {
    (void)session.find(name);
    isRead = true;
    session.set(name, value);
    require(session.find(name) == value);
    session.as<Notes>().numbers.push_back(1);
    Session again{session.text()};
    require(again.as<Notes>().numbers.back() == 1);
    require(again.text() == session.text());
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::usage);
  }
  if (isRead) Session{session.text()}.erase(name);  // what was read once is never damaged
  return 0;
}
