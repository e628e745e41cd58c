#pragma once
// Shared by the phone menu programs: options, settings from the environment, and the messages at
// startup.

#include "secrets.hpp"
#include <ivr/ivr.hpp>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <iostream>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace apps {

/// One phone menu as a program.
struct PhoneMenu {
  std::string program;      ///< `lunch_line`
  std::string name;         ///< `The lunch line`
  std::string description;  ///< For `--help`.
  std::string entry;        ///< The address that a new call is posted to.
  std::string assets;       ///< The folder of the prompts, unless an option says otherwise.
  std::string status = {};  ///< The address for "Call status changes", if the app takes them.

  /// Posts that a developer can try, such as `-d Digits=1 URL/choice`, without `-d CallSid=CA1`;
  /// `URL` is replaced.
  std::vector<std::string> tries = {};

  std::function<void(CLI::App&)> addOptions = [](CLI::App&) {};
  std::function<void(ivr::Config&)> check = [](ivr::Config&) {};
  std::function<void(ivr::Ivr&, const std::string& assets)> addTo;

  /// What `--draw` draws; nothing for a menu of states.
  std::function<std::optional<ivr::flow::Definition>()> flow = [] { return std::nullopt; };
};

/// Makes a folder that its owner alone can enter; one that is there is closed to others, unless it
/// is a link. Returns why that cannot be, or nothing.
inline std::string makePrivateFolder(const std::filesystem::path& folder) {
  std::error_code noParent;
  std::filesystem::create_directories(folder.parent_path(), noParent);
  if (::mkdir(folder.c_str(), 0700) == 0) return {};
  std::error_code reason{errno, std::generic_category()};
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (opened < 0) {
    if (reason == std::errc::file_exists) reason = {errno, std::generic_category()};
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) return {};
    return (noParent ? noParent : reason).message();
  }
  struct ::stat status {};
  const bool isOpen = ::fstat(opened, &status) == 0 && status.st_uid == ::geteuid() &&
                      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (isOpen) ::fchmod(opened, 0700);
  ::close(opened);
  return {};
}

/// The database for what a program remembers: in `$XDG_STATE_HOME/ivr` or `~/.local/state/ivr`,
/// which is created; in memory, with a warning in `log`, if that cannot be.
inline std::string defaultSessions(const std::string& program, const ivr::Log& log) {
  const auto inMemory = [&](const std::string& where, const std::string& why) {
    log(ivr::LogLevel::warning,
        "sessions are kept in memory, and lost when the program ends " + where + "reason=\"" + why +
            "\" message=\"name a place for them with --sessions or IVR_SESSIONS\"");
    return "memory";
  };
  const char* const state = std::getenv("XDG_STATE_HOME");
  const char* const home = std::getenv("HOME");
  std::filesystem::path folder;
  if (state != nullptr && *state == '/') {
    folder = std::filesystem::path{state} / "ivr";
  } else if (home != nullptr && *home == '/') {
    folder = std::filesystem::path{home} / ".local/state/ivr";
  } else {
    return inMemory("", "neither XDG_STATE_HOME nor HOME names a folder");
  }
  if (const std::string why = makePrivateFolder(folder); !why.empty()) {
    return inMemory("folder=\"" + ivr::oneLine(folder.native()) + "\" ", why);
  }
  return "sqlite:" + (folder / (program + ".sqlite")).string();
}

/// A port of this machine that nobody listens on.
inline std::uint16_t freePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool isBound = ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
  ::close(socket);
  if (!isBound) throw std::runtime_error{"no port is free"};
  return ntohs(address.sin_port);
}

/// On a developer's own machine the public URL is that of the server, so its port must be known.
inline void useLocalUrl(ivr::Config& config, ivr::ServerOptions& server) {
  if (server.port == 0) server.port = freePort();
  config.publicUrl = "http://127.0.0.1:" + std::to_string(server.port);
}

inline void sayWhatToDo(const PhoneMenu& menu, const ivr::Config& config, std::uint16_t port) {
  const std::string local = "http://127.0.0.1:" + std::to_string(port);
  std::cout << menu.name << " answers on " << local << ", known outside as " << config.publicUrl
            << '\n';
  if (config.validate) {
    std::cout << "Let \"A call comes in\" of your number post to " << config.publicUrl << menu.entry
              << '\n';
    if (!menu.status.empty()) {
      std::cout << "and \"Call status changes\" to " << config.publicUrl << menu.status << '\n';
    }
  } else {
    std::cout << "It takes unsigned requests, so you can be the provider:\n"
              << "  curl -d CallSid=CA1 " << local << menu.entry << '\n';
    for (std::string line : menu.tries) {
      line.replace(line.find("URL"), 3, local);
      std::cout << "  curl -d CallSid=CA1 " << line << '\n';
    }
  }
  std::cout << std::flush;
}

/// Prints the picture of the flow. Returns the exit code for `main`.
inline int draw(const PhoneMenu& menu, const std::string& format) {
  const auto flow = menu.flow();
  if (!flow) {
    std::cerr << menu.program << ": this app has no flow to draw. The menu of its states is drawn, "
              << "while it runs, by: apps/run phone crawl URL\n";
    return 1;
  }
  const ivr::flow::DrawOptions options{.name = menu.program};
  std::optional<std::string> picture;
  if (format == "svg") {
    picture = ivr::flow::svg(*flow, options);
  } else {
    picture = format == "dot" ? ivr::flow::dot(*flow, options) : ivr::flow::mermaid(*flow, options);
  }
  if (!picture) {
    std::cerr << menu.program << ": an SVG is drawn by Graphviz's `dot`, which is not installed or "
              << "has failed; --draw=dot and --draw=mermaid need nothing\n";
    return 1;
  }
  std::cout << *picture << std::flush;
  return std::cout ? 0 : 1;
}

