#pragma once
// Timelines as text: a JSON object on a line for each entry.
//
//   {"at":3200,"call":"CA123...","what":"says","text":"Welcome to Foo Corp!"}
//
// Threads: pure functions.

#include "ivr/phone/timeline.hpp"

#include <string>
#include <string_view>

namespace ivr::phone {

/// An entry as one line, without a line break. Details without a value are left out; malformed
/// UTF-8 is replaced.
[[nodiscard]] std::string savedLine(const Entry& entry);

/// The entries of a text, in order; empty lines are left out, and so are members that entries do
/// not have. Throws `Error{usage}` naming the first line that is no entry, or a text of more than a
/// million entries.
[[nodiscard]] Timeline timelineFrom(std::string_view text);

}  // namespace ivr::phone
