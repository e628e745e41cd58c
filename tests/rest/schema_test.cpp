// libivr/rest/schema: the table of the REST API, and the script that writes the C++ from it.

#include "support/content.hpp"
#include "support/generator.hpp"
#include "support/twilio_oracle.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace ivr;
using Json = nlohmann::json;
using Names = std::set<std::string>;
using support::contentOf;

const std::filesystem::path kLibrary = IVR_TESTS_DIR "/../libivr";

Json schema() { return Json::parse(contentOf(kLibrary / "rest/schema/rest.json")); }

// ---- The table

TEST(RestSchema, UsesNoCodeWithoutStatusAndWords) {
  const Json all = schema();
  Names used;
  const auto add = [&](const Json& limited) {
    for (const char* const key : {"code", "codeBeyond"}) {
      if (limited.contains(key)) used.insert(std::to_string(limited.at(key).get<int>()));
    }
  };
  for (const auto& [name, request] : all.at("requests").items()) {
    for (const Json& rule : request.value("rules", Json::array())) add(rule);
    for (const Json& paragraph : request.at("fields")) {
      for (const Json& field : paragraph) add(field);
    }
  }
  for (const auto& [name, group] : all.at("groups").items()) {
    for (const Json& field : group) add(field);
  }
  EXPECT_GE(used.size(), 10u);
  for (const std::string& code : used) EXPECT_TRUE(all.at("errors").contains(code)) << code;
}

TEST(RestSchema, HasARequestAndAnAnswerForEachOperation) {
  const Json all = schema();
  Names requests;
  for (const auto& [name, operation] : all.at("operations").items()) {
    if (operation.contains("request")) requests.insert(operation.at("request"));
    const std::string answer = operation.value("answer", "");
    EXPECT_EQ(answer.empty(), operation.at("method") == "DELETE") << name;
    EXPECT_EQ(answer.starts_with("list of "), name.starts_with("list")) << name;
  }
  Names described;
  for (const auto& [name, request] : all.at("requests").items()) described.insert(name);
  EXPECT_EQ(requests, described);
}

// ---- The provider's own library

/// Where the library declares what each of our requests sends.
struct Declared {
  std::string ours;
  std::string file;
  std::string theirs;
};

const std::vector<Declared> kRequests{
    {"CreateCall", "call", "CallListInstanceCreateOptions"},
    {"ListCalls", "call", "CallListInstancePageOptions"},
    {"UpdateCall", "call", "CallContextUpdateOptions"},
    {"ListConferences", "conference", "ConferenceListInstancePageOptions"},
    {"UpdateConference", "conference", "ConferenceContextUpdateOptions"},
    {"CreateParticipant", "conference/participant", "ParticipantListInstanceCreateOptions"},
    {"ListParticipants", "conference/participant", "ParticipantListInstancePageOptions"},
    {"UpdateParticipant", "conference/participant", "ParticipantContextUpdateOptions"},
    {"CreateQueue", "queue", "QueueListInstanceCreateOptions"},
    {"ListQueues", "queue", "QueueListInstancePageOptions"},
    {"UpdateQueue", "queue", "QueueContextUpdateOptions"},
    {"ListMembers", "queue/member", "MemberListInstancePageOptions"},
    {"DequeueMember", "queue/member", "MemberContextUpdateOptions"},
    {"ListRecordings", "recording", "RecordingListInstancePageOptions"},
    {"ListCallRecordings", "call/recording", "RecordingListInstancePageOptions"},
    {"StartRecording", "call/recording", "RecordingListInstanceCreateOptions"},
    {"UpdateRecording", "call/recording", "RecordingContextUpdateOptions"},
    {"CreateMessage", "message", "MessageListInstanceCreateOptions"},
};

const std::vector<Declared> kResources{
    {"CallResource", "call", "CallResource"},
    {"ConferenceResource", "conference", "ConferenceResource"},
    {"ParticipantResource", "conference/participant", "ParticipantResource"},
    {"QueueResource", "queue", "QueueResource"},
    {"MemberResource", "queue/member", "MemberResource"},
    {"RecordingResource", "recording", "RecordingResource"},
    {"MessageResource", "message", "MessageResource"},
};

/// Where we know a type better than the library does: a flag that it sends as text, and a decimal
/// number that we send as text.
const std::map<std::string, std::string> kOurTypes{{"CreateCall AsyncAmd", "string"},
                                                   {"CreateMessage MaxPrice", "number"}};

/// Words of which the operation takes only some: a rule of the request says so.
const std::map<std::string, std::vector<std::string>> kNarrowed{
    {"UpdateConference Status", {"completed"}},
    {"UpdateRecording Status",
     {"in-progress", "paused", "stopped", "processing", "completed", "absent"}}};

/// Members that the library declares elsewhere, for the recordings of a call, or not at all: the
/// documentation of queues has them.
const Names kElsewhere{"RecordingResource track", "QueueResource subresource_uris"};

