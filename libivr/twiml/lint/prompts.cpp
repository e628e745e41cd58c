// What is said and played, and whether the questions of a Gather are answered the way it awaits.

#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

#include <array>
#include <optional>
#include <vector>

namespace ivr::twiml {

namespace {

// ---- Say and Play

void checkSay(const Element& say, Lint& lint) {
  const std::string_view voice = say.value("voice").value_or("");
  const bool isGoogle = voice.starts_with("Google.");
  const std::size_t most = isGoogle ? 5000 : voice.starts_with("Polly.") ? 3000 : 4096;
  const auto texts = lint.document().textsIn(say);
  std::size_t length = 0;
  for (const Text& text : texts) length += text.text.size();
  if (isGoogle) length = say.content.size();
  if (length > most) {
    lint.report("too-much-to-say", say,
                "the text is " + std::to_string(length) + " bytes long, and this voice speaks " +
                    std::to_string(most));
  }
  if (texts.empty() && say.inside == 0) {
    lint.report("nothing-to-say", say, "there is nothing to say");
  }
  for (const Text& text : texts) {
    constexpr std::array<std::string_view, 8> kEscapes{"&amp;",  "&lt;",  "&gt;",   "&quot;",
                                                       "&apos;", "&#39;", "&#x27;", "&nbsp;"};
    const bool isTwice = std::ranges::any_of(kEscapes, [&](std::string_view escape) {
      return text.text.find(escape) != std::string_view::npos;
    });
    if (isTwice) {
      lint.report("escaped-twice", text,
                  "the text has been escaped twice: the caller hears the name of the escape");
    }
  }
}

void checkPlay(const Element& play, Lint& lint) {
  const bool isInGather = play.parent->name == "Gather";
  const Attribute* const digits = play.find("digits");
  if (isInGather && digits != nullptr) {
    lint.report("keys-in-gather", play, "keys cannot be played in a <Gather>");
  }
  if (digits != nullptr && !isEveryOneOf(digits->value, kTones)) {
    lint.report("play-digits", *digits, "digits must be of 0-9, A-D, #, *, w and W");
  }
  if (digits == nullptr && lint.document().textsIn(play).empty()) {
    lint.report("nothing-to-play", play, "there is neither a file nor digits to play");
  }
}

// ---- Questions

/// The words of a prompt, in lower case. `#`, `*` and numbers are words, too.
std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char c : text) {
    const char letter = lowerCase(c);
    const bool isDigit = letter >= '0' && letter <= '9';
    const bool isLetter = (letter >= 'a' && letter <= 'z') || (c & 0x80) != 0 || c == '\'';
    if (c == '#' || c == '*') {
      end();
      words.emplace_back(1, c);
    } else if (isDigit || isLetter) {
      const bool isNumber = !word.empty() && word.back() >= '0' && word.back() <= '9';
      if (!word.empty() && isNumber != isDigit) end();
      word += letter;
    } else {
      end();
    }
  }
  end();
  return words;
}

constexpr std::array<std::string_view, 13> kNumbers{"zero", "one",    "two",   "three", "four",
                                                    "five", "six",    "seven", "eight", "nine",
                                                    "ten",  "eleven", "twelve"};

std::optional<int> numberIn(const std::string& word) {
  if (const auto number = numberFrom<int>(word)) return number;
  const auto found = std::ranges::find(kNumbers, word);
  if (found == kNumbers.end()) return std::nullopt;
  return static_cast<int>(found - kNumbers.begin());
}

bool isPound(std::string_view word) { return word == "pound" || word == "hash" || word == "#"; }
bool isStar(std::string_view word) { return word == "star" || word == "asterisk" || word == "*"; }
bool isKey(const std::string& word) {
  const auto number = numberIn(word);
  return isPound(word) || isStar(word) || (number && *number >= 0 && *number <= 9);
}

/// What a prompt asks for, as far as its words say so for sure.
struct Question {
  bool asksForOneKey = false;  ///< "Press one for sales": each choice is one key.
  bool offersPound = false;    ///< "Press pound to hear this again."
  bool endsWithPound = false;  ///< "... followed by the pound key."
  bool asksForSpeech = false;  ///< "Say yes or no."
  std::optional<int> digits;   ///< "Enter your four-digit code."
};

bool isAt(const std::vector<std::string>& words, std::size_t at,
          std::initializer_list<std::string_view> wanted) {
  return words.size() - at >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), words.begin() + static_cast<std::ptrdiff_t>(at));
}

