// A form reads back from its own encoding; one with more fields than the maximum is refused.

#include "core/utf8.hpp"
#include "fuzz.hpp"
#include "ivr/http/form.hpp"

using namespace ivr;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};

  const auto form = Form::parse(text, size);
  require(form.has_value());  // no text has more fields than bytes
  require(Form::parse(form->encoded(), size) == form);

  const auto few = Form::parse(text, 3);
  require(few.has_value() == (form->size() <= 3));
  for (const auto& [name, value] : *form) {
    require(form->find(name).has_value());
    require(isUtf8(toUtf8(value)));
  }
  return 0;
}