class RestTypes : public support::NeedsOracle {
 protected:
  void SetUp() override {
    NeedsOracle::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    declared_ = Json::parse(support::askOracle("rest_types.mjs"));
  }

  /// The words of one of our types, without the one that is ours.
  static Json wordsOf(const std::string& type) {
    Json words = ours_.at("words").at(type).at("words");
    if (words.at(0) == "unknown") words.erase(0);
    return words;
  }

  static std::vector<Json> fieldsOf(const std::string& request) {
    std::vector<Json> fields;
    for (const Json& paragraph : ours_.at("requests").at(request).at("fields")) {
      for (const Json& field : paragraph) {
        const Json group = field.is_string() ? ours_.at("groups").at(field.get<std::string>())
                                             : Json::array({field});
        fields.insert(fields.end(), group.begin(), group.end());
      }
    }
    return fields;
  }

  /// The library's name of a field.
  static std::string nameOf(const std::string& field) {
    if (field == "Page") return "pageNumber";
    std::string name = field;
    name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
    return name;
  }

  /// The library's type for one of ours; that of words is compared by its words.
  void expectType(const std::string& where, const std::string& type, const std::string& file,
                  const std::string& theirs) const {
    static const std::map<std::string, std::string> plain{{"text", "string"},
                                                          {"number", "number"},
                                                          {"boolean", "boolean"},
                                                          {"seconds", "number"},
                                                          {"milliseconds", "number"},
                                                          {"moment", "Date"},
                                                          {"days", "Date"},
                                                          {"HttpMethod", "string"},
                                                          {"list of text", "Array<string>"},
                                                          {"id", "string"},
                                                          {"json", "any"},
                                                          {"map", "Record<string, string>"},
                                                          {"number in text", "string"},
                                                          {"seconds in text", "string"},
                                                          {"milliseconds in text", "string"}};
    if (kOurTypes.contains(where)) {
      EXPECT_EQ(theirs, kOurTypes.at(where)) << where;
    } else if (plain.contains(type)) {
      EXPECT_EQ(theirs == "TwiML | string" ? "string" : theirs, plain.at(type)) << where;
    } else {
      const std::string prefix = "optional ";
      const std::string name = type.starts_with(prefix) ? type.substr(prefix.size()) : type;
      const Json words = kNarrowed.contains(where) ? Json(kNarrowed.at(where)) : wordsOf(name);
      EXPECT_EQ(declared_.at(file).at("words").value(theirs, Json()), words) << where;
    }
  }

  inline static const Json ours_ = schema();
  Json declared_;
};

TEST_F(RestTypes, OfRequestsAreThoseOfTheProvidersLibrary) {
  for (const Declared& request : kRequests) {
    const Json theirs = declared_.at(request.file).at("interfaces").at(request.theirs);
    Names required;
    for (const Json& rule : ours_.at("requests").at(request.ours).value("rules", Json::array())) {
      if (rule.contains("needs") && rule.at("needs").size() == 1) {
        required.insert(rule.at("needs").at(0));
      }
    }
    std::map<std::string, Json> fields;
    for (const Json& field : fieldsOf(request.ours)) {
      const std::string name = nameOf(field.at("name"));
      fields.emplace(name, field);
      if (field.at("type") == "days") {
        for (const char* const suffix : {"Before", "After"}) fields.emplace(name + suffix, field);
      }
    }
    for (const auto& [name, declared] : theirs.items()) {
      const std::string where = request.ours + ' ' + name;
      if (!fields.contains(name)) {
        ADD_FAILURE() << where << " is not in the schema";
        continue;
      }
      const Json& field = fields.at(name);
      expectType(request.ours + ' ' + field.at("name").get<std::string>(), field.at("type"),
                 request.file, declared.at("type"));
      EXPECT_EQ(required.contains(field.at("name")), !declared.at("optional").get<bool>()) << where;
    }
    for (const auto& [name, field] : fields) EXPECT_TRUE(theirs.contains(name)) << name;
  }
}

TEST_F(RestTypes, OfResourcesAreThoseOfTheProvidersLibrary) {
  for (const Declared& resource : kResources) {
    const Json theirs = declared_.at(resource.file).at("interfaces").at(resource.theirs);
    Names names;
    for (const Json& member : ours_.at("resources").at(resource.ours).at("members")) {
      const std::string name = member.at("name");
      const std::string where = resource.ours + ' ' + name;
      names.insert(name);
      if (!theirs.contains(name)) {
        EXPECT_TRUE(kElsewhere.contains(where)) << where;
        continue;
      }
      expectType(where, member.at("type"), resource.file, theirs.at(name).at("type"));
    }
    for (const auto& [name, declared] : theirs.items()) {
      EXPECT_TRUE(names.contains(name)) << resource.ours << ' ' << name;
    }
  }
}

// ---- The script

class RestGenerator : public support::GeneratorTest {};

TEST_F(RestGenerator, WritesByteForByteWhatIsCheckedIn) {
  expectToWriteWhatIsCheckedIn(kLibrary, "rest/schema/generate");
}

}  // namespace
