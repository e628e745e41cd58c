#include "server/outbox.hpp"

#include "core/descriptor.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace {

using namespace ivr;
using http::FileSlice;
using http::StaticFile;
using server::Outbox;

constexpr std::size_t kAtOnce = 256 << 10;

/// Two sockets that are connected, neither of which blocks. With `SOCK_SEQPACKET`, every send
/// arrives by itself.
struct Sockets {
  explicit Sockets(int type = SOCK_STREAM) {
    std::array<int, 2> both{-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, both.data()), 0);
    ours = Descriptor{both[0]};
    client = Descriptor{both[1]};
  }

  /// What can be read now: all of it from a stream, otherwise one packet.
  [[nodiscard]] std::string read() const {
    std::string all(1 << 20, '\0');
    const ssize_t got = ::recv(client.get(), all.data(), all.size(), 0);
    all.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return all;
  }

  Descriptor ours{-1};
  Descriptor client{-1};
};

/// A file that is on no disk.
std::shared_ptr<const StaticFile> fileWith(std::string_view content) {
  const int descriptor = ::memfd_create("ivr-test", MFD_CLOEXEC);
  EXPECT_EQ(::write(descriptor, content.data(), content.size()),
            static_cast<ssize_t>(content.size()));
  return std::make_shared<StaticFile>(descriptor, content.size());
}

/// What one attempt to send came to.
struct Attempt {
  Outbox::Sent sent;
  bool progress;
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

Attempt attempt(Outbox& outbox, int socket) {
  bool progress = false;
  const Outbox::Sent sent = outbox.sendTo(socket, progress);
  return {sent, progress};
}

TEST(Outbox, SendsTextsAndPartsOfFilesInTheirOrder) {
  const Sockets sockets;
  Outbox outbox;
  outbox.add("head ");
  outbox.add(FileSlice{.file = fileWith("0123456789"), .offset = 2, .length = 5});
  outbox.add(" tail");
  EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::all, true}));
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(sockets.read(), "head 23456 tail");
}

TEST(Outbox, SendsSmallTextsInOnePacket) {
  const Sockets sockets{SOCK_SEQPACKET};
  Outbox outbox;
  outbox.add("head ");
  outbox.add("and body");
  EXPECT_EQ(attempt(outbox, sockets.ours.get()).sent, Outbox::Sent::all);
  EXPECT_EQ(sockets.read(), "head and body");
}

TEST(Outbox, DoesNotCopyALargeTextToTheEndOfAnother) {
  const Sockets sockets{SOCK_SEQPACKET};
  Outbox outbox;
  outbox.add("head ");
  outbox.add(std::string(64 << 10, 'x'));
  EXPECT_EQ(attempt(outbox, sockets.ours.get()).sent, Outbox::Sent::all);
  EXPECT_EQ(sockets.read(), "head ");
  EXPECT_EQ(sockets.read().size(), std::size_t{64 << 10});
}

TEST(Outbox, HasNothingToSendOfWhatIsEmpty) {
  const Sockets sockets;
  Outbox outbox;
  outbox.add("");
  outbox.add(FileSlice{.file = fileWith("file")});
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::all, false}));
}

TEST(Outbox, GoesOnWhereTheSocketTookNoMore) {
  std::string text;
  for (int i = 0; text.size() < 4 * kAtOnce; ++i) text += std::to_string(i) + ' ';
  for (const bool isFile : {false, true}) {
    const Sockets sockets;
    Outbox outbox;
    if (isFile) {
      outbox.add(FileSlice{.file = fileWith(text), .length = text.size()});
    } else {
      outbox.add(text);
    }
    const auto sendOn = [&] {
      while (attempt(outbox, sockets.ours.get()).sent == Outbox::Sent::enough) {
      }
    };
    sendOn();
    EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::blocked, false}));
    std::string received;
    for (std::string piece; !(piece = sockets.read()).empty(); sendOn()) received += piece;
    EXPECT_TRUE(outbox.empty());
    EXPECT_TRUE(received == text) << "of " << text.size() << " bytes came " << received.size();
  }
}

TEST(Outbox, LetsOthersHaveTheirTurnAfterEnoughBytes) {
  const Descriptor takesEverything{::memfd_create("ivr-test", MFD_CLOEXEC)};  // unlike a socket
  Outbox outbox;
  outbox.add(FileSlice{.file = fileWith(std::string(2 * kAtOnce + 1, 'x')),  //
                       .length = 2 * kAtOnce + 1});
  EXPECT_EQ(attempt(outbox, takesEverything.get()), (Attempt{Outbox::Sent::enough, true}));
  EXPECT_EQ(::lseek(takesEverything.get(), 0, SEEK_CUR), static_cast<off_t>(kAtOnce));
  EXPECT_EQ(attempt(outbox, takesEverything.get()), (Attempt{Outbox::Sent::enough, true}));
  EXPECT_EQ(attempt(outbox, takesEverything.get()), (Attempt{Outbox::Sent::all, true}));
}

TEST(Outbox, SaysThatTheClientIsGone) {
  Sockets sockets;
  sockets.client = Descriptor{-1};
  Outbox outbox;
  outbox.add("too late");
  EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::broken, false}));
}

TEST(Outbox, SaysThatAFileEndedTooSoon) {
  const Sockets sockets;
  Outbox outbox;
  outbox.add(FileSlice{.file = fileWith("short"), .length = 6});
  EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::broken, true}));
  EXPECT_EQ(sockets.read(), "short");
}

}  // namespace
