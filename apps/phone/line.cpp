#include "line.hpp"

#include "secrets.hpp"
#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/address.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <random>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace phone {

namespace {

using ivr::Error;
using ivr::ErrorKind;
using ivr::phone::Act;

constexpr std::chrono::milliseconds kCourtesy{100};

/// Longer than the provider waits for any answer.
constexpr std::chrono::milliseconds kWorkLimit{30'000};

std::string environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

ivr::HttpMethod methodOf(const std::string& name) {
  return name == "GET" ? ivr::HttpMethod::get : ivr::HttpMethod::post;
}

std::uint64_t randomSeed() {
  std::random_device source;
  return std::uint64_t{source()} << 32U | source();
}

/// Runs a command line, and waits for its end.
void runCommand(const std::string& command) {
  const std::array<const char*, 4> arguments{"sh", "-c", command.c_str(), nullptr};
  pid_t process = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): it is not changed
  const int error = ::posix_spawnp(&process, "sh", nullptr, nullptr,
                                   const_cast<char* const*>(arguments.data()), environ);
  int status = 0;
  if (error == 0) {
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (error != 0 || status != 0) std::cerr << "phone: warning: the restart command has failed\n";
}

void requireHttp(const char* what, const std::string& url) {
  if (url.empty() || ivr::phone::originIn(url)) return;
  throw Error{ErrorKind::usage,
              std::string{what} + " is not an address of http or https: " + ivr::oneLine(url)};
}

}  // namespace

LineOptions::LineOptions(CLI::App& command) : command_(command) {
  command.add_option("URL", url_, "The address to which the provider posts a call that comes in")
      ->required();
  command.add_option("--method", method_, "How it is asked: POST or GET")
      ->check(CLI::IsMember({"POST", "GET"}))
      ->capture_default_str();
  command.add_option("--from", from_, "The caller's number")->capture_default_str();
  command.add_option("--to", to_, "The number that is called")->capture_default_str();
  command.add_option("--param", fields_, "NAME=VALUE, sent with every webhook: FromCity=Berlin")
      ->allow_extra_args(false);
  command
      .add_option(
          "--origin", origins_,
          "Another server that may be asked, besides that of URL: https://files.example.com")
      ->allow_extra_args(false);
  command.add_option("--fallback-url", fallbackUrl_, "Asked when URL fails");
  command.add_option("--status-callback", statusCallback_, "Told when the call is over");
  command.add_option("--token-file", tokenFile_,
                     "A file that holds what TWILIO_AUTH_TOKEN would, on one line");
  command.add_option("--token,--auth-token", refusedToken_)->group("");  // hidden: see check
  command.add_option("--words-per-minute", wordsPerMinute_, "How fast the provider speaks")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--seed", seed_,
                     "Makes SIDs and tokens; by default others each time, because an application "
                     "takes a call that it has seen for that call");
  command.add_option(
      "--faults", faults_,
      "What goes wrong: slow=5%,dropped=0.5% of all requests, restart@2 at the third "
      "request of the first call, hangUp@7/0 at the first of the eighth; also timeout, "
      "answerDropped, serverError, duplicated, reordered");
  command.add_option("--fault-seed", faultSeed_, "Another choice of requests that meet faults")
      ->capture_default_str();
  command.add_option("--restart-command", restartCommand_,
                     "What restarts the application and returns when it listens, for the fault "
                     "restart: run by sh");
  command.add_option("--api-port", apiPort_,
                     "Serve the provider's API on this port of 127.0.0.1, for applications that "
                     "change live calls; 0 takes a free one");
}

void LineOptions::addOthers() {
  command_
      .add_option("--others", others_,
                  "What telephones do that the application dials: answers, rings, busy, refuses, "
                  "machine or fails")
      ->check(CLI::IsMember({"answers", "rings", "busy", "refuses", "machine", "fails"}))
      ->capture_default_str();
}

void LineOptions::check() {
  if (!refusedToken_.empty()) {
    throw Error{ErrorKind::usage,
                "a token is not taken from the command line, which every user of this machine can "
                "read: set TWILIO_AUTH_TOKEN, or name a file with --token-file"};
  }
  requireHttp("URL", url_);
  requireHttp("--fallback-url", fallbackUrl_);
  requireHttp("--status-callback", statusCallback_);
  for (const std::string& origin : origins_) requireHttp("--origin", origin);
  for (const std::string& field : fields_) {
    if (field.find('=') == std::string::npos || field.front() == '=') {
      throw Error{ErrorKind::usage, "--param is not NAME=VALUE: " + ivr::oneLine(field)};
    }
  }
  ivr::phone::FaultPlan plan;
  ivr::phone::addFaults(plan, faults_);
  const bool restarts = plan.perMille.restart > 0 ||
                        std::ranges::any_of(plan.planned, [](const ivr::phone::PlannedFault& one) {
                          return one.fault == ivr::phone::Fault::restart;
                        });
  if (restarts && restartCommand_.empty()) {
    throw Error{ErrorKind::usage, "the fault restart needs --restart-command"};
  }
  apps::SecretWarnings warnings = apps::passwordsOf(command_);
  apps::takeFromFile("TWILIO_AUTH_TOKEN", "--token-file", tokenFile_, warnings);
  for (const std::string& warning : warnings) std::cerr << "phone: warning: " << warning << '\n';
  token_ = environment("TWILIO_AUTH_TOKEN");
  token_.erase(std::min(token_.find(','), token_.size()));  // several while one is being rotated
  account_ = environment("TWILIO_ACCOUNT_SID");
  if (apiPort_ && token_.empty()) {
    throw Error{ErrorKind::usage,
                "--api-port needs the token that opens the API: set "
                "TWILIO_AUTH_TOKEN, or name a file with --token-file"};
  }
}

