#pragma once
// Where the weather comes from.

#include <ivr/core/error.hpp>
#include <ivr/core/later.hpp>
#include <ivr/http/percent.hpp>
#include <ivr/http/transport.hpp>

#include <cstddef>
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
  constexpr std::size_t kMaxBytes = 4096;
  if (json.size() > kMaxBytes) {
    throw ivr::Error{ivr::ErrorKind::remote, "what the source says is too long for a weather"};
  }
  try {
    const auto weather = nlohmann::json::parse(json);
    if (weather.at("celsius").is_number_integer()) return weather.get<Weather>();
  } catch (const nlohmann::json::exception&) {  // as any other that is no weather
  }
  throw ivr::Error{ivr::ErrorKind::remote, "what the source says is no weather"};
}

/// A JSON file: `{"10001": {"place": "New York", "sky": "cloudy", "celsius": 12}}`.
class WeatherFile final : public WeatherSource {
 public:
  explicit WeatherFile(std::filesystem::path file) : file_(std::move(file)) {}

  ivr::Later<Weather> at(const std::string& postalCode) const override {
    const auto places = nlohmann::json::parse(content(), nullptr, false);
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
  [[nodiscard]] std::string content() const {
    constexpr std::size_t kMaxBytes = 1 << 20;
    std::ifstream stream{file_, std::ios::binary};
    std::string text(kMaxBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kMaxBytes) {
      throw ivr::Error{ivr::ErrorKind::config,
                       file_.native() + " has more than " + std::to_string(kMaxBytes) + " bytes"};
    }
    return text;
  }

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
