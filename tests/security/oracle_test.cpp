// Compares our results with those of Twilio's own library for Node; see tests/oracle/oracle.mjs.

#include "ivr/security/signature.hpp"
#include "support/twilio_oracle.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdlib.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ivr;
using namespace ivr::security;

namespace {

constexpr std::size_t kRequests = 500;

struct OracleRequest {
  std::string url;
  std::optional<Form> form;
  std::optional<std::string> body;
  std::string token;
  std::string signature;
};

void to_json(nlohmann::json& json, const OracleRequest& request) {
  json = {{"url", request.url},
          {"form", nullptr},
          {"body", nullptr},
          {"token", request.token},
          {"signature", request.signature}};
  if (request.form) json["form"] = request.form->encoded();
  if (request.body) json["body"] = *request.body;
}

void from_json(const nlohmann::json& json, OracleRequest& request) {
  json.at("url").get_to(request.url);
  json.at("token").get_to(request.token);
  json.at("signature").get_to(request.signature);
  if (!json.at("form").is_null()) {
    request.form = Form::parse(json.at("form").get<std::string>(), 1000);
  }
  if (!json.at("body").is_null()) request.body = json.at("body").get<std::string>();
}

std::vector<std::string> linesFromOracle(const std::string& arguments) {
  const std::string output = support::askOracle("oracle.mjs", arguments);
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end; (end = output.find('\n', start)) != std::string::npos; start = end + 1) {
    lines.push_back(output.substr(start, end - start));
  }
  return lines;
}

std::vector<OracleRequest> signedByOracle(int seed) {
  std::vector<OracleRequest> requests;
  for (const std::string& line : linesFromOracle("sign " + std::to_string(seed))) {
    requests.push_back(nlohmann::json::parse(line).get<OracleRequest>());
  }
  return requests;
}

std::vector<std::string> verdictsOfOracle(const std::vector<OracleRequest>& requests) {
  std::string name = (std::filesystem::temp_directory_path() / "ivr-oracle-XXXXXX").string();
  const int descriptor = ::mkstemp(name.data());
  if (descriptor == -1) return {};
  ::close(descriptor);
  {
    std::ofstream file{name};
    for (const OracleRequest& request : requests) file << nlohmann::json(request).dump() << '\n';
  }
  const std::vector<std::string> verdicts = linesFromOracle("verify '" + name + "'");
  std::filesystem::remove(name);
  return verdicts;
}

SignatureVerdict ourVerdict(const OracleRequest& request) {
  return SignatureVerifier{{request.token}}.verify(
      {.url = request.url,
       .form = request.form ? &*request.form : nullptr,
       .body = request.body ? std::string_view{*request.body} : std::string_view{},
       .signature = request.signature});
}

// ---- Corruptions: each makes the signature wrong, whatever the request

char other(char letter) { return letter == 'x' ? 'y' : 'x'; }

void corruptPath(OracleRequest& request) {  // every path begins with "/v"
  request.url.insert(request.url.find("/v", request.url.find("//") + 2) + 2, "x");
}

void corruptScheme(OracleRequest& request) {
  if (request.url.starts_with("https")) {
    request.url.erase(4, 1);
  } else {
    request.url.insert(4, "s");
  }
}

void corruptSignature(OracleRequest& request, std::size_t at) {
  char& letter = request.signature.at(at % request.signature.size());
  letter = other(letter);
}

void corruptToken(OracleRequest& request) { request.token.back() = other(request.token.back()); }

/// Changes or drops a field, and all fields equal to it, because equal ones count once.
void changeField(OracleRequest& request, std::size_t at, const std::optional<std::string>& suffix) {
  const Form::Field field = *std::next(request.form->begin(), static_cast<std::ptrdiff_t>(at));
  Form changed;
  for (const auto& [name, value] : *request.form) {
    if (Form::Field{name, value} != field) {
      changed.add(name, value);
    } else if (suffix) {
      changed.add(name, std::string{value} + *suffix);
    }
  }
  request.form = changed;
}

OracleRequest corrupted(OracleRequest request, std::size_t number) {
  const bool hasFields = request.form && !request.form->empty();
  const std::size_t field = hasFields ? number % request.form->size() : 0;
  const std::size_t kind = number % 8;
  if (kind == 0) {
    corruptSignature(request, number / 8);
  } else if (kind == 1) {
    corruptToken(request);
  } else if (kind == 2) {
    corruptScheme(request);
  } else if (kind == 3 && hasFields) {
    changeField(request, field, "~");
  } else if (kind == 4 && hasFields) {
    changeField(request, field, std::nullopt);
  } else if (kind == 5 && request.form) {
    request.form->add("Extra", "");
  } else if (kind >= 5 && request.body) {
    *request.body += ' ';
  } else {
    corruptPath(request);
  }
  return request;
}

class TwilioOracle : public support::NeedsOracle {};

TEST_F(TwilioOracle, WeAcceptWhatItSigns) {
  const std::vector<OracleRequest> requests = signedByOracle(1);
  ASSERT_EQ(requests.size(), kRequests);
  for (const OracleRequest& request : requests) {
    EXPECT_EQ(ourVerdict(request), SignatureVerdict::valid) << nlohmann::json(request).dump();
  }
}

TEST_F(TwilioOracle, ItAcceptsWhatWeSign) {
  std::vector<OracleRequest> requests = signedByOracle(2);
  for (OracleRequest& request : requests) {
    request.signature = sign(request.token, request.url, request.form.value_or(Form{}));
  }
  const std::vector<std::string> verdicts = verdictsOfOracle(requests);
  ASSERT_EQ(verdicts.size(), kRequests);
  for (std::size_t i = 0; i < kRequests; ++i) {
    EXPECT_EQ(verdicts[i], "true") << nlohmann::json(requests[i]).dump();
  }
}

TEST_F(TwilioOracle, BothRejectWhatWasCorrupted) {
  std::vector<OracleRequest> requests = signedByOracle(3);
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i] = corrupted(requests[i], i);
  const std::vector<std::string> verdicts = verdictsOfOracle(requests);
  ASSERT_EQ(verdicts.size(), kRequests);
  for (std::size_t i = 0; i < kRequests; ++i) {
    EXPECT_EQ(verdicts[i], "false") << nlohmann::json(requests[i]).dump();
    EXPECT_NE(ourVerdict(requests[i]), SignatureVerdict::valid)
        << nlohmann::json(requests[i]).dump();
  }
}

}  // namespace
