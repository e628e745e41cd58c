#include "app_main.hpp"
#include "weather.hpp"

namespace {

/// The line moves live calls, so it needs an account.
void requireAccount(const ivr::Config& config) {
  if (config.rest) return;
  throw ivr::Error{ivr::ErrorKind::config,
                   "the weather line moves live calls: set TWILIO_ACCOUNT_SID, and "
                   "TWILIO_AUTH_TOKEN or TWILIO_API_KEY with TWILIO_API_SECRET"};
}

}  // namespace

int main(int argc, char** argv) {
  std::string file = WEATHER_FILE;
  std::string server;
  return apps::run(
      {.program = "weather",
       .name = "The weather line",
       .description = "The weather line: looks up the weather while the caller holds.",
       .entry = "/incoming-call",
       .assets = WEATHER_ASSETS,
       .tries = {"-d Digits=10001 URL/postal-code"},
       .addOptions =
           [&](CLI::App& options) {
             options
                 .add_option("--weather-file", file, "A JSON file of the weather by postal code")
                 ->capture_default_str();
             options.add_option("--weather-url", server,
                                "A server that answers GET URL/POSTAL-CODE, instead of the file");
           },
       .check = requireAccount,
       .addTo =
           [&](ivr::Ivr& ivr, const std::string& assets) {
             std::shared_ptr<const weather::WeatherSource> source;
             if (server.empty()) {
               source = std::make_shared<weather::WeatherFile>(file);
             } else {
               source =
                   std::make_shared<weather::WeatherServer>(server, ivr::http::curlTransport());
             }
             weather::addTo(ivr, assets, std::move(source));
           }},
      argc, argv);
}
