// TWIML.md sections 1.1 to 1.4, and the verbs that are no questions and dial nobody.

#include "phone/scripted_application.hpp"
#include "phone/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using phone::Activity;
using rest::CallStatus;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kApology = "We are sorry, an application error has occurred. Goodbye.";

// 1.1 Syntax.

TEST(Document, VerbsAreExecutedFromTopToBottom) {
  PhoneWorld world;
  world.say("<Say>One</Say><Pause length=\"2\"/><Say>Two</Say>");
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Two")) << world.story();
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
}

TEST(Document, AnotherRootIsAnError) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::typed("text/xml", "<Answer><Say>One</Say></Answer>");
  });
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12102")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre(kApology));
}

TEST(Document, WhatIsNoXmlIsAnError) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::typed("text/xml", "<Response><Say>One</Response>");
  });
  const std::string sid = world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12100")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre(kApology));
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
}

TEST(Document, MoreThan64KilobytesAreAnError) {
  PhoneWorld world;
  world.say("<Say>" + std::string(70'000, 'a') + "</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11750")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre(kApology));
}

TEST(Document, AnEmptyAnswerIsAnError) {
  PhoneWorld world;
  world.application->answer(
      "/voice", [](const SeenRequest&) { return ScriptedApplication::typed("text/xml", ""); });
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11770")) << world.story();
}

// WEBHOOKS.md 2.2: uncertain whether a 204 is an empty document or an error. It is an error here:
// the dictionary has a code for it, and a test should show what may go wrong.
TEST(Document, AnAnswerWithoutContentIsAnError) {
  PhoneWorld world;
  world.application->status("/voice", 204);
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11770")) << world.story();
}

TEST(Document, AnEmptyResponseHangsUp) {
  PhoneWorld world;
  world.say("");
  const std::string sid = world.call();
  EXPECT_THAT(world.codes(), IsEmpty()) << world.story();
  EXPECT_THAT(world.texts(Happening::says), IsEmpty());
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
}

TEST(Document, WhitespaceAroundATextMeansNothing) {
  PhoneWorld world;
  world.say("<Say>\n  One\n</Say><Redirect>\n /next \n</Redirect>");
  world.application->say("/next", "<Say>Two</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Two")) << world.story();
}

TEST(Document, ReferencesAreDecoded) {
  PhoneWorld world;
  world.say("<Redirect>/next?a=1&amp;b=2</Redirect>");
  world.application->say("/next", "<Say>Fish &amp; chips</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Fish & chips")) << world.story();
  EXPECT_EQ(world.application->seen().back().url, at("/next?a=1&b=2"));
}

// 1.2 Execution.

TEST(Document, ItsEndHangsUp) {
  PhoneWorld world;
  world.say("<Say>One</Say>");
  const std::string sid = world.call();
  EXPECT_EQ(world.view(sid).activity, Activity::ended) << world.story();
  EXPECT_THAT(world.texts(Happening::hungUp), IsEmpty());
}

TEST(Document, WhatIsBehindRedirectIsNotReached) {
  PhoneWorld world;
  world.say("<Redirect>/next</Redirect><Say>One</Say>");
  world.application->say("/next", "<Say>Two</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Two")) << world.story();
}

TEST(Document, WhatIsBehindRejectIsNotReached) {
  PhoneWorld world;
  world.say("<Reject/><Say>One</Say>");
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::says), IsEmpty()) << world.story();
  EXPECT_EQ(world.view(sid).status, CallStatus::noAnswer);
}

TEST(Document, WhatIsBehindHangupIsNotReached) {
  PhoneWorld world;
  world.say("<Say>One</Say><Hangup/><Say>Two</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
}

// Uncertain: an unknown verb is skipped with a warning, and the rest is executed.
TEST(Document, AnUnknownVerbIsSkippedWithAWarning) {
  PhoneWorld world;
  world.say("<Sing>La</Sing><Say>One</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12200")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
  EXPECT_THAT(world.texts(Happening::notPlayed), ElementsAre(HasSubstr("Sing")));
}

TEST(Document, AVerbInTheWrongCaseIsNoVerb) {
  PhoneWorld world;
  world.say("<say>One</say><Say>Two</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12200")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Two"));
}

TEST(Document, AnUnknownAttributeIsAWarning) {
  PhoneWorld world;
  world.say("<Say volume=\"high\">One</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12200")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
}

TEST(Document, AVerbWithAnElementThatDoesNotBelongThereIsExecutedWithoutIt) {
  PhoneWorld world;
  world.say("<Pause length=\"3\"><Say>One</Say></Pause><Say>Two</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12200")) << world.story();
  EXPECT_THAT(world.texts(Happening::pauses), ElementsAre("3000 ms"));
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Two"));
}

