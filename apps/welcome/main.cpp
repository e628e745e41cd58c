#include <ivr/ivr.hpp>

using namespace ivr;

struct Hours final : EndState {
  Later<Twiml> twimlFor(Call&) override {
    return Twiml{Say{"We are open nine to five, Monday to Friday."}, Hangup{}};
  }
};

struct LunchSpecials final : EndState {
  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Play{call.urlFor("/lunch-specials.mp3")}, Hangup{}};
  }
};

struct Welcome final : NormalState {
  std::string uri() const override { return "/incoming-call"; }
  std::string processTransitionUri() const override { return "/incoming-call/choice"; }

  Later<Twiml> twimlFor(Call& call) override {
    return Twiml{Gather{.action = call.urlFor(processTransitionUri()),
                        .numDigits = 1,
                        .prompt = {Say{"For lunch specials press one. For our hours press two."}}},
                 Say{"Goodbye."}, Hangup{}};  // for a caller who presses nothing
  }

  Later<Next> transitionOut(Call& call) override {
    if (call.digits() == "1") return to<LunchSpecials>();
    if (call.digits() == "2") return to<Hours>();
    return to<Welcome>();
  }
};

int main() {
  Ivr ivr{Config::fromEnvironment()};
  ivr.serveAudio("assets/audio");
  ivr.add<Welcome>();
  ivr.add<LunchSpecials>();
  ivr.add<Hours>();
  return serve(ivr);
}
