#include "server/outbox.hpp"

#include "core/descriptor.hpp"

#include <algorithm>
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
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

TEST(Outbox, SendsNowWhatTheSocketTakes) {
  const Sockets sockets;
  Outbox outbox;
  outbox.sendNow(sockets.ours.get(), "all");
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(sockets.read(), "all");
}

TEST(Outbox, KeepsTheRestOfWhatItSendsNow) {
  const Sockets sockets;
  Outbox outbox;
  std::string text(1 << 20, 'x');
  text += "end";
  outbox.sendNow(sockets.ours.get(), text);
  EXPECT_FALSE(outbox.empty());
  std::string got = sockets.read();
  EXPECT_GT(got.size(), 0U);
  while (!outbox.empty()) {
    EXPECT_NE(attempt(outbox, sockets.ours.get()).sent, Outbox::Sent::broken);
    got += sockets.read();
  }
  EXPECT_EQ(got, text);
}

TEST(Outbox, SendsNowNothingThatWouldOvertakeWhatWaits) {
  const Sockets sockets;
  Outbox outbox;
  outbox.add("first ");
  outbox.sendNow(sockets.ours.get(), "second");
  EXPECT_EQ(attempt(outbox, sockets.ours.get()).sent, Outbox::Sent::all);
  EXPECT_EQ(sockets.read(), "first second");
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

/// A file whose bytes come from a function, as they do when it may change.
class ReadFile final : public StaticFile {
 public:
  explicit ReadFile(std::string content) : StaticFile(-1, content.size()), content_(content) {}
  [[nodiscard]] std::string readSome(std::uint64_t offset, std::uint64_t length) const override {
    return content_.substr(offset, std::min<std::uint64_t>(length, 1000));
  }

 private:
  std::string content_;
};

TEST(Outbox, SendsAFileWithoutADescriptorPieceByPiece) {
  std::string text;
  for (int i = 0; text.size() < 2 * kAtOnce; ++i) text += std::to_string(i) + ' ';
  const Sockets sockets;
  Outbox outbox;
  outbox.add("head ");
  outbox.add(FileSlice{.file = std::make_shared<ReadFile>(text), .offset = 3, .length = kAtOnce});
  outbox.add(" tail");
  std::string received;
  while (!outbox.empty()) {
    ASSERT_NE(attempt(outbox, sockets.ours.get()).sent, Outbox::Sent::broken);
    received += sockets.read();
  }
  received += sockets.read();
  EXPECT_TRUE(received == "head " + text.substr(3, kAtOnce) + " tail");
}

TEST(Outbox, SaysThatAFileCanNoLongerBeRead) {
  const Sockets sockets;
  Outbox outbox;
  outbox.add(FileSlice{.file = std::make_shared<ReadFile>("short"), .length = 6});
  EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::broken, true}));
  EXPECT_EQ(sockets.read(), "short");
}

/// A connection on the loopback whose client reads nothing.
struct TcpSockets {
  TcpSockets() {
    const Descriptor listening{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    EXPECT_EQ(::bind(listening.get(), address, size), 0);
    EXPECT_EQ(::listen(listening.get(), 1), 0);
    EXPECT_EQ(::getsockname(listening.get(), address, &size), 0);
    EXPECT_EQ(::connect(client.get(), address, size), 0);
    ours = Descriptor{::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  }

  Descriptor client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  Descriptor ours{-1};
};

TEST(Outbox, LeavesLittleOfAFileWithTheKernelForAClientThatDoesNotRead) {
  const std::string text(8 << 20, 'x');
  for (const auto& file :
       {fileWith(text), std::shared_ptr<const StaticFile>{std::make_shared<ReadFile>(text)}}) {
    const TcpSockets sockets;
    Outbox outbox;
    outbox.add(FileSlice{.file = file, .length = text.size()});
    while (attempt(outbox, sockets.ours.get()).sent == Outbox::Sent::enough) {
    }
    int unsent = 0;
    EXPECT_EQ(::ioctl(sockets.ours.get(), SIOCOUTQNSD, &unsent), 0);
    EXPECT_LE(unsent, 256 << 10);
    EXPECT_FALSE(outbox.empty());
  }
}

TEST(Outbox, SaysThatAFileEndedTooSoon) {
  const Sockets sockets;
  Outbox outbox;
  outbox.add(FileSlice{.file = fileWith("short"), .length = 6});
  EXPECT_EQ(attempt(outbox, sockets.ours.get()), (Attempt{Outbox::Sent::broken, true}));
  EXPECT_EQ(sockets.read(), "short");
}

}  // namespace
