#include "mailbox.hpp"

#include <ivr/core/error.hpp>

#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <unistd.h>
#include <utility>

namespace support_line {

namespace {

/// More of a mailbox is not looked at.
constexpr std::size_t kMaxBytes = 1 << 20;

/// Calls `see` with each line, until it returns false.
template <class F>
void eachLine(const std::filesystem::path& file, F see) {
  std::ifstream stream{file, std::ios::binary};
  std::string text(kMaxBytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin && !see(text.substr(begin, end - begin))) return;
    begin = end + 1;
  }
}

}  // namespace

Mailbox::Mailbox(std::filesystem::path file, std::size_t limit)
    : file_(std::move(file)), limit_(limit) {}

bool Mailbox::isFull() const {
  const std::lock_guard lock{mutex_};
  std::size_t messages = 0;
  eachLine(file_, [&](const std::string&) { return ++messages < limit_; });
  return messages >= limit_;
}

void Mailbox::keep(const Message& message) {
  const std::lock_guard lock{mutex_};
  bool isThere = false;
  eachLine(file_, [&](const std::string& line) {
    const auto kept = nlohmann::json::parse(line, nullptr, false);
    isThere = kept.is_object() && kept.value("id", nlohmann::json{}) == message.id;
    return !isThere;
  });
  if (isThere) return;
  const nlohmann::json json{
      {"id", message.id}, {"from", message.from}, {"recording", message.recording}};
  const std::string line =
      json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  const int opened = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  const bool isWritten =
      opened >= 0 && ::write(opened, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool isKept = isWritten && ::fsync(opened) == 0;
  if (opened >= 0) ::close(opened);
  if (!isKept) {
    throw ivr::Error{ivr::ErrorKind::unavailable,
                     "the mailbox " + file_.native() + " cannot be written"};
  }
}

}  // namespace support_line
