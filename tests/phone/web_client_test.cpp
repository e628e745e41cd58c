// WEBHOOKS.md section 2: how requests are sent.

#include "phone/web_client.hpp"

#include "ivr/security/signature.hpp"
#include "phone/scripted_application.hpp"
#include "phone/sounds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace ivr;
using namespace ivr::phone;
using namespace ivr::support;
using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

http::IncomingResponse redirect(int status, const std::string& to) {
  return {.status = status, .headers = {{"Location", to}}};
}

/// The number's address has a fragment or credentials.
struct AddressWorld : PhoneWorld {
  explicit AddressWorld(const std::string& url, ProviderOptions options = {})
      : PhoneWorld(std::move(options)) {
    NumberSettings with = number;
    with.voiceUrl = url;
    setNumber(with);
  }
  [[nodiscard]] Entry webhook() const { return first(Happening::webhook); }
};

/// How often `/voice` is asked for, if it always fails like this.
std::size_t attempts(const std::string& fragment, const ScriptedApplication::LaterAnswer& answer) {
  AddressWorld world{at("/voice") + fragment};
  world.application->answerLater("/voice", answer);
  world.call();
  return world.application->seen("/voice").size();
}

Later<http::IncomingResponse> cannotConnect(const SeenRequest&) {
  return Later<http::IncomingResponse>{[](ivr::Answer<http::IncomingResponse> answer) {
    answer.fail(http::TransportError{ErrorKind::unavailable, "refused", /*mayHaveArrived=*/false});
  }};
}
Later<http::IncomingResponse> breaksOff(const SeenRequest&) {
  return Later<http::IncomingResponse>{[](ivr::Answer<http::IncomingResponse> answer) {
    answer.fail(http::TransportError{ErrorKind::unavailable, "reset", /*mayHaveArrived=*/true});
  }};
}
ScriptedApplication::LaterAnswer answers(int status) {
  return [status](const SeenRequest&) {
    return Later<http::IncomingResponse>{http::IncomingResponse{.status = status}};
  };
}

// Requests.

TEST(Webhook, APostHasItsParametersInItsBody) {
  PhoneWorld world;
  world.say("");
  world.call();
  const SeenRequest seen = world.application->seen().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.url, at("/voice"));
  EXPECT_EQ(seen.headers.find("Content-Type"), "application/x-www-form-urlencoded; charset=UTF-8");
  EXPECT_FALSE(seen.fields.get("CallSid").empty());
}

TEST(Webhook, AGetHasThemBehindTheQueryThatIsThere) {
  AddressWorld world{at("/voice?id=7")};
  NumberSettings with = world.number;
  with.voiceMethod = HttpMethod::get;
  world.setNumber(with);
  world.say("");
  world.call();
  const SeenRequest seen = world.application->seen().at(0);
  EXPECT_EQ(seen.method, "GET");
  EXPECT_THAT(seen.url, testing::StartsWith(at("/voice?id=7&CallSid=CA")));
  EXPECT_FALSE(seen.headers.find("Content-Type"));
}

