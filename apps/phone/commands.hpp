#pragma once
// The commands of the program. Each returns its exit status.

#include <CLI/CLI.hpp>
#include <functional>

namespace phone {

constexpr int kFine = 0;
constexpr int kNotAsExpected = 1;  ///< Something was not heard, or a finding.
constexpr int kCouldNotTry = 2;    ///< Wrong usage, or an application that cannot be reached.

/// Adds the command to the options. What is returned runs it, once they are parsed.
std::function<int()> addCall(CLI::App& options);
std::function<int()> addPlay(CLI::App& options);
std::function<int()> addLoad(CLI::App& options);
std::function<int()> addCrawl(CLI::App& options);
std::function<int()> addReplay(CLI::App& options);
std::function<int()> addServe(CLI::App& options);

}  // namespace phone
