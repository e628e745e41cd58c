// A raw document is refused as a bug of the application or sent as it is; any text can be said.

#include "fuzz.hpp"
#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"
#include "ivr/twiml/twiml.hpp"

using namespace ivr;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  try {
    require(Twiml::raw(text).xml() == text);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::usage);
  }

  const std::string written = Twiml{Say{.text = text, .voice = text}, Hangup{}}.xml();
  require(isUtf8(written));
  require(written.ends_with("</Say><Hangup/></Response>"));
  require(Twiml::raw(written).xml() == written);  // what the writer writes is well-formed
  return 0;
}
