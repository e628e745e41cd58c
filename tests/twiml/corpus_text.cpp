// Texts and values that are hard to get right.

#include "twiml/corpus.hpp"

namespace ivr::support {

using namespace ivr::twiml;

using namespace std::chrono_literals;

std::vector<CorpusDocument> textDocuments() {
  return {
      {"text_special_characters",
       Twiml{Say{R"(Tom & Jerry's "1 < 2 > 0" ]]> <!-- no --> <![CDATA[no]]> <?no?>)"},
             Redirect{"/a?b=1&c=<2>&d='3'&e=\"4\""}}},
      {"text_special_characters_in_attributes",
       Twiml{Gather{.action = R"(/a?b=1&c=<2>&d='3'&e="4"&f=]]>)",
                    .hints = R"(Tom & Jerry's, "quoted", <b>, a > b)"}}},
      {"text_that_looks_escaped", Twiml{Say{"&amp; &lt; &#38; &#x26; &nbsp; &unknown; & ;"},
                                        Gather{.action = "/a?b=1&amp;c=&lt;2&quot;"}}},
      {"text_that_looks_like_markup", Twiml{Say{"</Say><Hangup/></Response>"}, Hangup{}}},
      {"text_umlauts", Twiml{Say{.text = "Grüß Gott! Für Öl drücken Sie die Ä-Taste.",
                                 .language = SayLanguage::deDe},
                             Play{"/audio/grüße.mp3?für=ä"}}},
      {"text_emoji", Twiml{Say{"📞 Bonjour ☕️ 👨‍👩‍👧‍👦 🇩🇪 👍🏽"},
                           Gather{.action = "/📞", .hints = "☕️, 🍕", .prompt = {Say{"🍕?"}}}}},
      {"text_of_many_scripts",
       Twiml{
           Say{"日本語 한국어 中文 العربية עברית Ελληνικά हिन्दी ไทย Tiếng Việt 𝔉𝔯𝔞𝔨𝔱𝔲𝔯 e\u0301"}}},
      {"text_invisible_characters",
       Twiml{Say{"no\u00A0break, \u200Bzero, soft\u00ADhyphen, mark\uFEFFmark, "
                 "right-to-left\u200F, line\u2028line, next\u0085line, delete\u007F"},
             Gather{.action = "/\u00A0\u200B\u00AD\uFEFF\u200F\u2028\u0085\u007F"}}},
      {"text_at_the_ends_of_unicode",
       Twiml{Say{"\u0020\u007E\u0080\u07FF\u0800\uD7FF\uE000\uFFFD\U00010000\U0010FFFF"}}},
      {"text_white_space", Twiml{Say{"  two blanks, \t a tab,\n a line,\r\n another,\r the last  "},
                                 Say{"\r"}, Say{"\r\n"}, Say{"\n\r"}}},
      {"text_white_space_in_attributes",
       Twiml{Gather{.action = "  two blanks, \t a tab,\n a line,\r\n another,\r the last  ",
                    .finishOnKey = " ",
                    .hints = "\t",
                    .partialResultCallback = "\n",
                    .speechModel = "\r"}}},
      {"text_blanks_only",
       Twiml{Say{" "}, Play{"\n"}, Redirect{"\t"}, Sms{" \n "}, Dial{"  "},
             Dial{.nouns = {Number{" "}, Client{.identity = "\t"}, Sip{.uri = "\n"}}}}},
      {"text_lines_around_it",
       Twiml{Dial{.nouns = {Number{"\n    +14155550100\n  "}}}, Play{"\n  /audio/a.mp3\n"}}},
      {"text_empty", Twiml{Say{""}, Play{""}, Redirect{""}, Sms{""}, Dial{""}, Enqueue{""},
                           Dial{.nouns = {Number{""}, Client{""}, Conference{""}}},
                           Say{{SsmlEmphasis{""}, SsmlS{}, SsmlSub{.alias = ""}}}}},
      {"text_empty_attributes",
       Twiml{Gather{.action = "", .finishOnKey = "", .hints = "", .speechModel = ""},
             Enqueue{.action = "", .waitUrl = ""},
             Start{.nouns = {Stream{.name = "", .nouns = {Parameter{.name = "", .value = ""}}}}}}},
      {"text_one_text_in_pieces", Twiml{Say{{"one ", "", "text", ""}}}},
      {"text_long", Twiml{Say{std::string(4096, 'a')}}},
      {"numbers_at_their_limits",
       Twiml{Say{.text = "a", .loop = 1000}, Play{.url = "/a.mp3", .loop = 0}, Pause{1s},
             Record{.maxLength = 86400s, .timeout = 0s}, Enqueue{.maxQueueSize = 2147483647},
             Dial{.timeLimit = 86400s,
                  .timeout = 600s,
                  .nouns = {Conference{.name = "a", .maxParticipants = 250}}}}},
  };
}

}  // namespace ivr::support
