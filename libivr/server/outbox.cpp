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

/// Texts up to this size are joined, so that they leave in one packet.
constexpr std::size_t kMaxJoinedPart = 64 << 10;

/// What a socket takes of a file before it has sent it. Without it, the kernel would keep megabytes
/// for each client that reads slowly, long after the copy of the file has made way for another.
constexpr int kMaxUnsent = 64 << 10;

void cork(int socket, bool isCorked) {
  const int value = isCorked ? 1 : 0;
  ::setsockopt(socket, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

/// Bytes of a file, at least one: as many as the socket takes, and none where the file has ended.
ssize_t sendSome(int socket, const http::FileSlice& slice) {
  const std::uint64_t most = std::min<std::uint64_t>(slice.length, kMaxBytesAtOnce);
  if (slice.file->descriptor() >= 0) {
    auto offset = static_cast<off_t>(slice.offset);
    return ::sendfile(socket, slice.file->descriptor(), &offset, most);
  }
  const std::string bytes = slice.file->readSome(slice.offset, most);
  if (bytes.empty()) return 0;
  return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

void Outbox::sendNow(int socket, std::string_view text) {
  if (pieces_.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
  }
  if (!text.empty()) add(std::string{text});  // what is wrong shows when it is sent again
}

void Outbox::add(std::string text) {
  if (text.empty()) return;
  if (!pieces_.empty()) {
    auto* last = std::get_if<std::string>(&pieces_.back());
    if (last != nullptr && last->size() + text.size() <= kMaxJoinedPart) {
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
    ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kMaxUnsent, sizeof kMaxUnsent);
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
      sent = sendSome(socket, slice);
      if (sent == 0) return Sent::broken;  // no more can be read of what was announced
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