TEST(Webhook, HasTheHeadersOfTheProvider) {
  PhoneWorld world;
  world.say("");
  world.call();
  const http::Headers headers = world.application->seen().at(0).headers;
  EXPECT_EQ(headers.find("User-Agent"), "TwilioProxy/1.1");
  EXPECT_EQ(headers.find("Accept"), "*/*");
  EXPECT_THAT(std::string{headers.find("I-Twilio-Idempotency-Token").value_or("")},
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(Webhook, IsSigned) {
  PhoneWorld world;
  world.say("<Redirect method=\"GET\">/next?a=1</Redirect>");
  world.application->say("/next", "<Play>/a.wav</Play>");
  world.application->answer("/a.wav", [](const SeenRequest&) {
    return ScriptedApplication::typed("audio/wav", silentWav(1s));
  });
  world.call();
  ASSERT_THAT(world.application->seen(), SizeIs(3));
  for (const SeenRequest& seen : world.application->seen()) {
    const Form fields = seen.method == "POST" ? seen.fields : Form{};
    EXPECT_EQ(seen.headers.find(security::kSignatureHeader),
              security::sign("token", seen.url, fields))
        << seen.url;
  }
}

TEST(Webhook, TheFragmentIsNeitherSentNorSigned) {
  AddressWorld world{at("/voice#rc=2")};
  world.say("");
  world.call();
  const SeenRequest seen = world.application->seen().at(0);
  EXPECT_EQ(seen.url, at("/voice"));
  EXPECT_EQ(seen.headers.find(security::kSignatureHeader),
            security::sign("token", at("/voice"), seen.fields));
}

TEST(Webhook, AnAddressWithoutAPathHasTheRoot) {
  AddressWorld world{std::string{kApplicationUrl}};
  world.application->say("/", "<Say>One</Say>");
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
}

TEST(Webhook, IsToldInTheTimeline) {
  PhoneWorld world;
  world.application->answerAfter(world.loop, 250ms, "/voice", [](const SeenRequest&) {
    auto answer = ScriptedApplication::document("");
    answer.headers.add("X-Ivr-State", "Welcome");
    answer.headers.add("X-Ivr-Session", "language, Order.count");
    return answer;
  });
  world.call();
  const Entry entry = world.first(Happening::webhook);
  EXPECT_EQ(entry.text, at("/voice"));
  EXPECT_EQ(entry.at, 250ms);
  for (const auto& [name, value] : Entry::Details{{"for", "document"},
                                                  {"method", "POST"},
                                                  {"status", "200"},
                                                  {"took", "250"},
                                                  {"attempts", ""},
                                                  {"state", "Welcome"},
                                                  {"session", "language, Order.count"}}) {
    EXPECT_EQ(entry.detail(name), value) << name;
  }
  EXPECT_EQ(entry.detail("token"),
            world.application->seen()[0].headers.find("I-Twilio-Idempotency-Token"));
}

// Where requests go.

TEST(Webhook, GoesOnlyWhereItMay) {
  for (const char* url : {"https://app.example/voice", "http://app.example:8080/voice",
                          "http://elsewhere.example/voice", "http://app.example.evil.example/"}) {
    AddressWorld world{url};
    const std::string sid = world.call();
    EXPECT_THAT(world.codes(), ElementsAre("11210")) << world.story();
    EXPECT_THAT(world.application->seen(), IsEmpty());
    EXPECT_TRUE(world.view(sid).isOver());
  }
}

TEST(Webhook, TheStandardPortIsNoOtherPlace) {
  AddressWorld world{"HTTP://APP.example:80/voice"};
  world.application->answer(
      "/voice", [](const SeenRequest&) { return ScriptedApplication::document("<Say>One</Say>"); });
  world.call();
  EXPECT_THAT(world.codes(), testing::Not(testing::Contains("11210"))) << world.story();
}

TEST(Webhook, OtherSchemesAreInvalid) {
  for (const char* url : {"ftp://app.example/voice", "file:///etc/passwd", "voice", ""}) {
    AddressWorld world{url};
    world.call();
    EXPECT_THAT(world.codes(), ElementsAre("11100")) << world.story();
    EXPECT_THAT(world.application->seen(), IsEmpty());
  }
}

TEST(Webhook, RedirectsOfDocumentsGoOnlyWhereTheyMay) {
  for (const char* url : {"https://elsewhere.example/", "//elsewhere.example/x"}) {
    PhoneWorld world;
    world.say(std::string{"<Redirect>"} + url + "</Redirect>");
    world.call();
    EXPECT_THAT(world.codes(), ElementsAre("11210")) << world.story();
    EXPECT_THAT(world.application->seen(), SizeIs(1));
  }
}

// Time.

TEST(Webhook, IsGivenUpAfter15Seconds) {
  PhoneWorld world;
  world.application->neverAnswer("/voice");
  const std::string sid = world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11200")) << world.story();
  EXPECT_EQ(world.first(Happening::error).at, 15s);
  EXPECT_TRUE(world.view(sid).isOver());
  EXPECT_THAT(world.application->seen(), SizeIs(1));
}

TEST(Webhook, AnAnswerInTimeCounts) {
  PhoneWorld world;
  world.application->answerAfter(world.loop, 14'999ms, "/voice", [](const SeenRequest&) {
    return ScriptedApplication::document("<Say>One</Say>");
  });
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
}

TEST(Webhook, AnAnswerThatIsTooLateIsNone) {
  PhoneWorld world;
  world.application->answerAfter(world.loop, 16s, "/voice", [](const SeenRequest&) {
    return ScriptedApplication::document("<Say>One</Say>");
  });
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11200")) << world.story();
  EXPECT_THAT(world.texts(Happening::says), SizeIs(1));  // the apology
}

// Overrides.

TEST(Override, TheReadTimeoutMayBeShorter) {
  AddressWorld world{at("/voice#rt=2000")};
  world.application->neverAnswer("/voice");
  world.call();
  EXPECT_EQ(world.first(Happening::error).at, 2s) << world.story();
}

TEST(Override, TheWholeTimeCountsAllAttempts) {
  AddressWorld world{at("/voice#rt=2000&rc=5&rp=rt&tt=5000")};
  world.application->neverAnswer("/voice");
  world.call();
  EXPECT_EQ(world.first(Happening::error).at, 5s) << world.story();
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(3));
}

