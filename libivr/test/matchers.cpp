#include "ivr/test/matchers.hpp"

#include "test/line_core.hpp"
#include "test/texts.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

namespace ivr::test {

namespace {

using phone::Activity;
using phone::CallView;
using ::testing::MatcherInterface;
using ::testing::MatchResultListener;

/// The words of a matcher: "hears ..." and "does not hear ...".
struct Wording {
  std::string is;
  std::string isNot;
};

/// What a telephone is like: whether it matches, and why.
using Check = std::function<bool(const Phone&, MatchResultListener&)>;

class CheckMatcher final : public MatcherInterface<const Phone&> {
 public:
  CheckMatcher(Wording wording, Check check)
      : wording_(std::move(wording)), check_(std::move(check)) {}

  bool MatchAndExplain(const Phone& phone, MatchResultListener* listener) const override {
    return check_(phone, *listener);
  }
  void DescribeTo(std::ostream* out) const override { *out << wording_.is; }
  void DescribeNegationTo(std::ostream* out) const override { *out << wording_.isNot; }

 private:
  const Wording wording_;
  const Check check_;
};

PhoneMatcher checkMatcher(Wording wording, Check check) {
  return ::testing::MakeMatcher(new CheckMatcher{std::move(wording), std::move(check)});
}

/// The same for a call, which a telephone may not have.
PhoneMatcher callMatcher(Wording wording,
                         std::function<bool(const CallView&, MatchResultListener&)> check) {
  return checkMatcher(std::move(wording), [check = std::move(check)](
                                              const Phone& phone, MatchResultListener& listener) {
    if (phone.hasCall()) return check(phone.view(), listener);
    listener << "which nobody has called";
    return false;
  });
}

std::string quotedText(std::string_view text) { return '"' + std::string{text} + '"'; }

void tell(MatchResultListener& listener, std::string_view verb,
          const std::vector<std::string>& what) {
  listener << "which " << verb;
  if (what.empty()) listener << " nothing";
  const char* separator = " ";
  for (const std::string& one : what) {
    listener << separator << quotedText(one);
    separator = ", ";
  }
}

using Texts = std::vector<std::string> (Phone::*)() const;

PhoneMatcher textMatcher(Wording wording, std::string_view text, Texts texts,
                         std::string_view verb) {
  return checkMatcher(std::move(wording), [text = std::string{text}, texts, verb](
                                              const Phone& phone, MatchResultListener& listener) {
    const auto heard = (phone.*texts)();
    tell(listener, verb, heard);
    return isHeardIn(heard, text);
  });
}

PhoneMatcher fileMatcher(Wording wording, std::string_view part, Texts files,
                         std::string_view verb) {
  return checkMatcher(std::move(wording), [part = std::string{part}, files, verb](
                                              const Phone& phone, MatchResultListener& listener) {
    const auto played = (phone.*files)();
    tell(listener, verb, played);
    return std::ranges::any_of(played, [&](const std::string& address) {
      return address.find(part) != std::string::npos;
    });
  });
}

void tellActivity(MatchResultListener& listener, const CallView& call) {
  listener << "which is " << placeOf(call);
}

bool hearsWhatIsSaidBy(const CallView& hearer, const CallView& speaker) {
  return std::ranges::find(speaker.hearers, hearer.sid) != speaker.hearers.end();
}

PhoneMatcher askedMatcher(Wording wording, std::optional<QuestionMatcher> question) {
  return callMatcher(std::move(wording), [question = std::move(question)](
                                             const CallView& call, MatchResultListener& listener) {
    tellActivity(listener, call);
    if (call.activity != Activity::asked || !call.question) return false;
    if (!question) return true;
    listener << ", ";
    return question->MatchAndExplain(*call.question, &listener);
  });
}

/// Waits once, however often it is asked: GoogleMock asks again to explain.
class SilenceMatcher final : public MatcherInterface<const Phone&> {
 public:
  explicit SilenceMatcher(std::chrono::milliseconds duration) : duration_(duration) {}

  bool MatchAndExplain(const Phone& phone, MatchResultListener* listener) const override {
    if (!heard_) {
      Phone same = phone;
      same.wait(duration_);
      heard_ = same.heard();
      for (std::string& address : same.played()) heard_->push_back(std::move(address));
    }
    tell(*listener, "has heard", *heard_);
    return heard_->empty();
  }
  void DescribeTo(std::ostream* out) const override {
    *out << "hears nothing for " << phone::describe(duration_);
  }
  void DescribeNegationTo(std::ostream* out) const override {
    *out << "hears something within " << phone::describe(duration_);
  }

