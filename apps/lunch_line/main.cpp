#include "lunch_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

int main(int argc, char** argv) {
  ivr::ServerOptions server;
  std::string publicUrl;
  std::string assets = LUNCH_LINE_ASSETS;
  bool noValidate = false;

  CLI::App options{
      "The lunch line: a phone menu that answers Twilio's webhooks.\n"
      "The auth token is taken from the environment: TWILIO_AUTH_TOKEN (several, separated by "
      "commas, while one is being rotated)."};
  options.add_option("--port", server.port, "The port to listen on; 0 takes a free one")
      ->capture_default_str();
  options.add_option("--address", server.address, "The address to listen on")
      ->capture_default_str();
  options.add_option("--public-url", publicUrl,
                     "The address at which the provider reaches this server");
  options.add_option("--assets", assets, "The folder of the prompts")->capture_default_str();
  options.add_option("--threads", server.threads, "Worker threads; 0 is one per core")
      ->capture_default_str();
  options.add_flag("--share-port", server.sharesPort,
                   "Listen beside another process, which drains when you stop it");
  options.add_flag("--no-validate", noValidate,
                   "Answer unsigned requests too: for a developer's own machine");
  CLI11_PARSE(options, argc, argv);

  try {
    ivr::Config config = ivr::Config::fromEnvironment();
    if (!publicUrl.empty()) config.publicUrl = publicUrl;
    if (noValidate) {
      config.validate = false;
      config.mode = ivr::Mode::development;
      if (config.publicUrl.empty()) {
        config.publicUrl = "http://127.0.0.1:" + std::to_string(server.port);
      }
    }
    ivr::Ivr app{config};
    lunch_line::addTo(app, assets);
    ivr::serve(app, server, [&](const ivr::Server& started) {
      const std::string local = "http://127.0.0.1:" + std::to_string(started.port());
      std::cout << "The lunch line answers on " << local << ", known outside as "
                << config.publicUrl << '\n';
      if (noValidate) {
        std::cout << "It takes unsigned requests, so you can be the provider:\n"
                  << "  curl -d CallSid=CA1 " << local << "/incoming-call\n"
                  << "  curl -d CallSid=CA1 -d Digits=1 " << local
                  << "/incoming-call-transition-out\n";
      } else {
        std::cout << "Let \"A call comes in\" of your number post to " << config.publicUrl
                  << "/incoming-call\n";
      }
      std::cout << std::flush;
    });
  } catch (const std::exception& error) {
    std::cerr << "lunch_line: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