/// Prints what the provider must know of a number, each behind the name that `phone serve` has for
/// it.
inline int printWebhooks(const PhoneMenu& menu, const ivr::Config& config) {
  if (config.publicUrl.empty()) {
    throw ivr::Error{ivr::ErrorKind::config,
                     "the public URL is not set: name it with --public-url or IVR_PUBLIC_URL"};
  }
  std::cout << "url " << config.publicUrl << menu.entry << '\n';
  if (!menu.status.empty()) {
    std::cout << "status_callback " << config.publicUrl << menu.status << '\n';
  }
  return std::cout.flush() ? 0 : 1;
}

/// Runs a phone menu until it is told to stop. Returns the exit code for `main`.
inline int run(const PhoneMenu& menu, int argc, char** argv) {
  ivr::ServerOptions server;
  std::string publicUrl;
  std::string assets = menu.assets;
  std::string sessions;
  std::string sessionsFile;
  std::string tokenFile;
  std::string apiBase;
  std::string log;
  std::string drawing;

  CLI::App options{menu.description +
                   "\nTaken from the environment: TWILIO_AUTH_TOKEN (several, separated by commas, "
                   "while one is being rotated), and to change live calls TWILIO_ACCOUNT_SID. With "
                   "IVR_MODE=development it takes unsigned requests, from this machine alone.\n"
                   "Secrets belong in the environment or in files: every user of the machine "
                   "can read a command line."};
  options.add_option("--port", server.port, "The port to listen on; 0 takes a free one")
      ->capture_default_str();
  options.add_option("--address", server.address, "The address to listen on")
      ->capture_default_str();
  options.add_option("--public-url", publicUrl,
                     "The address at which the provider reaches this server");
  options.add_option("--assets", assets, "The folder of the prompts")->capture_default_str();
  options.add_option("--token-file", tokenFile,
                     "A file that holds what TWILIO_AUTH_TOKEN would, on one line");
  CLI::Option* const named = options.add_option(
      "--sessions", sessions,
      "What calls are remembered in: memory, sqlite:FILE or "
      "redis://[user:password@]host[:port][/database] (with a password: in --sessions-file or "
      "IVR_SESSIONS); by default IVR_SESSIONS, or a database in ~/.local/state/ivr");
  options
      .add_option("--sessions-file", sessionsFile,
                  "A file that holds what --sessions would, on one line")
      ->excludes(named);
  options.add_option("--api-base", apiBase,
                     "The address of the provider's REST API: https, or http at this machine, such "
                     "as http://127.0.0.1:9000");
  options.add_option("--threads", server.threads, "Worker threads; 0 is one per core")
      ->capture_default_str();
  options.add_flag("--share-port", server.sharesPort,
                   "Listen beside another process, which drains when you stop it");
  options.add_option("--log", log, "How the log is written: text or json; by default IVR_LOG")
      ->check(CLI::IsMember({"text", "json"}));
  CLI::Option* const draws =
      options
          .add_option("--draw", drawing,
                      "Print the picture of the app's flow, and end: for Graphviz (dot, if nothing "
                      "else is said), for Mermaid, or as SVG; --draw=mermaid")
          ->expected(0, 1)
          ->check(CLI::IsMember({"dot", "mermaid", "svg"}));
  bool printsWebhooks = false;
  options.add_flag("--webhooks", printsWebhooks,
                   "Print the addresses that the provider must know of your number, and end");
  menu.addOptions(options);
  CLI11_PARSE(options, argc, argv);

  try {
    if (draws->count() > 0) return draw(menu, drawing.empty() ? "dot" : drawing);
    SecretWarnings warnings = passwordsOf(options);
    takeFromFile("TWILIO_AUTH_TOKEN", "--token-file", tokenFile, warnings);
    takeFromFile("IVR_SESSIONS", "--sessions-file", sessionsFile, warnings);
    ivr::Config config = ivr::Config::fromEnvironment();
    if (!log.empty()) config.log = log == "json" ? ivr::logJsonToStderr() : ivr::logToStderr();
    for (const std::string& warning : warnings) config.log(ivr::LogLevel::warning, warning);
    if (!publicUrl.empty()) config.publicUrl = publicUrl;
    if (config.mode == ivr::Config::Mode::development && config.publicUrl.empty()) {
      useLocalUrl(config, server);
    }
    if (printsWebhooks) return printWebhooks(menu, config);
    if (!sessions.empty()) config.sessions = ivr::session::openSessionStore(sessions);
    if (!config.sessions) {
      config.sessions = ivr::session::openSessionStore(defaultSessions(menu.program, config.log));
    }
    if (!apiBase.empty() && config.rest) config.rest->baseUrl = apiBase;
    menu.check(config);
    ivr::Ivr app{config};
    menu.addTo(app, assets);
    return ivr::serve(app, server, [&](const ivr::Server& started) {
      sayWhatToDo(menu, app.config(), started.port());
    });
  } catch (const std::exception& error) {
    std::cerr << menu.program << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace apps
