#include "twiml/corpus.hpp"

namespace ivr::support {

using namespace ivr::twiml;

using namespace std::chrono_literals;

std::vector<CorpusDocument> ssmlDocuments() {
  return {
      {"ssml_code",
       Twiml{Say{{"Your code is ",
                  SsmlSayAs{.text = "1234", .interpretAs = SsmlInterpretAs::digits},
                  SsmlBreak{.time = 500ms}, " Goodbye."}}}},
      {"ssml_attributes_of_say",
       Twiml{Gather{
           .numDigits = 1,
           .prompt = {Say{.text = {SsmlS{"Press one."}, SsmlS{"Press two."}},
                          .language = SayLanguage::enUs,
                          .loop = 3,
                          .voice = SayVoice::pollyJoannaNeural}}}}},
      {"ssml_break", Twiml{Say{{"One", SsmlBreak{}, "two",
                                SsmlBreak{.strength = SsmlBreakStrength::xStrong}, "three",
                                SsmlBreak{.time = 10000ms}, "four",
                                SsmlBreak{.strength = SsmlBreakStrength::none, .time = 0ms}}}}},
      {"ssml_say_as",
       Twiml{Say{{SsmlSayAs{.text = "24.12.", .format = SsmlDateFormat::dm,
                            .interpretAs = SsmlInterpretAs::date},
                  " at ", SsmlSayAs{.text = "1'21\"", .interpretAs = SsmlInterpretAs::time},
                  ", spelt ",
                  SsmlSayAs{.text = "a<b", .interpretAs = SsmlInterpretAs::spellOut}}}}},
      {"ssml_phoneme",
       Twiml{Say{{"I say ",
                  SsmlPhoneme{.text = "pecan",
                              .alphabet = SsmlPhonemeAlphabet::ipa,
                              .ph = "pɪˈkɑːn"},
                  ", you say ",
                  SsmlPhoneme{.text = "pecan",
                              .alphabet = SsmlPhonemeAlphabet::xSampa,
                              .ph = "\"pi.k{n"}}}}},
      {"ssml_sub", Twiml{Say{{SsmlSub{.text = "Al", .alias = "Aluminium & more"}, " is a metal."}}}},

      // ---- Each element that holds others, with all that it may hold
      {"ssml_in_say",
       Twiml{Say{{SsmlBreak{.strength = SsmlBreakStrength::weak},
                  SsmlEmphasis{.text = "now", .level = SsmlEmphasisLevel::strong},
                  SsmlLang{.text = "Bonjour", .xmlLang = SsmlLanguage::frFr}, SsmlP{"A paragraph."},
                  SsmlPhoneme{.text = "tomato", .ph = "təˈmɑːtəʊ"},
                  SsmlProsody{
                      .text = "Louder", .pitch = "+10%", .rate = "85%", .volume = "+6dB"},
                  SsmlS{"A sentence."}, SsmlSayAs{.text = "5", .interpretAs = "ordinal"},
                  SsmlSub{.text = "W3C", .alias = "World Wide Web Consortium"},
                  SsmlW{.text = "read", .role = "amazon:VBD"}}}}},
      {"ssml_in_emphasis",
       Twiml{Say{{SsmlEmphasis{
           .text = {"Very ", SsmlBreak{}, SsmlEmphasis{"very"}, SsmlLang{"wichtig"},
                    SsmlPhoneme{"x"}, SsmlProsody{"y"}, SsmlSayAs{"z"}, SsmlSub{"1"}, SsmlW{"2"},
                    " important."},
           .level = SsmlEmphasisLevel::reduced}}}}},
      {"ssml_in_lang",
       Twiml{Say{{"She said: ",
                  SsmlLang{.text = {SsmlBreak{}, SsmlEmphasis{"Je"}, SsmlLang{"ne"}, SsmlP{"sais"},
                                    SsmlPhoneme{"pas"}, SsmlProsody{"ce"}, SsmlS{"que"},
                                    SsmlSayAs{"je"}, SsmlSub{"veux"}, SsmlW{"dire"}},
                           .xmlLang = SsmlLanguage::frCa}}}}},
      {"ssml_in_p",
       Twiml{Say{{SsmlP{{"It ", SsmlBreak{}, SsmlEmphasis{"is"}, SsmlLang{"a"}, SsmlPhoneme{"long"},
                         SsmlProsody{"one"}, SsmlS{"with"}, SsmlSayAs{"many"}, SsmlSub{"more"},
                         SsmlW{"words"}, "."}}}}}},
      {"ssml_in_prosody",
       Twiml{Say{{SsmlProsody{
           .text = {"So ", SsmlBreak{}, SsmlEmphasis{"slow"}, SsmlLang{"and"}, SsmlP{"so"},
                    SsmlPhoneme{"low"}, SsmlProsody{.text = "that", .volume = "x-soft"},
                    SsmlS{"nobody"}, SsmlSayAs{"hears"}, SsmlSub{"it"}, SsmlW{"here"}},
           .pitch = "low",
           .rate = "slow",
           .volume = "soft"}}}}},
      {"ssml_in_s",
       Twiml{Say{{SsmlS{{"One ", SsmlBreak{}, SsmlEmphasis{"two"}, SsmlLang{"three"},
                         SsmlPhoneme{"four"}, SsmlProsody{"five"}, SsmlSayAs{"six"},
                         SsmlSub{"seven"}, SsmlW{"eight"}, "."}}}}}},
      {"ssml_in_w",
       Twiml{Say{{SsmlW{.text = {"re", SsmlBreak{}, SsmlEmphasis{"a"}, SsmlPhoneme{"d"},
                                 SsmlProsody{"i"}, SsmlSayAs{"n"}, SsmlSub{"g"}},
                        .role = "amazon:SENSE_1"}}}}},

      {"ssml_deep",
       Twiml{Say{{SsmlP{{SsmlS{
                       {SsmlProsody{
                            .text = {SsmlLang{
                                .text = {SsmlEmphasis{
                                    .text = {SsmlW{.text = {SsmlSayAs{
                                                       .text = "deep",
                                                       .interpretAs = SsmlInterpretAs::expletive}},
                                                   .role = "amazon:NN"}},
                                    .level = SsmlEmphasisLevel::moderate}},
                                .xmlLang = SsmlLanguage::enGb}},
                            .rate = "x-fast"},
                        "."}}}},
                  SsmlP{"Up again."}}}}},
      {"ssml_blanks_between_elements",
       Twiml{Say{{" ", SsmlS{" One. "}, " ", SsmlS{"\n"}, "\n  ",
                  SsmlP{{"\t", SsmlEmphasis{" two "}, " ", SsmlEmphasis{"three"}, " "}}, "  "}}}},
      {"ssml_in_parts", [] {
         Say say;
         say.text.append("You have ");
         say.text.append(SsmlSayAs{.text = "3", .interpretAs = SsmlInterpretAs::cardinal});
         say.text.append(" new");
         say.text.append(" messages.");
         return Twiml{say};
       }()},
  };
}

}  // namespace ivr::support
