#include "documents.hpp"

#include <ivr/twiml/reader.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail() { throw std::runtime_error{std::generic_category().message(errno)}; }

std::string contentOf(std::FILE* stream) {
  std::string content(ivr::twiml::kMaxTwimlBytes + 1, '\0');
  content.resize(std::fread(content.data(), 1, content.size(), stream));
  if (std::ferror(stream) != 0) fail();
  return content;
}

std::vector<std::string> documentsIn(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code ignored;  // what cannot be looked into is passed over
  for (fs::recursive_directory_iterator at{folder, fs::directory_options::skip_permission_denied,
                                           ignored};
       at != fs::recursive_directory_iterator{}; at.increment(ignored)) {
    const bool isHidden = at->path().filename().string().starts_with('.');
    if (isHidden) {
      if (at->is_directory(ignored)) at.disable_recursion_pending();
      continue;
    }
    const fs::path ending = at->path().extension();
    if ((ending == ".xml" || ending == ".twiml") && at->is_regular_file(ignored)) {
      files.push_back(at->path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

DocumentNames::DocumentNames(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::error_code ignored;
    if (file == "-" || !fs::is_directory(file, ignored)) {
      all.push_back({.file = file});
      continue;
    }
    for (std::string& inside : documentsIn(file)) {
      all.push_back({.file = std::move(inside), .isFromFolder = true});
    }
  }
}

std::string contentOf(const std::string& file) {
  if (file == "-") return contentOf(stdin);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream{std::fopen(file.c_str(), "rb"),
                                                               &std::fclose};
  if (!stream) fail();
  return contentOf(stream.get());
}

void replaceContent(const std::string& file, const std::string& content) {
  const fs::path target = fs::canonical(file);  // what a link leads to
  const fs::path beside = target.string() + ".new";
  {
    std::ofstream out{beside, std::ios::binary};
    if (!(out << content).flush()) {
      std::error_code ignored;
      fs::remove(beside, ignored);
      throw std::runtime_error{"cannot be written"};
    }
  }
  fs::permissions(beside, fs::status(target).permissions());
  fs::rename(beside, target);
}
