// A telephone for applications that answer the provider's webhooks, in any language: it plays the
// provider's part on this machine.

#include "commands.hpp"
#include "watcher.hpp"
#include <ivr/core/log.hpp>

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <utility>
#include <vector>

int main(int argc, char** argv) {
  CLI::App options{"Calls applications that answer Twilio's webhooks, without Twilio.", "phone"};
  options.require_subcommand(1);
  options.set_version_flag("--version", "phone " PHONE_VERSION);
  options.footer(
      "Taken from the environment: TWILIO_AUTH_TOKEN, with which webhooks are signed, and "
      "TWILIO_ACCOUNT_SID. Secrets belong there or in files: every user of the machine can read a "
      "command line.\n"
      "Exit status: 0 if all is as expected, 1 if something is not, 2 if it could not be tried.");
  const std::vector<std::pair<const char*, std::function<int()>>> commands{
      {"call", phone::addCall(options)},     {"play", phone::addPlay(options)},
      {"load", phone::addLoad(options)},     {"crawl", phone::addCrawl(options)},
      {"replay", phone::addReplay(options)}, {"serve", phone::addServe(options)}};
  try {
    options.parse(argc, argv);
    for (const auto& [name, run] : commands) {
      if (options.got_subcommand(name)) return run();
    }
    return phone::kCouldNotTry;
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == 0 ? phone::kFine : phone::kCouldNotTry;
  } catch (const std::exception& error) {
    std::cerr << "phone: " << ivr::oneLine(error.what(), 2000) << '\n';
    return phone::kCouldNotTry;
  }
}
