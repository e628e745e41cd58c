#pragma once
// What is made anew for every call or every request, and so tells nothing about where a call is.

#include <string>
#include <string_view>

namespace ivr::phone {

/// A document or an address with `*` for everything that looks generated: SIDs, UUIDs and other
/// tokens, fingerprints (`?v=`), dates, times of day and Unix times. Two texts that differ in
/// nothing else become the same. Telephone numbers stay, and so do short numbers.
[[nodiscard]] std::string withoutGenerated(std::string_view text);

}  // namespace ivr::phone
