#include "app_main.hpp"
#include "lunch_line.hpp"

int main(int argc, char** argv) {
  return apps::run(
      {.program = "lunch_line",
       .name = "The lunch line",
       .description = "The lunch line: a phone menu that answers Twilio's webhooks.",
       .entry = "/incoming-call",
       .assets = LUNCH_LINE_ASSETS,
       .tries = {"-d Digits=1 URL/incoming-call-transition-out"},
       .addTo = [](ivr::Ivr& ivr, const std::string& assets) { lunch_line::addTo(ivr, assets); }},
      argc, argv);
}
