#pragma once
// A telephone on a line under test, and what the person who holds it does.

#include "ivr/phone/call_view.hpp"
#include "ivr/phone/timeline.hpp"
#include "ivr/rest/calls.hpp"
#include "ivr/session/session.hpp"

#include <chrono>
#include <iosfwd>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::test {

class Handset;
class LineCore;

/// One telephone: that of a caller (`Line::call`), or one that the application may call
/// (`Line::phone`), with the newest of its calls.
///
/// An act lets time pass, for all calls of the line, until this telephone's call is at rest again:
/// it is asked a question whose prompts are over, is recorded, talks, waits in a queue, is in a
/// conference, hears ringing, or is over; and until nothing more happens at that moment. A question
/// or a recording that this telephone had before the act is over by then, so digits that belong
/// together are pressed in one act: `press("12")`.
///
/// An act is a failure of the test, with the timeline of the call, if it makes no sense (the call
/// is over), does not end within `LineOptions::actLimit`, or leads to documents without end in
/// which nothing is heard.
///
/// A handle, cheap to copy; copies are the same telephone. It keeps what it needs of its line, but
/// can do nothing once the line has ended. Threads: that of the line.
class Phone {
 public:
  using Where = std::source_location;

  // What the person does.

  /// Presses keys one after the other: `0-9 A-D * #`, and the pauses `w` (half a second) and `W` (a
  /// second).
  Phone& press(std::string_view keys, Where where = Where::current());

  Phone& say(std::string_view words, Where where = Where::current());

  /// Says something that nobody understands: it is heard as speech, with little confidence, and is
  /// none of the hints.
  Phone& cough(Where where = Where::current());

  /// Does nothing until something happens: the question, the recording, the conversation or the
  /// wait that was under way is over.
  Phone& silence(Where where = Where::current());

  /// Does nothing for that long, wherever that leads.
  Phone& wait(std::chrono::milliseconds duration, Where where = Where::current());

  Phone& hangUp(Where where = Where::current());

  /// Answers; lets time pass first until it rings.
  Phone& answer(Where where = Where::current());

  /// Refuses the call: busy; lets time pass first until it rings.
  Phone& refuse(Where where = Where::current());

  // What there is.

  /// Whether it has a call, or had one. Nothing else here but `number` and `heard` makes sense
  /// before that: the others throw `Error{usage}`.
  [[nodiscard]] bool hasCall() const;

  /// Its number, or `client:ann`.
  [[nodiscard]] const std::string& number() const noexcept;

  [[nodiscard]] phone::CallView view() const;
  [[nodiscard]] std::string sid() const;
  [[nodiscard]] rest::CallStatus status() const;

  /// Texts that it has heard since its last act began, said by the provider or by other parties.
  [[nodiscard]] std::vector<std::string> heard() const;
  /// The same of the whole call.
  [[nodiscard]] std::vector<std::string> everythingHeard() const;

  /// The addresses of files that were played to it since its last act began.
  [[nodiscard]] std::vector<std::string> played() const;
  /// The same of the whole call.
  [[nodiscard]] std::vector<std::string> everythingPlayed() const;

  /// The addresses to which the application moved its live call, in order.
  [[nodiscard]] std::vector<std::string> movedTo() const;

  /// The address at which the provider requests `path`, a path of the application.
  [[nodiscard]] std::string addressOf(std::string_view path) const;

  /// What the application remembers about its call: a copy, as last saved.
  [[nodiscard]] Session session() const;

  /// A struct of that session.
  template <class T>
  [[nodiscard]] T session() const {
    return session().as<T>();
  }

  /// The timeline of its call.
  [[nodiscard]] phone::Timeline timeline() const;

  /// The timeline as one would tell it, a line each, and the warnings and errors in the log of the
  /// application.
  [[nodiscard]] std::string story() const;

 private:
  friend class Line;
  Phone(std::shared_ptr<LineCore> line, std::shared_ptr<Handset> handset) noexcept;

  std::shared_ptr<LineCore> line_;
  std::shared_ptr<Handset> handset_;
};

/// Prints its story.
std::ostream& operator<<(std::ostream& out, const Phone& phone);

}  // namespace ivr::test
