#pragma once
// The line that is called: options that all commands have, and the provider made from them.

#include <ivr/core/timers.hpp>
#include <ivr/http/handler.hpp>
#include <ivr/http/transport.hpp>
#include <ivr/phone/event_loop.hpp>
#include <ivr/phone/provider.hpp>
#include <ivr/phone/script.hpp>
#include <ivr/server/server.hpp>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace phone {

/// What the command line says about the line and its caller.
class LineOptions {
 public:
  explicit LineOptions(CLI::App& command);
  /// Lets the command line say what telephones do that the application dials.
  void addOthers();

  /// What can be wrong with it: throws `ivr::Error{usage}`. Takes the token from its file.
  void check();

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] ivr::phone::NumberSettings number() const;
  [[nodiscard]] ivr::phone::IncomingCall call() const;
  /// Without transport.
  [[nodiscard]] ivr::phone::ProviderOptions provider() const;
  [[nodiscard]] ivr::phone::Telephone others() const;
  [[nodiscard]] bool servesApi() const noexcept { return apiPort_.has_value(); }
  [[nodiscard]] std::uint16_t apiPort() const noexcept { return apiPort_.value_or(0); }

 private:
  CLI::App& command_;
  std::string url_;
  std::string method_ = "POST";
  std::string from_ = "+14155550100";
  std::string to_ = "+14155550199";
  std::vector<std::string> fields_;
  std::vector<std::string> origins_;
  std::string fallbackUrl_;
  std::string statusCallback_;
  std::string tokenFile_;
  std::string refusedToken_;
  std::string others_ = "answers";
  int wordsPerMinute_ = 160;
  std::optional<std::uint16_t> apiPort_;
  std::optional<std::uint64_t> seed_;
  std::string faults_;
  std::uint64_t faultSeed_ = 0;
  std::string restartCommand_;

  std::string token_;
  std::string account_;
};

/// What a caller does, in the order of the command line.
class ScriptArguments {
 public:
  explicit ScriptArguments(CLI::App& command);

  /// Throws `ivr::Error{usage}` for what is no act.
  [[nodiscard]] std::vector<ivr::phone::Act> acts() const;
  [[nodiscard]] const std::vector<std::string>& expected() const noexcept { return expected_; }

 private:
  CLI::App& command_;
  CLI::Option* press_;
  CLI::Option* say_;
  CLI::Option* silent_;
  std::vector<std::string> presses_;
  std::vector<std::string> words_;
  std::vector<std::string> expected_;
};

/// Refuses an address that is not at this machine, unless that is confirmed: what is done there is
/// done in earnest. Throws `ivr::Error{usage}`.
class ElsewhereOption {
 public:
  explicit ElsewhereOption(CLI::App& command);
  void check(const std::string& url) const;

 private:
  bool isConfirmed_ = false;
};

/// Serves the API of a provider on this machine. A resource; nothing is served without a port.
class ApiServer {
 public:
  explicit ApiServer(const LineOptions& line);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  /// Whose API it is from now on; null for nobody's.
  void serve(ivr::phone::Provider* provider);

 private:
  struct Shared {
    std::mutex mutex = {};
    ivr::http::Handler handler = {};
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::optional<ivr::Server> server_;
};

/// Lets simulated time stand still for a moment of real time after each webhook: the application
/// may be at work, and about to ask the API for something.
class Courtesy {
 public:
  Courtesy(std::shared_ptr<ivr::phone::EventLoop> loop, bool isNeeded);
  void see(const ivr::phone::Entry& entry);

 private:
  std::shared_ptr<ivr::phone::EventLoop> loop_;
  std::shared_ptr<ivr::Timers> timers_;  ///< Null if it is not needed.
};

/// A loop for applications over HTTP, which may need some time for an answer.
std::shared_ptr<ivr::phone::EventLoop> makeLoop(ivr::phone::TimeKind time);

}  // namespace phone