Question questionOf(const std::vector<std::string>& words) {
  Question question;
  bool asksForMore = false;  // a number, a code
  bool asksTwice = false;    // for two numbers of digits, or one of two
  const bool saysDone = std::ranges::any_of(words, [](std::string_view word) {
    return isOneOf(word, {"done", "finished", "finish", "complete", "end"});
  });
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    const std::string_view next = at + 1 < words.size() ? std::string_view{words[at + 1]} : "";
    if (isOneOf(word, {"enter", "type", "digits", "digit", "pin", "code", "extension"})) {
      asksForMore = true;
    }
    if (isOneOf(word, {"press", "push", "hit", "dial"})) {
      std::size_t key = at + 1;
      while (key < words.size() && isOneOf(words[key], {"the", "key", "number", "a"})) ++key;
      if (key >= words.size()) continue;
      if (numberIn(words[key]).value_or(0) > 9) asksForMore = true;
      if (!isKey(words[key])) continue;
      const bool isAlone = key + 1 >= words.size() || !isKey(words[key + 1]);
      if (isPound(words[key])) {
        std::size_t behind = key + 1;
        if (behind < words.size() && isOneOf(words[behind], {"key", "sign"})) ++behind;
        const bool leads = behind < words.size() && isOneOf(words[behind], {"to", "for"});
        const bool ends =
            !leads && (saysDone || (at > 0 && isOneOf(words[at - 1], {"then", "and"})));
        (ends ? question.endsWithPound : question.offersPound) = true;
      } else if (isAlone && !isStar(words[key])) {
        question.asksForOneKey = true;
      } else {
        asksForMore = true;
      }
    }
    if ((word == "followed" && next == "by") || (word == "ending" && next == "with") ||
        (word == "end" && next == "with") || (word == "finish" && next == "with")) {
      const std::size_t last = std::min(at + 6, words.size());
      for (std::size_t key = at + 2; key < last; ++key) {
        if (isPound(words[key])) question.endsWithPound = true;
      }
      asksForMore = true;
    }
    if (word == "digit" || word == "digits") {
      const auto count = at > 0 ? numberIn(words[at - 1]) : std::nullopt;
      if (count) {
        const bool isRange = at > 1 && isOneOf(words[at - 2], {"to", "or", "through"});
        if (isRange || (question.digits && *question.digits != *count)) asksTwice = true;
        question.digits = count;
      }
    }
    const bool mayBeAsked =
        word == "say" &&
        (at == 0 || isOneOf(words[at - 1], {"please", "or", "just", "can", "may"}));
    if ((mayBeAsked && next != "goodbye") || isAt(words, at, {"say", "yes"}) ||
        isAt(words, at, {"tell", "me"}) || isAt(words, at, {"speak", "your"})) {
      question.asksForSpeech = true;
    }
  }
  if (asksForMore) question.asksForOneKey = false;
  if (asksTwice) question.digits.reset();
  return question;
}

bool isEnglish(const Element& say) {
  const std::string language = lowerCase(say.value("language").value_or("en"));
  const std::string_view voice = say.value("voice").value_or("");
  return language.starts_with("en") &&
         (!voice.starts_with("Google.") || voice.starts_with("Google.en"));
}

void checkQuestion(const Element& gather, Lint& lint) {
  std::string prompt;
  for (const Element& say : gather.children()) {
    if (say.name != "Say") continue;
    if (!isEnglish(say)) return;
    (prompt += lint.document().textIn(say)) += " . ";
  }
  if (prompt.empty()) return;
  const Question question = questionOf(wordsOf(prompt));
  const std::string_view input = gather.value("input").value_or("dtmf");
  const bool awaitsKeys = input.find("dtmf") != std::string_view::npos;
  const bool awaitsSpeech = input.find("speech") != std::string_view::npos;
  const Attribute* const numDigits = gather.find("numDigits");
  const auto count = numDigits == nullptr ? std::nullopt : numberFrom<int>(numDigits->value);

  if (!awaitsKeys && awaitsSpeech && (question.asksForOneKey || question.digits)) {
    lint.report("asks-for-keys", *gather.find("input"),
                "the prompt asks for keys, and with input=\"speech\" only speech is awaited");
    return;
  }
  if (awaitsKeys && !awaitsSpeech && question.asksForSpeech) {
    lint.report(
        "asks-for-speech", gather,
        "the prompt asks the caller to speak, and without input=\"speech\" or \"dtmf speech\" "
        "only keys are awaited");
  }
  if (!awaitsKeys) return;
  if (question.asksForOneKey && !question.endsWithPound && count && *count > 1) {
    lint.report("asks-for-one-key", *numDigits,
                "the prompt asks for one key, and " + std::to_string(*count) +
                    " are awaited: the caller waits for the timeout");
  }
  if (question.digits && count && *question.digits > 1 && !question.asksForOneKey) {
    const bool areTooMany = *count > *question.digits && !question.endsWithPound;
    if (*count < *question.digits || areTooMany) {
      lint.report("asks-for-more-keys", *numDigits,
                  "the prompt asks for " + std::to_string(*question.digits) + " digits, and " +
                      std::to_string(*count) + (*count == 1 ? " is awaited" : " are awaited"));
    }
  }
  const Attribute* const finish = gather.find("finishOnKey");
  if (finish != nullptr && finish->value != "#" && question.endsWithPound && count != 1) {
    lint.report("asks-for-pound", *finish,
                finish->value.empty()
                    ? "the prompt says that the pound key ends the input, and no key does"
                    : "the prompt says that the pound key ends the input, and another key does");
  }
  if (question.offersPound && !question.endsWithPound &&
      (finish == nullptr || finish->value == "#")) {
    lint.report(
        "pound-ends-input", gather,
        "the prompt offers the pound key as a choice, but it ends the input and is no part of "
        "it; finishOnKey=\"\" makes it a key as any other");
  }
}

