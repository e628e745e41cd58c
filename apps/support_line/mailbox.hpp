#pragma once
// Where the messages of customers are put.

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>

namespace support_line {

/// What a customer has left.
struct Message {
  std::string id = {};  ///< Of the call.
  std::string from = {};
  std::string recording = {};  ///< Its address.
};

/// A file of messages, a line of JSON each. Whoever has dealt with a message takes its line out.
///
/// Threads: any at once. Processes on one file: one.
class Mailbox {
 public:
  /// The file need not be there yet. Nobody but its owner can read it.
  explicit Mailbox(std::filesystem::path file, std::size_t limit = 100);

  /// Whether it takes no more messages. May block for a moment.
  [[nodiscard]] bool isFull() const;

  /// Keeps a message, even if it is full: it was recorded. One that is there already is not kept
  /// twice. May block. Throws `Error{unavailable}` if it cannot be written.
  void keep(const Message& message);

 private:
  std::filesystem::path file_;
  std::size_t limit_;
  mutable std::mutex mutex_;
};

}  // namespace support_line
