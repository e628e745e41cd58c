#pragma once
// Addresses of applications, as tools take them.
//
// Threads: pure functions.

#include <optional>
#include <string>
#include <string_view>

namespace ivr::phone {

/// The part of an address before its path, for `ProviderOptions::origins`:
/// `https://ivr.example.com` of `https://ivr.example.com/incoming-call`. Nothing unless it is
/// `http` or `https`.
[[nodiscard]] std::optional<std::string> originIn(std::string_view url);

/// Whether an address surely is at this machine: its host is `localhost`, `127.x.x.x` or `[::1]`.
[[nodiscard]] bool isOnThisMachine(std::string_view url);

}  // namespace ivr::phone
