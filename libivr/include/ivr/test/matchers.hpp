#pragma once
// Matchers of GoogleMock for what a telephone hears and where it is:
//
//   EXPECT_THAT(caller, Hears("press one"));
//   EXPECT_THAT(caller, AllOf(HasHeard("goodbye"), HungUp()));
//
// One that fails prints the timeline of the call. Texts are compared without regard to case and to
// the length of blanks.

#include "ivr/phone/call_view.hpp"
#include "ivr/test/phone.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <string>
#include <string_view>

namespace ivr::test {

using PhoneMatcher = ::testing::Matcher<const Phone&>;
using QuestionMatcher = ::testing::Matcher<const phone::Question&>;

/// `text` is part of what the phone has heard since its last act, from the provider or from others.
[[nodiscard]] PhoneMatcher Hears(std::string_view text);
/// The same of the whole call.
[[nodiscard]] PhoneMatcher HasHeard(std::string_view text);

/// A file was played to it since its last act whose address contains `part`: `/hours.mp3`.
[[nodiscard]] PhoneMatcher Plays(std::string_view part);
/// The same of the whole call.
[[nodiscard]] PhoneMatcher HasPlayed(std::string_view part);

/// It is asked a question, whose prompts are over.
[[nodiscard]] PhoneMatcher IsAsked();
/// The same, with a matcher of the question: `IsAsked(Field(&phone::Question::numDigits, 5))`.
[[nodiscard]] PhoneMatcher IsAsked(QuestionMatcher question);

/// Its call is over: either side has ended it.
[[nodiscard]] PhoneMatcher HungUp();

/// Both are in the same conference.
[[nodiscard]] PhoneMatcher InConferenceWith(const Phone& other);
/// Each hears what the other one says.
[[nodiscard]] PhoneMatcher TalksTo(const Phone& other);
[[nodiscard]] PhoneMatcher InQueue(std::string_view name);

/// The application moved its live call to `path`, a path of the application or the whole address;
/// a query in the address may be left out.
[[nodiscard]] PhoneMatcher Transferred(std::string_view path);

/// Lets `duration` pass, as `Phone::wait` does: nothing is said or played to it meanwhile.
[[nodiscard]] PhoneMatcher HearsNothingFor(std::chrono::milliseconds duration);

}  // namespace ivr::test
