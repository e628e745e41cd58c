#pragma once
// Prints what happens in a call, as it happens.

#include <ivr/phone/timeline.hpp>

#include <map>
#include <string>

namespace phone {

enum class PrintStyle { text, json };

/// An entry as an object of JSON, on one line.
std::string jsonOf(const ivr::phone::Entry& entry);

class Printer {
 public:
  /// With `isVerbose`, webhooks and documents are told, too; JSON always has everything.
  Printer(PrintStyle style, bool isVerbose) : style_(style), isVerbose_(isVerbose) {}

  /// Prints to the standard output.
  void print(const ivr::phone::Entry& entry);

 private:
  PrintStyle style_;
  bool isVerbose_;
  std::string first_;                           ///< The SID of the first call, which needs no name.
  std::map<std::string, std::string> numbers_;  ///< Of the others.
};

}  // namespace phone