TEST(Override, ByDefaultOnlyAConnectionIsTriedAgain) {
  EXPECT_EQ(attempts("", cannotConnect), 2U);
  EXPECT_EQ(attempts("", breaksOff), 1U);
  EXPECT_EQ(attempts("", answers(500)), 1U);
  EXPECT_EQ(attempts("", answers(404)), 1U);
}

TEST(Override, SaysHowOftenAndWhenToTryAgain) {
  EXPECT_EQ(attempts("#rc=0", cannotConnect), 1U);
  EXPECT_EQ(attempts("#rc=4", cannotConnect), 5U);
  EXPECT_EQ(attempts("#rc=2&rp=5xx", answers(503)), 3U);
  EXPECT_EQ(attempts("#rc=2&rp=5xx", answers(404)), 1U);
  EXPECT_EQ(attempts("#rc=2&rp=4xx,5xx", answers(404)), 3U);
  EXPECT_EQ(attempts("#rc=2&rp=all", answers(500)), 3U);
  EXPECT_EQ(attempts("#rp=5xx", answers(500)), 2U);
  EXPECT_EQ(attempts("#rc=2&rp=4xx", cannotConnect), 1U);
}

TEST(Override, AnAnswerThatBreaksOffIsNotTriedAgain) {
  EXPECT_EQ(attempts("#rc=5&rp=all", breaksOff), 1U);
}

TEST(Override, EveryAttemptHasTheSameToken) {
  AddressWorld world{at("/voice#rc=3&rp=5xx")};
  int times = 0;
  world.application->answer("/voice", [&](const SeenRequest&) {
    return ++times < 3 ? http::IncomingResponse{.status = 500}
                       : ScriptedApplication::document("<Say>One</Say>");
  });
  world.call();
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
  std::vector<std::string> tokens;
  for (const SeenRequest& seen : world.application->seen()) {
    tokens.emplace_back(seen.headers.find("I-Twilio-Idempotency-Token").value_or(""));
  }
  EXPECT_THAT(tokens, SizeIs(3));
  EXPECT_THAT(tokens, Each(tokens.front()));
  EXPECT_EQ(world.webhook().detail("attempts"), "3");
}

TEST(Override, BadValuesAreWarningsAndTheDefaultHolds) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"#rt=50", "11241"}, {"#tt=20000", "11241"}, {"#ct=soon", "11241"},
      {"#rc=6", "11242"},  {"#rc=-1", "11242"},    {"#rp=3xx", "11243"},
  };
  for (const auto& [fragment, code] : cases) {
    AddressWorld world{at("/voice") + fragment};
    world.say("<Say>One</Say>");
    world.call();
    EXPECT_THAT(world.codes(), ElementsAre(code)) << fragment;
    EXPECT_THAT(world.texts(Happening::says), ElementsAre("One"));
  }
}

TEST(Override, OtherWordsInAFragmentMeanNothing) {
  AddressWorld world{at("/voice#top&sni=y&e=ashburn,dublin")};
  world.say("<Say>One</Say>");
  world.call();
  EXPECT_THAT(world.codes(), IsEmpty()) << world.story();
}

TEST(Override, HoldsForAddressesInDocumentsToo) {
  PhoneWorld world;
  world.say("<Redirect>/next#rc=2&amp;rp=5xx</Redirect>");
  world.application->status("/next", 500);
  world.call();
  EXPECT_THAT(world.application->seen("/next"), SizeIs(3)) << world.story();
}

// Redirects.

// Uncertain, and read as browsers do it: 301, 302 and 303 are followed by GET, without parameters.
TEST(HttpRedirect, IsFollowedByGet) {
  for (const int status : {301, 302, 303}) {
    PhoneWorld world;
    world.application->answer("/voice",
                              [&](const SeenRequest&) { return redirect(status, "/new?a=1"); });
    world.application->say("/new", "<Say>One</Say>");
    world.call();
    EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
    const SeenRequest seen = world.application->seen("/new").at(0);
    EXPECT_EQ(seen.method, "GET");
    EXPECT_EQ(seen.url, at("/new?a=1"));
    EXPECT_EQ(seen.headers.find(security::kSignatureHeader),
              security::sign("token", at("/new?a=1"), Form{}));
  }
}

