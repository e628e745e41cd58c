#pragma once
// Files of personal data, which nobody else on the machine may read or replace.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace ivr::session {

/// What is added to the name of a database for the file of leases beside it; see `SharedLeases`.
inline constexpr const char* kLeasesSuffix = "-leases";

/// The file that `name` leads to, without links on the way; created for its owner only if it is
/// missing. Throws `Error{config}`, with the command that mends it, if
/// - others may read the file, or one of those that are kept beside it, or own it;
/// - one of them is a link in a folder that others may write: somebody else may have put it there.
///
/// Opens nothing that exists: closing it would drop the locks of an SQLite of this process.
[[nodiscard]] std::string privateFile(const std::string& name);

/// Tells a file from every other that exists: its device, and its number there. Nothing if there is
/// none of that name.
using FileId = std::optional<std::pair<std::uint64_t, std::uint64_t>>;
[[nodiscard]] FileId fileId(const std::string& name) noexcept;

}  // namespace ivr::session
