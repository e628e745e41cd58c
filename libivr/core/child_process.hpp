#pragma once
// Other programs, run for what they write.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ivr {

/// Whether a program, by its name or its path, can be run.
[[nodiscard]] bool isProgram(const std::string& program);

/// What a program writes to its standard output when `input` is its standard input; nothing if it
/// cannot be run, takes longer than `limit`, or writes more than `maxBytes`. Blocks as long.
/// Threads: any.
///
/// `command` is its name or path, and its arguments, which no shell reads. What it complains about
/// is dropped. A program that has failed may have written a part, or nothing.
[[nodiscard]] std::optional<std::string> outputOf(std::vector<std::string> command,
                                                  const std::string& input,
                                                  std::chrono::milliseconds limit,
                                                  std::size_t maxBytes);

}  // namespace ivr
