// phone serve: the provider's part as a service, with a page of telephones.

#include "commands.hpp"
#include "page_files.hpp"
#include "secrets.hpp"
#include "serve_settings.hpp"
#include "watcher.hpp"
#include <ivr/core/error.hpp>
#include <ivr/core/log.hpp>
#include <ivr/phone/address.hpp>
#include <ivr/phone/saved_timeline.hpp>
#include <ivr/phone/service.hpp>
#include <ivr/server/server.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace phone {

namespace {

using namespace std::chrono_literals;
using ivr::Error;
using ivr::ErrorKind;
using ivr::phone::Entry;
using ivr::phone::Service;
using ivr::phone::ServiceOptions;

constexpr std::uint16_t kPort = 8090;
constexpr const char* kAddress = "127.0.0.1";
constexpr const char* kPageToken = "IVR_PHONE_PAGE_TOKEN";

struct ServeCommand {
  explicit ServeCommand(CLI::App& command) : command_(command) {
    command.add_option("--config", file, "Settings in a file of TOML; options come first")
        ->type_name("FILE");
    command.add_option("--port", port,
                       "The port to listen on; 0 takes a free one. By default 8090");
    command.add_option(
        "--address", address,
        "The address to listen on. By default 127.0.0.1; at any other the page takes "
        "a token");
    command.add_option("--account", account,
                       "The account's SID; by default TWILIO_ACCOUNT_SID, or one of zeros");
    command
        .add_option("--number", numbers,
                    "NUMBER=URL, a number that an application answers: "
                    "+15550100=http://127.0.0.1:8080/incoming-call")
        ->allow_extra_args(false);
    command
        .add_option("--name", names, "NUMBER=NAME, what to call it: \"+15550100=The lunch line\"")
        ->allow_extra_args(false);
    command
        .add_option("--status-callback", statusCallbacks,
                    "NUMBER=URL, the address to which the end of each of its calls is posted")
        ->allow_extra_args(false);
    command
        .add_option("--telephone", telephones,
                    "NUMBER=answer:2s, a telephone that plays itself: answer, busy, refuse, "
                    "silent, machine or fails, and after what time. Any other rings on the page")
        ->allow_extra_args(false);
    command
        .add_option("--origin", origins,
                    "Another server that may be asked, besides those of the numbers")
        ->allow_extra_args(false);
    command
        .add_option("--host", hosts,
                    "A name by which this service is reached, besides its address: behind a "
                    "proxy, or from a container")
        ->allow_extra_args(false);
    command.add_option("--token-file", tokenFile,
                       "A file that holds what TWILIO_AUTH_TOKEN would, on one line");
    command.add_option("--api-key", apiKey,
                       "The SID of an API key that opens the API, too; by default TWILIO_API_KEY");
    command.add_option("--api-secret-file", apiSecretFile,
                       "A file that holds what TWILIO_API_SECRET would, on one line");
    command.add_option("--page-token-file", pageTokenFile,
                       "A file that holds the token of the page, on one line");
    command.add_option("--token,--auth-token,--api-secret", refusedToken)
        ->group("");  // hidden: see check
    command
        .add_option("--words-per-minute", wordsPerMinute,
                    "How fast the provider speaks: by "
                    "default 160")
        ->check(CLI::Range(1, 1'000'000));
    command
        .add_option(
            "--conference-list-delay", conferenceListDelay,
            "Lists of conferences and participants show what was so many seconds ago, as the "
            "provider's may")
        ->check(CLI::Range(0, 3600));
    command
        .add_option("--timeline", timelineFile,
                    "Write what happens to this file, too, as lines of JSON; it holds what "
                    "callers press and say")
        ->type_name("FILE");
  }

