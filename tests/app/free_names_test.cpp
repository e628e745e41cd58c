// An application may say `using namespace ivr` and keep its own nouns.

#include "ivr/ivr.hpp"

#include <gtest/gtest.h>

using namespace ivr;

// None of these is ambiguous below, so none of them is in ivr.
struct Agent {};
struct Callback {};
struct Caller {};
struct CallEnd {};
struct Client {};
struct Conference {};
struct ConferenceResource {};
struct Connect {};
struct Customer {};
struct Handler {};
struct Language {};
struct Lease {};
struct Member {};
struct Menu {};
struct Message {};
struct Mode {};
struct Number {};
struct Options {};
struct Outcome {};
struct Page {};
struct Participant {};
struct Prompt {};
struct Queue {};
struct Reader {};
struct Recording {};
struct Reject {};
struct Room {};
struct Schedule {};
struct Start {};
struct Store {};
struct Stream {};
struct Task {};
struct Ticket {};
struct Transport {};
struct Url {};
struct Voice {};
struct Worker {};

namespace {

template <class... Own>
constexpr std::size_t count() {
  return sizeof...(Own);
}

TEST(NamesOfAnApplication, AreFree) {
  constexpr std::size_t free =
      count<Agent, Callback, Caller, CallEnd, Client, Conference, ConferenceResource, Connect,
            Customer, Handler, Language, Lease, Member, Menu, Message, Mode, Number, Options,
            Outcome, Page, Participant, Prompt, Queue, Reader, Recording, Reject, Room, Schedule,
            Start, Store, Stream, Task, Ticket, Transport, Url, Voice, Worker>();
  EXPECT_EQ(free, 37U);
}

}  // namespace