ivr::phone::NumberSettings LineOptions::number() const {
  return {.voiceUrl = url_,
          .voiceMethod = methodOf(method_),
          .fallbackUrl = fallbackUrl_,
          .statusCallback = statusCallback_};
}

ivr::phone::IncomingCall LineOptions::call() const {
  ivr::phone::IncomingCall call{.from = from_, .to = to_};
  for (const std::string& field : fields_) {
    const std::size_t sign = field.find('=');
    call.otherFields.add(field.substr(0, sign), field.substr(sign + 1));
  }
  return call;
}

ivr::phone::ProviderOptions LineOptions::provider() const {
  ivr::phone::ProviderOptions options{.authToken = token_,
                                      .wordsPerMinute = wordsPerMinute_,
                                      .seed = seed_.value_or(randomSeed()),
                                      .keepsTimeline = false};
  if (!account_.empty()) options.accountSid = account_;
  ivr::phone::addFaults(options.faults, faults_);
  options.faults.seed = faultSeed_;
  if (!restartCommand_.empty()) {
    options.restart = [command = restartCommand_] { runCommand(command); };
  }
  std::vector<std::string> urls{url_, fallbackUrl_, statusCallback_};
  urls.insert(urls.end(), origins_.begin(), origins_.end());
  for (const std::string& url : urls) {
    if (auto origin = ivr::phone::originIn(url)) options.origins.push_back(*std::move(origin));
  }
  return options;
}

ivr::phone::Telephone LineOptions::others() const {
  using Reaction = ivr::phone::Telephone::Reaction;
  constexpr std::chrono::milliseconds kRinging{3000};
  if (others_ == "rings") return {.reaction = Reaction::rings};
  if (others_ == "busy") return {.reaction = Reaction::busy};
  if (others_ == "refuses") return {.reaction = Reaction::refuses, .after = kRinging};
  if (others_ == "machine") return {.reaction = Reaction::machine, .after = kRinging};
  if (others_ == "fails") return {.reaction = Reaction::fails};
  return {.reaction = Reaction::answers, .after = kRinging};
}

ScriptArguments::ScriptArguments(CLI::App& command)
    : command_(command),
      press_(command.add_option("--press", presses_,
                                "Keys, each group of them at one question: 1,10001#; also wait2 "
                                "(seconds), silence and hangup")),
      say_(command.add_option("--say", words_, "Words, at one question")),
      silent_(command.add_flag("--silent")) {
  silent_->description("Stay silent at one question");
  press_->allow_extra_args(false);
  say_->allow_extra_args(false);
  command.add_option("--expect", expected_, "What must be heard; several in this order")
      ->allow_extra_args(false);
}

std::vector<Act> ScriptArguments::acts() const {
  std::vector<Act> acts;
  auto pressed = presses_.begin();
  auto said = words_.begin();
  for (const CLI::Option* option : command_.parse_order()) {
    if (option == press_ && pressed != presses_.end()) {
      std::vector<Act> more = ivr::phone::actsFrom(*pressed++);
      acts.insert(acts.end(), more.begin(), more.end());
    } else if (option == say_ && said != words_.end()) {
      acts.push_back({.kind = Act::Kind::say, .text = *said++});
    } else if (option == silent_) {
      acts.push_back({.kind = Act::Kind::silence});
    }
  }
  return acts;
}

ElsewhereOption::ElsewhereOption(CLI::App& command) {
  command.add_flag("--on-another-machine", isConfirmed_,
                   "Do it at an address that is not this machine, where all of it is done in "
                   "earnest");
}

void ElsewhereOption::check(const std::string& url) const {
  if (isConfirmed_ || ivr::phone::isOnThisMachine(url)) return;
  throw Error{ErrorKind::usage, ivr::oneLine(url) +
                                    " is not at this machine, and whatever these calls order is "
                                    "ordered: confirm it with --on-another-machine"};
}

ApiServer::ApiServer(const LineOptions& line) {
  if (!line.servesApi()) return;
  server_.emplace(
      [shared = shared_](ivr::Request request) -> ivr::Later<ivr::Response> {
        ivr::http::Handler handler;
        {
          const std::lock_guard lock{shared->mutex};
          handler = shared->handler;
        }
        if (!handler) return ivr::plainText(503, "There is no call.\n");
        return handler(std::move(request));
      },
      ivr::ServerOptions{.port = line.apiPort(), .threads = 1});
  std::cerr << "phone: the API is at http://127.0.0.1:" << server_->port() << '\n';
}

ApiServer::~ApiServer() { serve(nullptr); }

void ApiServer::serve(ivr::phone::Provider* provider) {
  const std::lock_guard lock{shared_->mutex};
  shared_->handler = provider == nullptr ? ivr::http::Handler{} : provider->api();
}

Courtesy::Courtesy(std::shared_ptr<ivr::phone::EventLoop> loop, bool isNeeded)
    : loop_(std::move(loop)) {
  if (isNeeded && loop_->time() == ivr::phone::TimeKind::simulated) timers_ = ivr::steadyTimers();
}

void Courtesy::see(const ivr::phone::Entry& entry) {
  if (!timers_ || entry.what != ivr::phone::Happening::webhook) return;
  const auto work =
      std::make_shared<ivr::phone::EventLoop::Work>(loop_->work("a moment for the application"));
  timers_->after(kCourtesy, [work] { *work = {}; });
}

std::shared_ptr<ivr::phone::EventLoop> makeLoop(ivr::phone::TimeKind time) {
  return std::make_shared<ivr::phone::EventLoop>(
      ivr::phone::EventLoopOptions{.time = time, .workLimit = kWorkLimit});
}

}  // namespace phone