constexpr Rule kRules[] = {
    {.id = "nothing-to-say",
     .code = "13520",
     .elements = "Say",
     .check = checkSay,
     .summary = "Say without a text",
     .why = "The caller hears nothing. Often a value was missing when the text was made.",
     .bad = "<Say> </Say><Hangup/>",
     .good = "<Say>Hello.</Say><Hangup/>"},
    {.id = "too-much-to-say",
     .code = "13521",
     .summary = "more text than the voice speaks",
     .why =
         "The basic voices speak 4,096 bytes, Polly 3,000, Google 5,000 with the tags; the rest is "
         "not heard, or nothing is. Divide the text."},
    {.id = "escaped-twice",
     .summary = "a text that was escaped twice",
     .why = "The caller hears the names of the escapes: \"fish and amp semicolon chips\".",
     .bad = "<Say>Fish &amp;amp; chips</Say>",
     .good = "<Say>Fish &amp; chips</Say>"},
    {.id = "keys-in-gather",
     .code = "13320",
     .elements = "Play",
     .check = checkPlay,
     .summary = "keys played in a Gather",
     .why = "The provider passes over it.",
     .bad = "<Gather action='/choice'><Play digits='1'/></Gather><Hangup/>",
     .good = "<Gather action='/choice'><Play>/one.mp3</Play></Gather><Hangup/>"},
    {.id = "play-digits",
     .code = "13430",
     .summary = "digits with what is no key",
     .why = "The provider plays no keys at all.",
     .bad = "<Play digits='1-2'/>",
     .good = "<Play digits='1w2'/>"},
    {.id = "nothing-to-play",
     .summary = "Play without a file and without digits",
     .why = "The caller hears nothing. Often a value was missing when the text was made.",
     .bad = "<Play/>",
     .good = "<Play>/hello.mp3</Play>"},
    {.id = "asks-for-one-key",
     .elements = "Gather",
     .check = checkQuestion,
     .summary = "a prompt that asks for one key, where several are awaited",
     .why =
         "The caller presses it, and then waits for the timeout in silence. Prompts in English are "
         "understood.",
     .bad =
         "<Gather action='/choice' numDigits='2'><Say>For lunch press one.</Say></Gather><Hangup/>",
     .good = "<Gather action='/choice' numDigits='1'><Say>For lunch press "
             "one.</Say></Gather><Hangup/>"},
    {.id = "asks-for-more-keys",
     .summary = "a prompt that asks for another number of digits than are awaited",
     .why = "With fewer the rest goes to the next question; with more the caller waits for the "
            "timeout.",
     .bad = "<Gather action='/pin' numDigits='1'><Say>Enter your four digit "
            "PIN.</Say></Gather><Hangup/>",
     .good = "<Gather action='/pin' numDigits='4'><Say>Enter your four digit "
             "PIN.</Say></Gather><Hangup/>"},
    {.id = "asks-for-pound",
     .summary = "a prompt that says the pound key ends the input, where it does not",
     .why = "It becomes a part of the input, and the caller waits for the timeout.",
     .bad = "<Gather action='/pin' finishOnKey=''><Say>Enter your PIN, followed by the pound "
            "key.</Say>"
            "</Gather><Hangup/>",
     .good = "<Gather action='/pin' finishOnKey='#'><Say>Enter your PIN, followed by the pound "
             "key.</Say>"
             "</Gather><Hangup/>"},
    {.id = "pound-ends-input",
     .summary = "a prompt that offers the pound key as a choice, where it ends the input",
     .why = "Alone it counts as no input at all: the caller's choice is passed over.",
     .bad = "<Gather action='/choice' numDigits='1'><Say>Press pound to hear this "
            "again.</Say></Gather>"
            "<Hangup/>",
     .good = "<Gather action='/choice' numDigits='1' finishOnKey=''><Say>Press pound to hear this "
             "again."
             "</Say></Gather><Hangup/>"},
    {.id = "asks-for-keys",
     .summary = "a prompt that asks for keys, where speech alone is awaited",
     .why = "Keys do nothing; the caller who presses one waits.",
     .bad = "<Gather action='/choice' input='speech'><Say>For lunch press "
            "one.</Say></Gather><Hangup/>",
     .good = "<Gather action='/choice' input='dtmf speech'><Say>For lunch press one.</Say></Gather>"
             "<Hangup/>"},
    {.id = "asks-for-speech",
     .summary = "a prompt that asks the caller to speak, where keys alone are awaited",
     .why = "By default a Gather awaits keys: nobody listens.",
     .bad = "<Gather action='/choice'><Say>Please say yes or no.</Say></Gather><Hangup/>",
     .good = "<Gather action='/choice' input='speech'><Say>Please say yes or "
             "no.</Say></Gather><Hangup/>"},
};

}  // namespace

std::span<const Rule> promptRules() { return kRules; }

}  // namespace ivr::twiml
