#pragma once
// The numbers of a service that applications answer.

#include "ivr/phone/service.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::phone {

/// `+14155550100`, `1000`, `client:ann`.
[[nodiscard]] bool isCallerId(std::string_view text);

/// A value. Threads: any, as nothing changes.
class ServedNumbers {
 public:
  /// Throws `Error{config}` for what is no number, and for a number that is there twice.
  explicit ServedNumbers(std::vector<ServedNumber> numbers);

  /// Null if no application answers it. Valid as long as this is.
  [[nodiscard]] const ServedNumber* find(std::string_view number) const;

  /// In the order in which they were given.
  [[nodiscard]] const std::vector<ServedNumber>& all() const noexcept { return all_; }

 private:
  std::vector<ServedNumber> all_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace ivr::phone
