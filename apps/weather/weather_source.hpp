#pragma once
// Where the weather comes from.

#include <ivr/core/error.hpp>
#include <ivr/core/later.hpp>
#include <ivr/http/percent.hpp>
#include <ivr/http/transport.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace weather {

struct Weather {
  std::string place;
  std::string sky;  ///< `cloudy`
  int celsius = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Weather, place, sky, celsius)

/// Knows the weather. Threads: any at once.
class WeatherSource {
 public:
  virtual ~WeatherSource() = default;
  /// The weather at a postal code; fails if it is unknown. May block.
  [[nodiscard]] virtual ivr::Later<Weather> at(const std::string& postalCode) const = 0;
};

inline Weather weatherIn(const std::string& json) {
  try {
    return nlohmann::json::parse(json).get<Weather>();
  } catch (const nlohmann::json::exception&) {
    throw ivr::Error{ivr::ErrorKind::remote, "what the source says is no weather"};
  }
}

/// A JSON file: `{"10001": {"place": "New York", "sky": "cloudy", "celsius": 12}}`.
class WeatherFile final : public WeatherSource {
 public:
  explicit WeatherFile(std::filesystem::path file) : file_(std::move(file)) {}

  ivr::Later<Weather> at(const std::string& postalCode) const override {
    std::ifstream stream{file_};
    const auto places = nlohmann::json::parse(stream, nullptr, false);
    if (!places.is_object()) {
      throw ivr::Error{ivr::ErrorKind::config, file_.native() + " is no list of weathers"};
    }
    const auto found = places.find(postalCode);
    if (found == places.end()) {
      throw ivr::Error{ivr::ErrorKind::remote, "no weather is known there"};
    }
    return weatherIn(found->dump());
  }

 private:
  std::filesystem::path file_;
};

/// A server that answers `GET {base}/{postal code}` with the weather in JSON.
class WeatherServer final : public WeatherSource {
 public:
  WeatherServer(std::string base, std::shared_ptr<ivr::http::Transport> transport)
      : base_(std::move(base)), transport_(std::move(transport)) {}

  ivr::Later<Weather> at(const std::string& postalCode) const override {
    const std::string code = ivr::http::percentEncode(postalCode, ivr::http::PercentKeep::nothing);
    return transport_->send({.url = base_ + '/' + code})
        .then([](const ivr::http::IncomingResponse& response) {
          if (response.status != 200) {
            throw ivr::Error{ivr::ErrorKind::remote, "the weather server answered with status " +
                                                         std::to_string(response.status)};
          }
          return weatherIn(response.body);
        });
  }

 private:
  std::string base_;
  std::shared_ptr<ivr::http::Transport> transport_;
};

}  // namespace weather