TEST(HttpRedirect, KeepsMethodAndParametersIfItsStatusSaysSo) {
  for (const int status : {307, 308}) {
    PhoneWorld world;
    world.application->answer("/voice",
                              [&](const SeenRequest&) { return redirect(status, "/new"); });
    world.application->say("/new", "");
    world.call();
    const SeenRequest seen = world.application->seen("/new").at(0);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_FALSE(seen.fields.get("CallSid").empty());
    EXPECT_EQ(seen.headers.find(security::kSignatureHeader),
              security::sign("token", at("/new"), seen.fields));
  }
}

TEST(HttpRedirect, TenAreFollowed) {
  for (const int count : {10, 11}) {
    PhoneWorld world;
    int times = 0;
    world.application->answer("/voice", [&](const SeenRequest&) {
      return ++times <= count ? redirect(302, "/voice")
                              : ScriptedApplication::document("<Say>One</Say>");
    });
    world.call();
    if (count == 10) {
      EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
    } else {
      EXPECT_THAT(world.codes(), ElementsAre("11215")) << world.story();
    }
  }
}

TEST(HttpRedirect, ToNowhereIsAnError) {
  for (const char* to : {"", "http://", "ht tp://x"}) {
    PhoneWorld world;
    world.application->answer("/voice", [&](const SeenRequest&) { return redirect(302, to); });
    const std::string sid = world.call();
    EXPECT_FALSE(world.codes().empty()) << to;
    EXPECT_TRUE(world.view(sid).isOver());
  }
}

TEST(HttpRedirect, ToAnotherPlaceIsNotFollowed) {
  for (const char* to :
       {"https://elsewhere.example/", "file:///etc/passwd", "ftp://app.example/"}) {
    PhoneWorld world;
    world.application->answer("/voice", [&](const SeenRequest&) { return redirect(302, to); });
    world.call();
    EXPECT_THAT(world.application->seen(), SizeIs(1)) << world.story();
    EXPECT_THAT(world.codes(), ElementsAre(testing::AnyOf("11210", "11216")));
  }
}

// Cookies.

TEST(Cookies, AreSentBackDuringTheCall) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    auto answer = ScriptedApplication::document("<Redirect>/next</Redirect>");
    answer.headers.add("Set-Cookie", "session=abc; Path=/; HttpOnly");
    answer.headers.add("Set-Cookie", "theme=dark");
    return answer;
  });
  world.application->answer("/next", [](const SeenRequest&) {
    auto answer = ScriptedApplication::document("<Redirect>/last</Redirect>");
    answer.headers.add("Set-Cookie", "theme=light");
    return answer;
  });
  world.application->say("/last", "");
  world.call();
  EXPECT_FALSE(world.application->seen("/voice").at(0).headers.find("Cookie"));
  EXPECT_EQ(world.application->seen("/next").at(0).headers.find("Cookie"),
            "session=abc; theme=dark");
  EXPECT_EQ(world.application->seen("/last").at(0).headers.find("Cookie"),
            "session=abc; theme=light");
}

// Uncertain for voice whether two calls share them: they do not here.
TEST(Cookies, AreThoseOfOneCall) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    auto answer = ScriptedApplication::document("");
    answer.headers.add("Set-Cookie", "session=abc");
    return answer;
  });
  world.call();
  world.call();
  EXPECT_FALSE(world.application->seen("/voice").at(1).headers.find("Cookie"));
}

TEST(Cookies, OnesThatAreDeletedAreNotSent) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    auto answer = ScriptedApplication::document("<Redirect>/next</Redirect>");
    answer.headers.add("Set-Cookie", "session=abc");
    answer.headers.add("Set-Cookie", "session=; Max-Age=0");
    return answer;
  });
  world.application->say("/next", "");
  world.call();
  EXPECT_FALSE(world.application->seen("/next").at(0).headers.find("Cookie"));
}

// Credentials.

struct LoginWorld : AddressWorld {
  explicit LoginWorld(const std::string& challenge = "Basic realm=\"calls\"")
      : AddressWorld("http://ann:se%20cret@app.example/voice") {
    application->answer("/voice", [challenge](const SeenRequest& request) {
      // ann:se cret
      if (request.headers.find("Authorization") == "Basic YW5uOnNlIGNyZXQ=") {
        return ScriptedApplication::document("<Say>One</Say><Pause/><Redirect/>");
      }
      return http::IncomingResponse{.status = 401, .headers = {{"WWW-Authenticate", challenge}}};
    });
  }
};

TEST(Login, IsSentWhenItIsAskedFor) {
  LoginWorld world;
  world.call(500ms);
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One")) << world.story();
  const auto seen = world.application->seen("/voice");
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_FALSE(seen[0].headers.find("Authorization"));
  EXPECT_EQ(seen[0].url, at("/voice"));
  EXPECT_EQ(seen[1].headers.find(security::kSignatureHeader),
            security::sign("token", at("/voice"), seen[1].fields));
}