// Uncertain which value is used: it is the default here.
TEST(Document, AnInvalidValueIsAWarningAndTheDefaultIsUsed) {
  PhoneWorld world;
  world.say("<Gather timeout=\"soon\"/><Say>Late</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("13313")) << world.story();
  EXPECT_EQ(world.first(Happening::says).at, 5s);
}

TEST(Document, AddressesAreRelativeToTheDocumentThatHoldsThem) {
  PhoneWorld world;
  world.say("<Redirect>menu/first</Redirect>");
  world.application->say("/menu/first", "<Redirect>second?a=1</Redirect>");
  world.application->say("/menu/second", "<Redirect>../third</Redirect>");
  world.application->say("/third", "<Say>One</Say>");
  world.call();
  EXPECT_THAT(world.application->paths(),
              ElementsAre("/voice", "/menu/first", "/menu/second", "/third"))
      << world.story();
}

// Uncertain: they are relative to where the document was found in the end.
TEST(Document, AfterAnHttpRedirectAddressesAreRelativeToTheLastOne) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return http::IncomingResponse{.status = 307, .headers = {{"Location", "/moved/voice"}}};
  });
  world.application->say("/moved/voice", "<Redirect>next</Redirect>");
  world.application->say("/moved/next", "<Say>One</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
}

TEST(Redirect, AnEmptyOneAsksForTheSameDocumentAgain) {
  PhoneWorld world;
  int times = 0;
  world.application->answer("/voice", [&](const SeenRequest&) {
    return ScriptedApplication::document(++times < 3 ? "<Say>Again</Say><Redirect/>" : "<Hangup/>");
  });
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Again", "Again")) << world.story();
}

TEST(Redirect, PostsUnlessItSaysOtherwise) {
  PhoneWorld world;
  world.say("<Redirect>/one</Redirect>");
  world.application->say("/one", "<Redirect method=\"GET\">/two</Redirect>");
  world.application->say("/two", "<Hangup/>");
  world.call();
  EXPECT_EQ(world.application->seen("/one").at(0).method, "POST");
  EXPECT_EQ(world.application->seen("/two").at(0).method, "GET");
}

// The provider has no limit. Without time between the documents there would be no end, so there is
// one here, with the code of too many redirects.
TEST(Redirect, AnEndlessOneEndsTheCall) {
  PhoneWorld world;
  world.say("<Redirect/>");
  const std::string sid = world.call();
  EXPECT_TRUE(world.view(sid).isOver()) << world.codes().size();
  EXPECT_THAT(world.codes(), ElementsAre("11215"));
  EXPECT_LE(world.application->seen().size(), 102U);
}

TEST(Redirect, AnEndlessOneThatTakesTimeEndsAtTheTimeLimit) {
  ProviderOptions options;
  options.keepsTimeline = false;
  PhoneWorld world{options};
  world.say("<Pause length=\"10\"/><Redirect/>");
  const std::string sid = world.call(5h);
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
  EXPECT_EQ(*world.view(sid).ended - *world.view(sid).answered, 4h);
}

TEST(Redirect, AnEndlessOneEndsACallThatNobodyAnswers) {
  PhoneWorld world;
  world.application->answerAfter(world.loop, 9s, "/voice", [](const SeenRequest&) {
    return ScriptedApplication::document("<Redirect/>");
  });
  const std::string sid = world.call(5h);
  EXPECT_TRUE(world.view(sid).isOver());
  EXPECT_FALSE(world.view(sid).answered);
}

// What answers a call.

TEST(Answering, TheFirstVerbAnswers) {
  for (const std::string verb :
       {"<Say>One</Say>", "<Gather/>", "<Hangup/>", "<Record/>", "<Dial>+14155550111</Dial>",
        "<Enqueue>q</Enqueue>", "<Dial><Conference>Room</Conference></Dial>", "<Sms>Hi</Sms>"}) {
    PhoneWorld world;
    world.say(verb);
    const std::string sid = world.call(10min);
    EXPECT_TRUE(world.view(sid).answered) << world.story();
    EXPECT_EQ(world.first(Happening::answered).at, 0s) << world.story();
  }
}

