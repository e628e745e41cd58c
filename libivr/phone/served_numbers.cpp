#include "phone/served_numbers.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/log.hpp"

#include <algorithm>
#include <utility>

namespace ivr::phone {

bool isCallerId(std::string_view text) {
  constexpr std::string_view kClient = "client:";
  const bool isClient = text.starts_with(kClient);
  if (isClient) text.remove_prefix(kClient.size());
  const std::size_t most = isClient ? 100 : 16;
  const std::string_view plain = !isClient && text.starts_with('+') ? text.substr(1) : text;
  if (plain.empty() || text.size() > most) return false;
  return std::ranges::all_of(plain, [&](char c) {
    if (c >= '0' && c <= '9') return true;
    const char low = lowerCase(c);
    return isClient && ((low >= 'a' && low <= 'z') || c == '_' || c == '-' || c == '.');
  });
}

ServedNumbers::ServedNumbers(std::vector<ServedNumber> numbers) : all_(std::move(numbers)) {
  for (std::size_t place = 0; place < all_.size(); ++place) {
    const std::string& number = all_[place].number;
    if (!isCallerId(number)) {
      throw Error{ErrorKind::config, "not a number: " + oneLine(number)};
    }
    if (!places_.emplace(number, place).second) {
      throw Error{ErrorKind::config, "a number is answered twice: " + number};
    }
  }
}

const ServedNumber* ServedNumbers::find(std::string_view number) const {
  const auto place = places_.find(number);
  return place == places_.end() ? nullptr : &all_[place->second];
}

}  // namespace ivr::phone