  [[nodiscard]] ServeSettings settings() const {
    ServeSettings given{.port = port,
                        .address = address,
                        .account = account,
                        .apiKey = apiKey,
                        .wordsPerMinute = wordsPerMinute,
                        .conferenceListDelay = conferenceListDelay,
                        .origins = origins,
                        .hosts = hosts};
    for (const std::string& text : numbers) given.numbers.push_back(servedNumberFrom(text));
    for (const std::string& text : telephones) given.telephones.push_back(telephoneFrom(text));
    if (!file.empty()) given = merged(std::move(given), settingsFromFile(file));
    for (const std::string& text : names) setName(given, text);
    for (const std::string& text : statusCallbacks) setStatusCallback(given, text);
    return given;
  }

  CLI::App& command_;
  std::string file;
  std::optional<std::uint16_t> port;
  std::string address;
  std::string account;
  std::vector<std::string> numbers;
  std::vector<std::string> names;
  std::vector<std::string> statusCallbacks;
  std::vector<std::string> telephones;
  std::vector<std::string> origins;
  std::vector<std::string> hosts;
  std::string tokenFile;
  std::string apiKey;
  std::string apiSecretFile;
  std::string pageTokenFile;
  std::string refusedToken;
  std::optional<int> wordsPerMinute;
  std::optional<int> conferenceListDelay;
  std::string timelineFile;
};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return value == nullptr ? "" : value;
}

/// 128 bits, in hexadecimal.
std::string newPageToken() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i) {
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", static_cast<unsigned>(random()));
    token += digits.data();
  }
  return token;
}

std::string inUrl(const std::string& address) {
  return address.find(':') == std::string::npos ? address : '[' + address + ']';
}

ServiceOptions serviceOptions(const ServeSettings& settings) {
  ServiceOptions options{
      .numbers = settings.numbers, .telephones = settings.telephones, .page = pageFiles()};
  // Applications remember calls by their SIDs, so those of another run must not come again.
  std::random_device random;
  options.provider.seed = std::uint64_t{random()} << 32U | random();
  std::string token = variable("TWILIO_AUTH_TOKEN");
  token.erase(std::min(token.find(','), token.size()));  // several while one is being rotated
  options.provider.authToken = std::move(token);
  std::string account = settings.account;
  if (account.empty()) account = variable("TWILIO_ACCOUNT_SID");
  if (!account.empty()) options.provider.accountSid = std::move(account);
  std::string apiKey = settings.apiKey;
  if (apiKey.empty()) apiKey = variable("TWILIO_API_KEY");
  std::string apiSecret = variable("TWILIO_API_SECRET");
  if (apiKey.empty() != apiSecret.empty()) {
    throw Error{ErrorKind::usage, "of an API key and its secret only one is given"};
  }
  if (!apiKey.empty() && options.provider.authToken.empty()) {
    throw Error{ErrorKind::usage,
                "an API key is for an account with a token, and without one the API is open: set "
                "TWILIO_AUTH_TOKEN, or name a file with --token-file"};
  }
  if (!apiKey.empty()) options.provider.apiKeys.emplace(std::move(apiKey), std::move(apiSecret));
  if (settings.wordsPerMinute) options.provider.wordsPerMinute = *settings.wordsPerMinute;
  options.provider.conferenceListDelay =
      std::chrono::seconds{settings.conferenceListDelay.value_or(0)};
  constexpr std::size_t kMaxEntries = 200'000;
  options.provider.maxEntries = kMaxEntries;
  std::vector<std::string> urls = settings.origins;
  for (const auto& served : settings.numbers) {
    urls.insert(urls.end(), {served.settings.voiceUrl, served.settings.fallbackUrl,
                             served.settings.statusCallback});
  }
  for (const std::string& url : urls) {
    if (url.empty()) continue;
    auto origin = ivr::phone::originIn(url);
    if (!origin) {
      throw Error{ErrorKind::usage, "not an address of http or https: " + ivr::oneLine(url)};
    }
    options.provider.origins.push_back(*std::move(origin));
  }
  return options;
}

