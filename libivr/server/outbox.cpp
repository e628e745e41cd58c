#include "server/outbox.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace ivr::server {

namespace {

/// One client that reads a large file fast must not keep its thread from the others. Of the sizes
/// from 64 KiB to 2 MiB, this one also moved the most bytes: the data is read while it is still in
/// the caches.
constexpr std::uint64_t kMaxBytesAtOnce = 256 << 10;

/// Texts up to this size are joined, so that head and body leave in one packet.
constexpr std::size_t kMaxJoinedText = 64 << 10;

void cork(int socket, bool isCorked) {
  const int value = isCorked ? 1 : 0;
  ::setsockopt(socket, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

}  // namespace

void Outbox::add(std::string text) {
  if (text.empty()) return;
  if (!pieces_.empty()) {
    auto* last = std::get_if<std::string>(&pieces_.back());
    if (last != nullptr && last->size() + text.size() <= kMaxJoinedText) {
      *last += text;
      return;
    }
  }
  pieces_.emplace_back(std::move(text));
}

void Outbox::add(http::FileSlice slice) {
  if (slice.length == 0) return;
  pieces_.emplace_back(std::move(slice));
  hasSlices_ = true;
}

Outbox::Sent Outbox::sendTo(int socket, bool& progress) {
  if (hasSlices_) {
    // Head, file and tail in full packets: without it, each part of a file would be pushed.
    cork(socket, true);
    const Sent sent = send(socket, progress);
    if (sent != Sent::all) return sent;
    hasSlices_ = false;
    cork(socket, false);
    return sent;
  }
  return send(socket, progress);
}

Outbox::Sent Outbox::send(int socket, bool& progress) {
  std::uint64_t sentNow = 0;
  while (!pieces_.empty()) {
    if (sentNow >= kMaxBytesAtOnce) return Sent::enough;
    ssize_t sent = 0;
    bool pieceDone = false;
    if (auto* text = std::get_if<std::string>(&pieces_.front())) {
      sent = ::send(socket, text->data() + textSent_, text->size() - textSent_,
                    MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) textSent_ += static_cast<std::size_t>(sent);
      pieceDone = textSent_ == text->size();
    } else {
      auto& slice = std::get<http::FileSlice>(pieces_.front());
      auto offset = static_cast<off_t>(slice.offset);
      sent = ::sendfile(socket, slice.file->descriptor(), &offset,
                        std::min<std::uint64_t>(slice.length, kMaxBytesAtOnce));
      if (sent == 0) return Sent::broken;  // the file has shrunk: impossible, it is sealed
      if (sent > 0) {
        slice.offset += static_cast<std::uint64_t>(sent);
        slice.length -= static_cast<std::uint64_t>(sent);
      }
      pieceDone = slice.length == 0;
    }
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Sent::blocked : Sent::broken;
    }
    progress = progress || sent > 0;
    sentNow += static_cast<std::uint64_t>(sent);
    if (pieceDone) {
      pieces_.pop_front();
      textSent_ = 0;
    }
  }
  return Sent::all;
}

}  // namespace ivr::server
