// Looks at a live call and changes it, from the command line.

#include "secrets.hpp"
#include <ivr/core/log.hpp>
#include <ivr/http/transport.hpp>
#include <ivr/rest/rest_client.hpp>
#include <ivr/twiml/twiml.hpp>

#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace {

constexpr int kDone = 0;
constexpr int kRefused = 1;      ///< The provider refused, or knows no such call.
constexpr int kCouldNotAsk = 2;  ///< Wrong usage, no account, or no answer.

constexpr int kNotInProgress = 21220;

/// What comes from the provider was chosen by callers in part, who must not write on a terminal.
void print(const char* name, const std::string& value) {
  if (!value.empty()) std::cout << name << ": " << ivr::oneLine(value) << '\n';
}

void printError(std::string_view what) {
  std::cerr << "call: " << ivr::oneLine(what, 2000) << '\n';
}

void print(const char* name, const std::optional<std::chrono::sys_seconds>& time) {
  if (!time) return;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(*time);
  std::tm utc{};
  char text[32];
  const std::size_t size =
      std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", ::gmtime_r(&seconds, &utc));
  print(name, std::string{text, size});
}

void show(const ivr::rest::CallResource& call) {
  print("sid", call.sid);
  print("status", std::string{textOf(call.status)});
  print("direction", call.direction);
  print("from", call.from);
  print("to", call.to);
  print("parent", call.parentCallSid);
  print("answered by", call.answeredBy);
  print("started", call.startTime);
  print("ended", call.endTime);
  if (call.duration) print("duration", std::to_string(call.duration->count()) + " s");
}

/// Prints the refusal in an operator's words.
int refused(ivr::rest::Client& client, const std::string& sid, const ivr::rest::RestError& error) {
  if (error.status() == 404) {
    printError("the account has no call " + sid);
    return kRefused;
  }
  if (error.code() == kNotInProgress) {
    const ivr::rest::CallResource call = client.fetchCall(sid).get();
    printError("not done, the call is " + std::string{textOf(call.status)});
    return kRefused;
  }
  printError(error.what());
  return error.code() != 0 ? kRefused : kCouldNotAsk;
}

}  // namespace

int main(int argc, char** argv) {
  std::string sid;
  std::string url;
  std::string text;
  std::string apiBase;
  std::string tokenFile;

  CLI::App options{
      "Looks at a live call and changes it.\n"
      "The account is taken from the environment: TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or "
      "TWILIO_API_KEY with TWILIO_API_SECRET; also TWILIO_REGION and TWILIO_EDGE. Secrets belong "
      "there or in files: every user of the machine can read a command line.\n"
      "Ends with 0 if it was done, 1 if the provider refused, 2 if it could not be asked."};
  options.require_subcommand(1);
  options.fallthrough();
  options.add_option("--api-base", apiBase,
                     "Another REST host: https, or http at this machine, such as "
                     "http://127.0.0.1:9000; also IVR_API_BASE");
  options.add_option("--token-file", tokenFile,
                     "A file that holds what TWILIO_AUTH_TOKEN would, on one line");
  const auto command = [&](const char* name, const char* does) {
    CLI::App* const sub = options.add_subcommand(name, does);
    sub->add_option("SID", sid, "The SID of the call")->required();
    return sub;
  };
  command("show", "Show what is known about the call");
  command("redirect", "Go on with the document at URL")
      ->add_option("URL", url, "An absolute address, which is asked with POST")
      ->required();
  command("say", "Interrupt the call, say TEXT and end it")
      ->add_option("TEXT", text, "What the caller hears")
      ->required();
  command("hangup", "End the call");
  try {
    options.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return options.exit(error) == 0 ? kDone : kCouldNotAsk;
  }

  try {
    apps::SecretWarnings warnings = apps::passwordsOf(options);
    apps::takeFromFile("TWILIO_AUTH_TOKEN", "--token-file", tokenFile, warnings);
    for (const std::string& warning : warnings) printError("warning: " + warning);
    ivr::rest::ClientOptions config = ivr::rest::ClientOptions::fromEnvironment();
    if (!apiBase.empty()) config.baseUrl = apiBase;
    ivr::rest::Client client{config, ivr::http::curlTransport(), ivr::steadyTimers()};
    try {
      if (options.got_subcommand("show")) {
        show(client.fetchCall(sid).get());
      } else if (options.got_subcommand("redirect")) {
        show(client.updateCall(sid, {.url = url, .method = ivr::HttpMethod::post}).get());
      } else if (options.got_subcommand("say")) {
        const ivr::Twiml twiml{ivr::Say{.text = text}, ivr::Hangup{}};
        show(client.updateCall(sid, {.twiml = twiml.xml()}).get());
      } else {
        show(client.updateCall(sid, {.status = ivr::rest::CallEnd::completed}).get());
      }
      return kDone;
    } catch (const ivr::rest::RestError& error) {
      return refused(client, sid, error);
    }
  } catch (const std::exception& error) {
    printError(error.what());
    return kCouldNotAsk;
  }
}