TEST(Answering, ALeadingPauseDelaysIt) {
  PhoneWorld world;
  world.say("<Pause length=\"7\"/><Say>One</Say>");
  world.call();
  EXPECT_EQ(world.first(Happening::answered).at, 7s) << world.story();
}

TEST(Answering, ALeadingRedirectLetsItRing) {
  PhoneWorld world;
  world.say("<Redirect>/next</Redirect>");
  world.application->say("/next", "<Reject reason=\"busy\"/>");
  const std::string sid = world.call();
  EXPECT_FALSE(world.view(sid).answered) << world.story();
  EXPECT_EQ(world.view(sid).status, CallStatus::busy);
}

TEST(Answering, AVerbThatIsSkippedDoesNotAnswer) {
  PhoneWorld world;
  world.say("<Sing/><Reject/>");
  const std::string sid = world.call();
  EXPECT_FALSE(world.view(sid).answered) << world.story();
}

TEST(Reject, IsBusyOrNotAnsweredByItsReason) {
  for (const auto& [reason, status] :
       {std::pair{"busy", CallStatus::busy}, std::pair{"rejected", CallStatus::noAnswer}}) {
    PhoneWorld world;
    world.say(std::string{"<Reject reason=\""} + reason + "\"/>");
    const std::string sid = world.call();
    EXPECT_EQ(world.view(sid).status, status) << world.story();
    EXPECT_FALSE(world.view(sid).answered);
  }
}

// Not documented: a call that is answered cannot be rejected any more, so that it ends.
TEST(Reject, EndsACallThatIsAnswered) {
  PhoneWorld world;
  world.say("<Say>One</Say><Reject/><Say>Two</Say>");
  const std::string sid = world.call();
  EXPECT_EQ(world.view(sid).status, CallStatus::completed) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
  EXPECT_THAT(world.codes(), ElementsAre("12200"));
}

TEST(Hangup, EvenAsTheFirstVerbItAnswers) {
  PhoneWorld world;
  world.say("<Hangup/>");
  const std::string sid = world.call();
  EXPECT_TRUE(world.view(sid).answered) << world.story();
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
}

// 1.3: defaults of action, of the verbs that are recorded steps here.

TEST(Connect, GoesOnBehindItOrWithItsAction) {
  PhoneWorld world;
  world.say(
      "<Connect><Stream url=\"wss://x.example\"/></Connect><Say>One</Say>"
      "<Connect action=\"/done\"><Stream url=\"wss://x.example\"/></Connect><Say>Two</Say>");
  world.application->say("/done", "<Say>Three</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Three")) << world.story();
  EXPECT_THAT(world.texts(Happening::notPlayed), Contains(HasSubstr("Connect")));
}

TEST(Start, TheNextVerbStartsAtOnce) {
  PhoneWorld world;
  world.say("<Start><Stream url=\"wss://x.example\"/></Start><Say>One</Say>");
  world.call();
  EXPECT_EQ(world.first(Happening::says).at, 0s) << world.story();
  EXPECT_THAT(world.texts(Happening::notPlayed), ElementsAre(HasSubstr("Start")));
}

TEST(Start, HangsUpIfNothingFollows) {
  PhoneWorld world;
  world.say("<Start><Stream url=\"wss://x.example\"/></Start>");
  const std::string sid = world.call();
  EXPECT_EQ(world.view(sid).status, CallStatus::completed) << world.story();
}

