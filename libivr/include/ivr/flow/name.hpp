#pragma once
// The words of a flow: states, parties and events, as names that the compiler knows and as the text
// that stands in addresses, stores and drawings.
//
//   constexpr Actor customer{"customer"};
//   constexpr flow::State incoming{"incoming"};
//   constexpr Event wantsVoicemail{"wants_voicemail", customer};
//   constexpr Event hangsUp{"hangs_up", statusOf(customer)};
//
// A text is 1 to 64 of `a-z 0-9 _`. Another one does not compile in a constant, and throws
// `Error{usage}` elsewhere. It must live as long as what is made of it, as a literal does.
//
// Threads: values.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ivr::flow {

namespace detail {

inline constexpr std::size_t kMaxName = 64;

[[noreturn]] void refuseName(std::string_view text);

/// `text`, if it can be a name.
constexpr std::string_view nameFrom(std::string_view text) {
  const bool isName =
      !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
  if (!isName) refuseName(text);
  return text;
}

}  // namespace detail

/// What a call is at the moment: `voicemail`. The model keeps its text.
class State {
 public:
  explicit constexpr State(std::string_view text) : text_(detail::nameFrom(text)) {}

  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

  friend constexpr bool operator==(State, State) noexcept = default;
  /// `ticket.state == voicemail`.
  friend constexpr bool operator==(State state, std::string_view text) noexcept {
    return state.text_ == text;
  }

 private:
  std::string_view text_;
};

/// A party of the call: `customer`. Its webhooks have an address of their own.
class Actor {
 public:
  explicit constexpr Actor(std::string_view text) : text_(detail::nameFrom(text)) {}

  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

  friend constexpr bool operator==(Actor, Actor) noexcept = default;

 private:
  std::string_view text_;
};

/// Who sends an event. A party can send its own and no others.
class Sender {
 public:
  enum class Kind {
    actor,        ///< A party: the address of the event stands in a document that it hears.
    status,       ///< The provider, when the status of that party's call changes.
    redirect,     ///< The application, by moving a live call to the address of the event.
    application,  ///< The application, by itself; the event has no address.
  };

  constexpr Sender(Actor actor) noexcept  // NOLINT(google-explicit-constructor): `{"x", customer}`
      : Sender(Kind::actor, actor.text()) {}
  constexpr Sender(Kind kind, std::string_view actor) noexcept : kind_(kind), actor_(actor) {}

  [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
  /// The text of the party; empty where there is none.
  [[nodiscard]] constexpr std::string_view actor() const noexcept { return actor_; }

  friend constexpr bool operator==(Sender, Sender) noexcept = default;

 private:
  Kind kind_;
  std::string_view actor_;
};

/// The status callbacks of a party's call.
[[nodiscard]] constexpr Sender statusOf(Actor actor) noexcept {
  return {Sender::Kind::status, actor.text()};
}
inline constexpr Sender kRedirect{Sender::Kind::redirect, {}};
inline constexpr Sender kApplication{Sender::Kind::application, {}};

/// Something that happens: `hangs_up`. Within a flow, a text is one event with one sender.
class Event {
 public:
  constexpr Event(std::string_view text, Sender sender)
      : text_(detail::nameFrom(text)), sender_(sender) {}

  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
  [[nodiscard]] constexpr Sender sender() const noexcept { return sender_; }

  friend constexpr bool operator==(Event, Event) noexcept = default;
  friend constexpr bool operator==(Event event, std::string_view text) noexcept {
    return event.text_ == text;
  }

 private:
  std::string_view text_;
  Sender sender_;
};

}  // namespace ivr::flow

namespace ivr {
using flow::Actor;
using flow::Event;
using flow::kApplication;
using flow::kRedirect;
}  // namespace ivr
