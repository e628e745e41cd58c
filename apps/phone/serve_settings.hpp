#pragma once
// What `phone serve` is told: by options, and by a file.

#include <ivr/phone/service.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phone {

/// The settings of a service, from the command line or from a file. A value.
struct ServeSettings {
  std::optional<std::uint16_t> port = {};
  std::string address = {};  ///< To listen on.
  std::string account = {};
  std::string apiKey = {};  ///< Its SID; the secret is nowhere in settings.
  std::optional<int> wordsPerMinute = {};
  std::optional<int> conferenceListDelay = {};  ///< In seconds.
  std::vector<ivr::phone::ServedNumber> numbers = {};
  std::vector<ivr::phone::PlayedTelephone> telephones = {};
  std::vector<std::string> origins = {};  ///< That may be asked, besides those of the numbers.
  std::vector<std::string> hosts = {};    ///< Names by which the service is reached.
};

/// `+15550100=http://127.0.0.1:8080/incoming-call`. Throws `Error{usage}`.
ivr::phone::ServedNumber servedNumberFrom(std::string_view text);

/// `+15550111=answer:2s`. Throws `Error{usage}`.
ivr::phone::PlayedTelephone telephoneFrom(std::string_view text);

/// `answer:2s`, `busy`, `refuse`, `silent`, `machine`, `fails`: what a telephone does, and after
/// what time. Throws `Error{usage}`.
ivr::phone::Telephone reactionFrom(std::string_view text);

/// `+15550100=The lunch line`, and `+15550100=http://127.0.0.1:8080/incoming-call/status`, of a
/// number that is among the settings. Throws `Error{usage}`.
void setName(ServeSettings& settings, std::string_view text);
void setStatusCallback(ServeSettings& settings, std::string_view text);

/// A file of TOML. Throws `Error{config}` naming the line of what is wrong.
ServeSettings settingsFromFile(const std::string& file);

/// What `first` says, and where it says nothing, what `second` does.
ServeSettings merged(ServeSettings first, const ServeSettings& second);

}  // namespace phone