TEST(Refer, IsForSipAlone) {
  PhoneWorld world;
  world.say("<Refer><Sip>sip:a@example.com</Sip></Refer><Say>One</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("13801")) << world.story();
}

TEST(Refer, TellsItsActionHowItWent) {
  PhoneWorld world;
  world.say("<Refer action=\"/done\"><Sip>sip:a@example.com</Sip></Refer>");
  world.application->say("/done", "<Hangup/>");
  world.call(1h, "sip:caller@example.com");
  ASSERT_EQ(world.application->seen("/done").size(), 1U) << world.story();
  const Form fields = world.application->seen("/done")[0].fields;
  EXPECT_TRUE(fields.find("ReferCallStatus"));
  EXPECT_TRUE(fields.find("ReferSipResponseCode"));
}

TEST(Sms, SendsAMessageToTheCallerUnlessItSaysOtherwise) {
  PhoneWorld world;
  world.say("<Sms>One</Sms><Sms to=\"+14155550122\" from=\"+14155550123\">Two</Sms>");
  world.call();
  const auto messages = world.provider->messages();
  ASSERT_EQ(messages.size(), 2U) << world.story();
  EXPECT_EQ(messages[0].to, "+14155550100");
  EXPECT_EQ(messages[0].from, kOurNumber);
  EXPECT_EQ(messages[0].body, "One");
  EXPECT_EQ(messages[1].to, "+14155550122");
  EXPECT_EQ(messages[1].from, "+14155550123");
}

TEST(Leave, MeansNothingOutsideOfAQueue) {
  PhoneWorld world;
  world.say("<Leave/><Say>One</Say>");
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("12200")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
}

TEST(Document, WhatIsNotPlayedIsSaid) {
  for (const std::string verb : {"Pay", "Echo", "Stop"}) {
    PhoneWorld world;
    world.say('<' + verb + "/><Say>One</Say>");
    world.call();
    EXPECT_THAT(world.texts(Happening::notPlayed), ElementsAre(HasSubstr(verb))) << world.story();
    EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
  }
}

// WEBHOOKS.md 2.2: content types.

TEST(ContentType, XmlAndHtmlAreTwiml) {
  for (const char* type : {"text/xml", "application/xml", "text/html", "Text/XML; charset=utf-8"}) {
    PhoneWorld world;
    world.application->answer("/voice", [&](const SeenRequest&) {
      return ScriptedApplication::typed(type, "<Response><Say>One</Say></Response>");
    });
    world.call();
    EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
    EXPECT_THAT(world.codes(), IsEmpty());
  }
}

TEST(ContentType, PlainTextIsTwimlIfItIs) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::typed("text/plain", "<Response><Say>One</Say></Response>");
  });
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
}

TEST(ContentType, OtherPlainTextIsSpokenAndTheCallEnds) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::typed("text/plain", "Hello & <welcome>");
  });
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Hello & <welcome>")) << world.story();
  EXPECT_TRUE(world.view(sid).isOver());
}

TEST(ContentType, PlainTextOfBytesIsSpokenAsFarAsItIsText) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::typed("text/plain", std::string(65'536, '\xff'));
  });
  const std::string sid = world.call();
  world.wait(1h);
  EXPECT_EQ(world.texts(Happening::says).size(), 1U);
  EXPECT_TRUE(world.view(sid).isOver());
}

TEST(ContentType, SoundIsPlayedAndTheCallEnds) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/wav", silentWav(20s));  // more than 64 KB
  });
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::plays), ElementsAre(at("/voice"))) << world.story();
  EXPECT_EQ(*world.view(sid).ended, 20s);
  // It is not fetched again: the address may take no GET.
  EXPECT_THAT(world.application->paths(), ElementsAre("/voice"));
}

TEST(ContentType, AnAnswerWithoutOneIsAnError) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return http::IncomingResponse{.status = 200, .body = "<Response/>"};
  });
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11200")) << world.story();
}

// Types such as application/twiml+xml are uncertain: they are among the others here.
TEST(ContentType, AnotherOneIsAnError) {
  for (const char* type : {"application/json", "application/twiml+xml", "image/png"}) {
    PhoneWorld world;
    world.application->answer("/voice", [&](const SeenRequest&) {
      return ScriptedApplication::typed(type, "<Response><Say>One</Say></Response>");
    });
    world.call();
    EXPECT_THAT(world.codes(), ElementsAre("12300")) << world.story();
    EXPECT_THAT(world.texts(Happening::says), ElementsAre(kApology));
  }
}

// WEBHOOKS.md 1.7: fallback.

struct FallbackWorld : PhoneWorld {
  FallbackWorld() {
    NumberSettings with = number;
    with.fallbackUrl = at("/fallback");
    setNumber(with);
    application->say("/fallback", "<Say>Sorry</Say>");
  }
};

TEST(Fallback, IsAskedWithTheCodeAndTheAddressOfTheError) {
  FallbackWorld world;
  world.application->status("/voice", 500);
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("Sorry")) << world.story();
  ASSERT_EQ(world.application->seen("/fallback").size(), 1U);
  const Form fields = world.application->seen("/fallback")[0].fields;
  EXPECT_EQ(fields.get("ErrorCode"), "11217");
  EXPECT_EQ(fields.get("ErrorUrl"), at("/voice"));
  EXPECT_EQ(fields.get("From"), "+14155550100");
}