int runServe(ServeCommand& command) {
  if (!command.refusedToken.empty()) {
    throw Error{ErrorKind::usage,
                "a secret is not taken from the command line, which every user of this machine can "
                "read: set TWILIO_AUTH_TOKEN or TWILIO_API_SECRET, or name a file with "
                "--token-file or --api-secret-file"};
  }
  const ServeSettings settings = command.settings();
  apps::SecretWarnings warnings = apps::passwordsOf(command.command_);
  apps::takeFromFile("TWILIO_AUTH_TOKEN", "--token-file", command.tokenFile, warnings);
  apps::takeFromFile("TWILIO_API_SECRET", "--api-secret-file", command.apiSecretFile, warnings);
  apps::takeFromFile(kPageToken, "--page-token-file", command.pageTokenFile, warnings);
  for (const std::string& warning : warnings) std::cerr << "phone: warning: " << warning << '\n';

  ServiceOptions options = serviceOptions(settings);
  const std::string address = settings.address.empty() ? kAddress : settings.address;
  const bool isLocal = ivr::phone::isOnThisMachine("http://" + inUrl(address));
  const bool isEverywhere = address == "0.0.0.0" || address == "::";
  options.pageToken = variable(kPageToken);
  const bool isNewToken = !isLocal && options.pageToken.empty();
  if (isNewToken) options.pageToken = newPageToken();
  if (isLocal) {
    options.hosts.insert(options.hosts.end(), settings.hosts.begin(), settings.hosts.end());
  } else {
    options.hosts = settings.hosts;  // none: any, for the token protects it
    if (!options.hosts.empty() && !isEverywhere) options.hosts.push_back(inUrl(address));
  }
  std::ofstream timeline;
  if (!command.timelineFile.empty()) {
    timeline.open(command.timelineFile, std::ios::app);
    if (!timeline) {
      throw Error{ErrorKind::config, ivr::oneLine(command.timelineFile) + " cannot be written"};
    }
    options.provider.onEntry = [&timeline](const Entry& entry) {
      timeline << savedLine(entry) << '\n' << std::flush;
    };
  }

  keepSignals();
  std::mutex mutex;
  std::condition_variable wake;
  int signals = 0;
  const std::string pageToken = options.pageToken;
  // The service tells applications the address of its API, which needs a port: the server is first,
  // and its first requests wait for a moment.
  std::promise<ivr::http::Handler> made;
  ivr::Server server{[handler = made.get_future().share()](ivr::Request request) {
                       return handler.get()(std::move(request));
                     },
                     {.address = address,
                      .port = settings.port.value_or(kPort),
                      .threads = 1,
                      .refusal = Service::refusalOf,
                      .maxConnections = 1000,
                      .drainDeadline = 2s,
                      .drainIdleDeadline = 100ms}};
  auto ready = std::move(made);  // if there will be no service, requests learn it before they end
  const std::string reached = isEverywhere ? kAddress : inUrl(address);
  options.provider.apiUrl = "http://" + reached + ':' + std::to_string(server.port());
  Service service{std::move(options)};
  ready.set_value(service.handler());
  const Watcher watcher{[&] {
                          const std::lock_guard lock{mutex};
                          ++signals;
                          wake.notify_all();
                        },
                        nullptr};
  std::cout << "The phone is at http://" << inUrl(address) << ':' << server.port() << '/';
  if (isNewToken) std::cout << "?token=" << pageToken;
  std::cout << '\n' << std::flush;
  {
    std::unique_lock lock{mutex};
    wake.wait(lock, [&] { return signals > 0; });
  }
  service.stopHolding();
  server.stop();
  return kFine;
}

}  // namespace

std::function<int()> addServe(CLI::App& options) {
  CLI::App& serving = *options.add_subcommand(
      "serve",
      "The provider's part as a service: its REST API for any program, and a page of telephones "
      "for the browser, in real time.");
  const auto command = std::make_shared<ServeCommand>(serving);
  return [command] { return runServe(*command); };
}

}  // namespace phone
