#include "app_main.hpp"
#include "support_line.hpp"

#include <memory>
#include <string>
#include <vector>

namespace {

/// The line calls agents, and moves live calls, so it needs an account.
void requireAccount(const ivr::Config& config) {
  if (config.rest) return;
  throw ivr::Error{ivr::ErrorKind::config,
                   "the support line calls agents: set TWILIO_ACCOUNT_SID, and "
                   "TWILIO_AUTH_TOKEN or TWILIO_API_KEY with TWILIO_API_SECRET"};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> agents;
  std::string area = support_line::Office{}.area;
  std::string mailbox = "support_line.messages";
  std::size_t limit = 100;
  const auto office = [&] {
    support_line::Office made{.area = area};
    for (const std::string& one : agents) made.agents.push_back(support_line::agentFrom(one));
    return made;
  };
  const auto messages = [&] { return std::make_shared<support_line::Mailbox>(mailbox, limit); };
  return apps::run(
      {.program = "support_line",
       .name = "The support line",
       .description = "The support line: agents, music, conferences and voicemail.",
       .entry = "/incoming-call",
       .assets = SUPPORT_LINE_ASSETS,
       .status = "/incoming-call/status",
       .addOptions =
           [&](CLI::App& options) {
             options.add_option("--agent", agents,
                                "Who is on duty, called in turn: +14155550101, mobile:NAME, "
                                "browser:NAME or client:NAME; may be repeated");
             options
                 .add_option("--area", area,
                             "How the numbers begin of customers whom a client: is connected to")
                 ->capture_default_str();
             options.add_option("--mailbox", mailbox, "The file of the messages")
                 ->capture_default_str();
             options.add_option("--mailbox-limit", limit, "How many messages it takes")
                 ->capture_default_str();
           },
       .check = requireAccount,
       .addTo =
           [&](ivr::Ivr& ivr, const std::string& assets) {
             support_line::addTo(ivr, assets, office(), messages());
           },
       .flow = [&]() -> std::optional<ivr::flow::Definition> {
         return support_line::supportFlow(office(), nullptr, messages()).definition();
       }},
      argc, argv);
}