TEST(Fallback, IsAskedForDocumentsOfEveryKindOfError) {
  const std::vector<std::pair<std::string, ScriptedApplication::Answer>> cases{
      {"12100", [](const auto&) { return ScriptedApplication::typed("text/xml", "<Respo"); }},
      {"12300", [](const auto&) { return ScriptedApplication::typed("image/gif", "GIF"); }},
      {"11217", [](const auto&) { return http::IncomingResponse{.status = 404}; }},
      {"11216", [](const auto&) { return http::IncomingResponse{.status = 302}; }},
  };
  for (const auto& [code, answer] : cases) {
    FallbackWorld world;
    world.application->answer("/voice", answer);
    world.call();
    EXPECT_THAT(world.codes(), ElementsAre(code)) << world.story();
    EXPECT_EQ(world.application->seen("/fallback").at(0).fields.get("ErrorCode"), code);
  }
}

TEST(Fallback, IsAskedForADocumentInTheMiddleOfACall) {
  FallbackWorld world;
  world.say("<Say>One</Say><Redirect>/gone</Redirect>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "Sorry")) << world.story();
}

TEST(Fallback, ThatFailsItselfEndsInTheApology) {
  FallbackWorld world;
  world.application->status("/voice", 500);
  world.application->status("/fallback", 500);
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre(kApology)) << world.story();
  EXPECT_THAT(world.codes(), ElementsAre("11217", "11217"));
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
}

TEST(Fallback, IsAskedWithItsOwnMethod) {
  FallbackWorld world;
  NumberSettings with = world.number;
  with.fallbackMethod = HttpMethod::get;
  world.setNumber(with);
  world.application->status("/voice", 500);
  world.call();
  EXPECT_EQ(world.application->seen("/fallback").at(0).method, "GET");
  EXPECT_EQ(world.application->seen("/fallback").at(0).fields.get("ErrorCode"), "11217");
}

TEST(Fallback, WithoutOneTheApologyIsHeardAndTheCallEnds) {
  PhoneWorld world;
  world.application->status("/voice", 503);
  const std::string sid = world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre(kApology)) << world.story();
  EXPECT_TRUE(world.view(sid).answered);
  EXPECT_EQ(world.view(sid).status, CallStatus::completed);
}

// Uncertain in detail: the body of an error is never executed.
TEST(Fallback, TheDocumentOfAnErrorIsNotExecuted) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    auto answer = ScriptedApplication::document("<Say>One</Say>");
    answer.status = 500;
    return answer;
  });
  world.call();
  EXPECT_THAT(world.texts(Happening::says), Not(Contains("One"))) << world.story();
}

// Rules of order (issue 15).

TEST(Order, AHangUpWhileAWebhookIsUnderWayDiscardsItsAnswer) {
  PhoneWorld world;
  world.say("<Say>One</Say><Redirect>/slow</Redirect>");
  world.application->answerAfter(world.loop, 3s, "/slow", [](const SeenRequest&) {
    return ScriptedApplication::document("<Say>Two</Say>");
  });
  const std::string sid = world.call(2s);
  ASSERT_EQ(world.view(sid).activity, Activity::fetching) << world.story();
  EXPECT_TRUE(world.provider->hangUp(sid));
  world.wait(1min);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
  EXPECT_EQ(world.entries(Happening::twiml).size(), 1U);
  EXPECT_EQ(world.provider->requests(), 0U);
}

TEST(Order, KeysOutsideOfAGatherAreLostAndTheTimelineSaysSo) {
  PhoneWorld world;
  world.say("<Say>A long text that takes its time</Say>");
  const std::string sid = world.call(1s);
  EXPECT_TRUE(world.provider->press(sid, "12"));
  EXPECT_TRUE(world.provider->say(sid, {.words = "Hello?"}));
  world.wait(1min);
  EXPECT_THAT(world.texts(Happening::lost), ElementsAre("1", "Hello?", "2")) << world.story();
}

TEST(Order, WhoSeesAnEntryMayActAndComesAfterIt) {
  ProviderOptions options;
  Provider* provider = nullptr;
  options.onEntry = [&](const Entry& entry) {
    if (entry.what == Happening::pressed) provider->hangUp(entry.callSid);
  };
  PhoneWorld world{options};
  provider = world.provider.get();
  world.say("<Gather numDigits=\"1\" action=\"/choice\"/>");
  const std::string sid = world.call(1s);
  EXPECT_TRUE(world.provider->press(sid, "1"));
  world.wait(1min);
  EXPECT_TRUE(world.view(sid).isOver()) << world.story();
  EXPECT_THAT(world.application->paths(), ElementsAre("/voice"));
}

}  // namespace