 private:
  const std::chrono::milliseconds duration_;
  mutable std::optional<std::vector<std::string>> heard_;
};

}  // namespace

PhoneMatcher Hears(std::string_view text) {
  return textMatcher({"hears " + quotedText(text), "does not hear " + quotedText(text)}, text,
                     &Phone::heard, "since its last act has heard");
}

PhoneMatcher HasHeard(std::string_view text) {
  return textMatcher({"has heard " + quotedText(text), "has never heard " + quotedText(text)}, text,
                     &Phone::everythingHeard, "has heard");
}

PhoneMatcher Plays(std::string_view part) {
  return fileMatcher({"is played " + quotedText(part), "is not played " + quotedText(part)}, part,
                     &Phone::played, "since its last act was played");
}

PhoneMatcher HasPlayed(std::string_view part) {
  return fileMatcher({"was played " + quotedText(part), "was never played " + quotedText(part)},
                     part, &Phone::everythingPlayed, "was played");
}

PhoneMatcher IsAsked() {
  return askedMatcher({"is asked a question", "is asked no question"}, std::nullopt);
}

PhoneMatcher IsAsked(QuestionMatcher question) {
  const std::string of = ::testing::DescribeMatcher<const phone::Question&>(question);
  return askedMatcher({"is asked a question that " + of, "is asked no question that " + of},
                      std::move(question));
}

PhoneMatcher HungUp() {
  return callMatcher({"has no call any more", "has its call still"},
                     [](const CallView& call, MatchResultListener& listener) {
                       tellActivity(listener, call);
                       return call.isOver();
                     });
}

PhoneMatcher InConferenceWith(const Phone& other) {
  return callMatcher(
      {"is in a conference with " + other.number(), "is in no conference with " + other.number()},
      [other](const CallView& call, MatchResultListener& listener) {
        tellActivity(listener, call);
        if (!call.conference.empty()) {
          listener << " (" << quotedText(call.conference) << ")";
        }
        if (!other.hasCall()) {
          listener << ", while nobody has called the other";
          return false;
        }
        const CallView others = other.view();
        listener << ", while the other is " << placeOf(others);
        if (!others.conference.empty()) {
          listener << " (" << quotedText(others.conference) << ")";
        }
        return !call.isOver() && !others.isOver() && !call.conference.empty() &&
               call.conference == others.conference;
      });
}

PhoneMatcher TalksTo(const Phone& other) {
  return callMatcher({"talks to " + other.number(), "does not talk to " + other.number()},
                     [other](const CallView& call, MatchResultListener& listener) {
                       tellActivity(listener, call);
                       if (!other.hasCall()) {
                         listener << ", while nobody has called the other";
                         return false;
                       }
                       const CallView others = other.view();
                       const bool hears = hearsWhatIsSaidBy(call, others);
                       const bool isHeard = hearsWhatIsSaidBy(others, call);
                       listener << (hears ? ", hears" : ", does not hear") << " the other, and is "
                                << (isHeard ? "" : "not ") << "heard there";
                       return hears && isHeard;
                     });
}

PhoneMatcher InQueue(std::string_view name) {
  return callMatcher(
      {"waits in the queue " + quotedText(name), "does not wait in the queue " + quotedText(name)},
      [name = std::string{name}](const CallView& call, MatchResultListener& listener) {
        tellActivity(listener, call);
        if (!call.queue.empty()) listener << " in the queue " << quotedText(call.queue);
        return !call.isOver() && call.queue == name;
      });
}

PhoneMatcher Transferred(std::string_view path) {
  return checkMatcher(
      {"was moved to " + quotedText(path), "was not moved to " + quotedText(path)},
      [path = std::string{path}](const Phone& phone, MatchResultListener& listener) {
        if (!phone.hasCall()) {
          listener << "which nobody has called";
          return false;
        }
        const auto addresses = phone.movedTo();
        tell(listener, "was moved to", addresses);
        const std::string wanted = phone.addressOf(path);
        return std::ranges::any_of(addresses, [&](const std::string& address) {
          return address == wanted || address.substr(0, address.find('?')) == wanted;
        });
      });
}

PhoneMatcher HearsNothingFor(std::chrono::milliseconds duration) {
  return ::testing::MakeMatcher(new SilenceMatcher{duration});
}

}  // namespace ivr::test