TEST(Login, LastsForTheCall) {
  LoginWorld world;
  world.call(5s);
  // Every 1.3 s, without being refused again, and although the address has no credentials now.
  EXPECT_THAT(world.texts(Happening::says), ElementsAre("One", "One", "One", "One"))
      << world.story();
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(5));
}

TEST(Login, WithTheWrongCredentialsItIsAskedOnce) {
  AddressWorld world{"http://ann:dog@app.example/voice"};
  world.application->answer("/voice", [](const SeenRequest&) {
    return http::IncomingResponse{.status = 401, .headers = {{"WWW-Authenticate", "Basic"}}};
  });
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11217")) << world.story();
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(2));
}

TEST(Login, WithoutCredentialsA401IsAnError) {
  PhoneWorld world;
  world.application->answer("/voice", [](const SeenRequest&) {
    return http::IncomingResponse{.status = 401, .headers = {{"WWW-Authenticate", "Basic"}}};
  });
  world.call();
  EXPECT_THAT(world.codes(), ElementsAre("11217")) << world.story();
  EXPECT_THAT(world.application->seen("/voice"), SizeIs(1));
}

TEST(Login, DigestIsNotPlayedAndSaysSo) {
  LoginWorld world{"Digest realm=\"calls\", nonce=\"1\""};
  world.call();
  EXPECT_THAT(world.texts(Happening::notPlayed), ElementsAre(HasSubstr("Digest"))) << world.story();
  EXPECT_THAT(world.codes(), ElementsAre("11217"));
}

TEST(Login, CredentialsAreInNoTimeline) {
  LoginWorld world;
  world.call(500ms);
  for (const Entry& entry : world.provider->timeline()) {
    EXPECT_THAT(describe(entry), testing::Not(HasSubstr("cret"))) << world.story();
  }
}

// Failures of connections.

TEST(Webhook, ACodeForEachKindOfFailure) {
  for (const auto& [answer, code] :
       {std::pair{ScriptedApplication::LaterAnswer{cannotConnect}, "11205"},
        std::pair{ScriptedApplication::LaterAnswer{breaksOff}, "11206"},
        std::pair{answers(404), "11217"}, std::pair{answers(500), "11217"},
        std::pair{answers(302), "11216"}}) {
    PhoneWorld world;
    world.application->answerLater("/voice", answer);
    const std::string sid = world.call();
    EXPECT_THAT(world.codes(), ElementsAre(code)) << world.story();
    EXPECT_TRUE(world.view(sid).isOver());
  }
}

// Addresses (RFC 3986 section 5.4).

TEST(Address, IsResolvedAgainstThatOfTheDocument) {
  const std::string base = "http://a.example/b/c/d?q";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"g", "http://a.example/b/c/g"},
      {"./g", "http://a.example/b/c/g"},
      {"g/", "http://a.example/b/c/g/"},
      {"/g", "http://a.example/g"},
      {"//g.example", "http://g.example"},
      {"?y", "http://a.example/b/c/d?y"},
      {"g?y", "http://a.example/b/c/g?y"},
      {"", "http://a.example/b/c/d?q"},
      {".", "http://a.example/b/c/"},
      {"..", "http://a.example/b/"},
      {"../g", "http://a.example/b/g"},
      {"../../g", "http://a.example/g"},
      {"../../../g", "http://a.example/g"},
      {"/./g", "http://a.example/g"},
      {"/../g", "http://a.example/g"},
      {"g.", "http://a.example/b/c/g."},
      {"./../g", "http://a.example/b/g"},
      {"g/./h", "http://a.example/b/c/g/h"},
      {"g?y/../x", "http://a.example/b/c/g?y/../x"},
      {"g#rc=2", "http://a.example/b/c/g#rc=2"},
      {"https://other.example/x?y#z", "https://other.example/x?y#z"},
  };
  for (const auto& [reference, url] : cases) {
    EXPECT_EQ(resolved(base, reference), url) << reference;
  }
}

TEST(Address, WithoutABaseOnlyAnAbsoluteOneIsOne) {
  EXPECT_EQ(resolved("", "http://a.example/"), "http://a.example/");
  EXPECT_FALSE(resolved("", "/g"));
  EXPECT_FALSE(resolved("http://a.example/", "a b"));
  EXPECT_FALSE(resolved("http://a.example/", "ht tp://x/"));
}

}  // namespace
