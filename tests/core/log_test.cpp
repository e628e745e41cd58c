#include "ivr/core/log.hpp"

#include <array>
#include <gmock/gmock.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace ivr;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Values;

struct TextPair {
  std::string input;
  std::string expected;
  friend void PrintTo(const TextPair& pair, std::ostream* out) {
    *out << testing::PrintToString(pair.input);
  }
};

class MaskNumber : public testing::TestWithParam<TextPair> {};

TEST_P(MaskNumber, KeepsOnlyALeadingPlusAndTheLastTwo) {
  EXPECT_EQ(maskNumber(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, MaskNumber,
    Values(TextPair{"+14155550100", "+*********00"}, TextPair{"14155550100", "*********00"},
           TextPair{"+123456", "+****56"},  // the shortest number of which any digits are kept
           TextPair{"+12345", "******"},    //
           TextPair{"123456", "******"},    //
           TextPair{"100", "***"},          //
           TextPair{"+", "*"},              //
           TextPair{"", ""},                //
           TextPair{"client:alice", "**********ce"},
           TextPair{"sip:alice@example.com", "*******************om"}));

class MaskNumbersIn : public testing::TestWithParam<TextPair> {};

TEST_P(MaskNumbersIn, MasksWhatLooksLikeANumber) {
  EXPECT_EQ(maskNumbersIn(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, MaskNumbersIn,
    Values(TextPair{"+14155550100", "+***********"},                        //
           TextPair{"5550100", "*******"},                                  // seven digits
           TextPair{"from +1 (415) 555-0100.", "from +* (***) ***-****."},  //
           TextPair{"415.555.0100 or 415/555/0100", "***.***.**** or ***/***/****"},
           TextPair{"card 4111 1111 1111 1111 it is", "card **** **** **** **** it is"},
           TextPair{"sip:14155550100@example.com", "sip:***********@example.com"},
           TextPair{"From=14155550100&To=14155550101", "From=***********&To=***********"},
           TextPair{"4155550100 2nd time", "********** 2nd time"},
           TextPair{"4155550100 CA12 called", "********** CA12 called"},
           TextPair{"tel4155550100x and x4155550100", "tel**********x and x**********"},
           TextPair{"call 1048577 times", "call ******* times"}));

INSTANTIATE_TEST_SUITE_P(
    Others, MaskNumbersIn,
    Values(TextPair{"", ""},                              //
           TextPair{"no number here", "no number here"},  //
           TextPair{"555010", "555010"},                  // six digits
           TextPair{"press 1, then 2, then 3", "press 1, then 2, then 3"},
           TextPair{"CA12345678901234567890123456789012", "CA12345678901234567890123456789012"},
           TextPair{"the data has 1048577 bytes", "the data has 1048577 bytes"},
           TextPair{"after 1234567 ms.", "after 1234567 ms."},
           TextPair{"/a.mp3?v=1234567890abcdef1234567890123456",
                    "/a.mp3?v=1234567890abcdef1234567890123456"}));

TEST(MaskNumbersIn, KeepsTheLengthOfAnyText) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  EXPECT_EQ(maskNumbersIn(bytes + bytes).size(), 512U);
}

TEST(JsonOf, SplitsALineIntoItsFields) {
  EXPECT_EQ(jsonOf(R"(step state=Welcome us=85 error="a \"b\" \\c")"),
            R"({"event":"step","state":"Welcome","us":"85","error":"a \"b\" \\c"})");
  EXPECT_EQ(jsonOf("stopping: finishing what is in flight"),
            R"({"event":"stopping: finishing what is in flight"})");
  EXPECT_EQ(jsonOf("two words a=1"), R"({"event":"two words","a":"1"})");
  EXPECT_EQ(jsonOf(""), R"({"event":""})");
}

TEST(JsonOf, IsJsonWhateverTheLineIs) {
  std::string bytes = " a=\"";
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  for (const std::string& line :
       {bytes, std::string{"="}, std::string{" =\"\\"}, std::string{" a="}}) {
    EXPECT_TRUE(nlohmann::json::accept(jsonOf(line))) << jsonOf(line);
  }
}

class OneLine : public testing::TestWithParam<TextPair> {};

TEST_P(OneLine, LeavesNoControlCharacter) {
  EXPECT_EQ(oneLine(GetParam().input), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Vectors, OneLine,
                         Values(TextPair{"plain text", "plain text"},             //
                                TextPair{"one\ntwo\r\nthree", "one?two??three"},  //
                                TextPair{std::string{"a\0b\x1b[31m\x7f\t", 10}, "a?b?[31m??"},
                                TextPair{"\xC2\x9B\xFF\xE2\x80\xAE", "???"},
                                TextPair{"Gr\xC3\xBC\xC3\x9F", "Gr\xC3\xBC\xC3\x9F"}));

TEST(OneLine, EndsLongTextInDots) { EXPECT_EQ(oneLine("abcdef", 5), "abcde..."); }

TEST(OneLine, EndsLongTextBetweenCharacters) {
  EXPECT_EQ(oneLine("ab\xF0\x9F\x93\x9E.", 2), "ab...");
  EXPECT_EQ(oneLine("ab\xF0\x9F\x93\x9E.", 3), "ab...");
  EXPECT_EQ(oneLine("ab\xF0\x9F\x93\x9E.", 5), "ab...");
  EXPECT_EQ(oneLine("ab\xF0\x9F\x93\x9E.", 6), "ab\xF0\x9F\x93\x9E...");
}

TEST(OneLine, KeepsTextThatJustFits) { EXPECT_EQ(oneLine("abcde", 5), "abcde"); }

/// What `write` writes to standard error.
template <class F>
std::string stderrOf(F&& write) {
  testing::internal::CaptureStderr();
  write();
  return testing::internal::GetCapturedStderr();
}

/// Standard error goes into a pipe while this lives.
class StderrPipe {
 public:
  StderrPipe() : before_(::dup(STDERR_FILENO)) {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(::pipe(ends.data()), 0);
    out_ = ends[0];
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
  }
  StderrPipe(const StderrPipe&) = delete;
  StderrPipe& operator=(const StderrPipe&) = delete;
  ~StderrPipe() {
    restore();
    ::close(out_);
  }

  /// What is read until it ends so.
  [[nodiscard]] std::string waitFor(std::string_view end) const {
    std::string text;
    while (!text.ends_with(end) && readMore(text)) {
    }
    return text;
  }

  /// Everything, read while `last` writes the last of it.
  template <class F>
  [[nodiscard]] std::string readAllOf(F last) {
    std::string text;
    {
      const std::jthread reader{[&] {
        while (readMore(text)) {
        }
      }};
      last();
      restore();  // the end of the pipe
    }
    return text;
  }

 private:
  bool readMore(std::string& text) const {
    std::array<char, 4096> piece{};
    const ssize_t got = ::read(out_, piece.data(), piece.size());
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  void restore() {
    if (before_ < 0) return;
    ::dup2(before_, STDERR_FILENO);
    ::close(std::exchange(before_, -1));
  }

  int before_;
  int out_ = -1;
};

TEST(LogToStderr, WritesOneLineWithTimeAndLevel) {
  const std::string text = stderrOf([] { logToStderr()(LogLevel::warning, "the line"); });
  EXPECT_THAT(text, ContainsRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+-]+ warning +the line\n$"));
}

TEST(LogToStderr, TakesBracesAsTheyAre) {
  EXPECT_THAT(stderrOf([] { logToStderr()(LogLevel::error, "{} {0} %s"); }),
              HasSubstr("{} {0} %s"));
}

TEST(LogToStderr, DropsWhatIsBelowItsThreshold) {
  EXPECT_THAT(stderrOf([] { logToStderr(LogLevel::warning)(LogLevel::info, "quiet"); }), IsEmpty());
}

TEST(LogToStderr, WritesWhatIsAtItsThreshold) {
  EXPECT_THAT(stderrOf([] { logToStderr(LogLevel::debug)(LogLevel::debug, "detail"); }),
              HasSubstr("detail"));
}

TEST(LogToStderr, LogsWithDifferentThresholdsShareNothing) {
  const std::string text = stderrOf([] {
    const Log all = logToStderr(LogLevel::debug);
    const Log errors = logToStderr(LogLevel::error);
    all(LogLevel::debug, "heard");
    errors(LogLevel::warning, "silent");
  });
  EXPECT_THAT(text, HasSubstr("heard"));
  EXPECT_THAT(text, Not(HasSubstr("silent")));
}

TEST(LogToStderr, WritesAnErrorAtOnceAndWhatCameBeforeItToo) {
  const Log log = logToStderr();
  const std::string text = stderrOf([&] {
    log(LogLevel::info, "before");
    log(LogLevel::error, "error");
  });
  EXPECT_THAT(text, ContainsRegex("before\n.* error +error\n$"));
}

TEST(LogToStderr, WritesOtherLinesSoonWithoutBeingAsked) {
  const StderrPipe pipe;
  const Log log = logToStderr();
  log(LogLevel::info, "the line");
  EXPECT_THAT(pipe.waitFor("the line\n"), HasSubstr("the line"));
}

TEST(LogToStderr, KeepsTheOrderOfLines) {
  std::string expected;
  const std::string text = stderrOf([&] {
    const Log log = logToStderr();
    for (int i = 0; i < 1000; ++i) {
      const std::string line = "<" + std::to_string(i) + ">";
      log(i % 100 == 99 ? LogLevel::error : LogLevel::info, line);
      expected += line;
    }
  });
  std::string order;
  for (std::size_t at = 0; (at = text.find('<', at)) != text.npos; ++at) {
    order += text.substr(at, text.find('>', at) + 1 - at);
  }
  EXPECT_EQ(order, expected);
}

TEST(LogToStderr, LeavesOutAndCountsWhatStandardErrorDoesNotTake) {
  StderrPipe pipe;  // full after 64 KiB
  auto log = std::make_unique<Log>(logToStderr());
  const std::string line(10'000, 'x');
  constexpr int kLines = 500;  // five megabytes
  for (int i = 0; i < kLines; ++i) (*log)(LogLevel::info, line);
  const std::string text = pipe.readAllOf([&] { log.reset(); });
  int whole = 0;
  int leftOut = 0;  // said once, or more often if the reader is as slow as the writer
  constexpr std::string_view kLeftOut = "log lines left out=";
  std::istringstream lines{text};
  for (std::string each; std::getline(lines, each);) {
    const std::size_t at = each.find(kLeftOut);
    if (at == each.npos) {
      ++whole;
    } else {
      leftOut += std::stoi(each.substr(at + kLeftOut.size()));
    }
  }
  EXPECT_GT(leftOut, 0);
  EXPECT_EQ(whole + leftOut, kLines);
}

TEST(LogJsonToStderr, WritesAnObjectWithTimeAndLevel) {
  const std::string text =
      stderrOf([] { logJsonToStderr()(LogLevel::info, "step state=Welcome us=85"); });
  EXPECT_THAT(text, ContainsRegex("^[{]\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}[+-]"
                                  "[0-9]{2}:[0-9]{2}\",\"level\":\"info\",\"event\":\"step\","
                                  "\"state\":\"Welcome\",\"us\":\"85\"[}]\n$"));
}

TEST(LogToStderr, LinesOfManyThreadsStayWhole) {
  constexpr int kThreads = 4;
  constexpr int kLines = 100;
  const std::string text = stderrOf([] {
    const Log log = logToStderr();
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int line = 0; line < kLines; ++line) log(LogLevel::info, "<whole line>");
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  std::size_t whole = 0;
  for (std::size_t at = 0; (at = text.find("<whole line>\n", at)) != text.npos; ++at) ++whole;
  EXPECT_EQ(whole, std::size_t{kThreads} * kLines);
}

TEST(LogNowhere, WritesNothing) {
  EXPECT_THAT(stderrOf([] { logNowhere()(LogLevel::error, "unheard"); }), IsEmpty());
}

}  // namespace
