// The limit of the machine: one thread that answers whatever it reads with a fixed text. It parses
// nothing and checks nothing, so no server can be faster.
//
//   epoll PORT FILE        FILE holds the body of the answer

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int require(int result, const char* what) {
  if (result >= 0) return result;
  perror(what);
  std::exit(1);
}

int listenOn(std::uint16_t port) {
  const int listener = require(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  require(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  require(::listen(listener, 4096), "listen");
  return listener;
}

void watch(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  require(::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: epoll PORT FILE\n";
    return 2;
  }
  std::ifstream file{argv[2], std::ios::binary};
  const std::string body{std::istreambuf_iterator<char>{file}, {}};
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\nConnection: keep-alive\r\n\r\n" +
                             body;
  const int epoll = require(::epoll_create1(0), "epoll_create1");
  const int listener = listenOn(static_cast<std::uint16_t>(std::atoi(argv[1])));
  watch(epoll, listener);

  epoll_event events[128];
  char input[1 << 16];
  while (true) {
    const int count = ::epoll_wait(epoll, events, 128, -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[i].data.fd;
      if (socket == listener) {
        const int client = require(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK), "accept");
        const int on = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, client);
        continue;
      }
      const bool isOpen = ::recv(socket, input, sizeof input, 0) > 0 &&
                          ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) > 0;
      if (!isOpen) ::close(socket);
    }
  }
}
