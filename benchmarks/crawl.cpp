// How long it takes to crawl a menu: every key, silence, nonsense and hanging up at every question.
//
// Usage: crawl [QUESTIONS]        (default: 1000)
//
// In one process with the application, and over HTTP with a server on threads of its own.

#include <ivr/http/handler_transport.hpp>
#include <ivr/ivr.hpp>
#include <ivr/phone/crawler.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace ivr;

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

struct Goodbye final : EndState {
  Later<Twiml> twimlFor(Call&) override { return Twiml{Say{"Goodbye."}, Hangup{}}; }
};

/// A question whose keys lead to ten others, and those of the last ones to the end.
class Question final : public NormalState {
 public:
  Question(std::size_t number, const std::vector<Question*>& all) : number_(number), all_(all) {}

  std::string name() const override { return "QUESTION_" + std::to_string(number_); }
  std::string uri() const override { return "/question/" + std::to_string(number_); }
  std::string processTransitionUri() const override { return uri() + "/choice"; }
  Later<Twiml> twimlFor(Call& call) override {
    const std::string next = call.urlFor(processTransitionUri());
    return Twiml{Gather{.action = next,
                        .numDigits = 1,
                        .prompt = {Say{"This is question " + std::to_string(number_) +
                                       ". Please press a key from zero to nine."}}},
                 Redirect{next, HttpMethod::post}};
  }
  Later<Next> transitionOut(Call& call) override {
    const std::string_view digits = call.digits();
    if (digits.size() != 1 || digits[0] < '0' || digits[0] > '9') return to(*this);
    const std::size_t next = 10 * number_ + 1 + static_cast<std::size_t>(digits[0] - '0');
    if (next < all_.size()) return to(*all_[next]);
    return to<Goodbye>();
  }

 private:
  std::size_t number_;
  const std::vector<Question*>& all_;
};

void addMenu(Ivr& ivr, std::vector<Question*>& all, std::size_t questions) {
  for (std::size_t i = 0; i < questions; ++i) all.push_back(&ivr.add<Question>(i, all));
  ivr.add<Goodbye>();
}

Config config() {
  Config made;
  made.authTokens = {kToken};
  made.log = logNowhere();
  made.mode = Config::Mode::production;
  return made;
}

void crawl(const char* name, const std::shared_ptr<phone::EventLoop>& loop,
           phone::CrawlOptions options, const std::string& base) {
  options.number.voiceUrl = base + "/question/0";
  options.provider.authToken = kToken;
  options.asksForStates = false;
  options.bounds.questions = 100'000;
  options.bounds.calls = 10'000'000;
  const auto begun = std::chrono::steady_clock::now();
  const phone::MenuGraph graph = phone::crawl(loop, std::move(options));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::printf(
      "%s: %zu questions, %zu calls, %zu webhooks in %.2f s: %.0f webhooks/s, %zu findings\n", name,
      graph.count(phone::MenuNode::Kind::question), graph.calls, graph.webhooks, took.count(),
      static_cast<double>(graph.webhooks) / took.count(), graph.findings.size());
}

void crawlInProcess(std::size_t questions) {
  const auto loop = std::make_shared<phone::EventLoop>();
  Config made = config();
  made.publicUrl = "https://ivr.example.com";
  made.clock = loop->clock();
  made.timers = loop->timers();
  made.executor = loop->executor();
  std::vector<Question*> all;
  Ivr ivr{made};
  addMenu(ivr, all, questions);
  phone::CrawlOptions options;
  options.provider.transport = http::handlerTransport(ivr.handler());
  options.provider.waitsForAnswers = false;
  crawl("in process", loop, std::move(options), made.publicUrl);
}

void crawlOverHttp(std::size_t questions) {
  Config made = config();
  made.publicUrl = "https://ivr.example.com";
  made.validate = false;
  std::vector<Question*> all;
  Ivr ivr{made};
  addMenu(ivr, all, questions);
  Server server{ivr.handler(), {.port = 0, .threads = 1}, ivr.borrower()};
  const auto loop = std::make_shared<phone::EventLoop>();
  phone::CrawlOptions options;
  options.callsAtOnce = 8;
  options.provider.transport = http::curlTransport();
  crawl("over HTTP", loop, std::move(options), "http://127.0.0.1:" + std::to_string(server.port()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t questions = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
  crawlInProcess(questions);
  crawlOverHttp(questions);
}
