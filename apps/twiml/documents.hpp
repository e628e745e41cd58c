#pragma once
// The documents that are named on the command line.

#include <string>
#include <vector>

/// Names of files, with those of TwiML documents in folders in place of the folders: `*.xml` and
/// `*.twiml`, at any depth, sorted. `-`, the standard input, stays.
struct DocumentNames {
  explicit DocumentNames(const std::vector<std::string>& files);

  struct Name {
    std::string file;
    bool isFromFolder = false;  ///< It may be XML of another kind.
  };
  std::vector<Name> all;
};

/// Stops reading once it is too long for any document. Throws `std::runtime_error` if the file
/// cannot be read. `-` is the standard input.
std::string contentOf(const std::string& file);

/// Replaces a file at once, so that it is never half written. Throws `std::runtime_error`.
void replaceContent(const std::string& file, const std::string& content);
