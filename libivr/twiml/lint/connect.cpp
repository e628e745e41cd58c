// Streams, assistants and other machines that a call is connected to.

#include "ivr/twiml/lint.hpp"
#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

void checkSocket(const Element& element, Lint& lint) {
  const bool isStream = element.name == "Stream";
  if (element.parent->name == "Stop") return;  // named there, not opened
  const Attribute* const url = element.find("url");
  const std::string address = lowerCase(trimmed(url == nullptr ? "" : url->value));
  if (address.empty() && isStream && gives(element, "connectorName")) return;
  const std::string needs = tag(element.name) + " needs a url that begins with wss://";
  if (url == nullptr) {
    lint.report("no-websocket", element, needs);
  } else if (!address.starts_with("wss://") || address == "wss://") {
    lint.report("no-websocket", *url, needs);
  } else if (isStream && address.find('?') != std::string::npos) {
    lint.report("stream-query", *url, "url of a <Stream> cannot have a query; use <Parameter>");
  } else if (!lint.options().allowsLocalAddresses &&
             (address.starts_with("wss://localhost") || address.starts_with("wss://127."))) {
    lint.report("address-local", *url, "url leads to a machine that the provider cannot reach");
  }
}

void checkTrack(const Element& stream, Lint& lint) {
  const Attribute* const track = stream.find("track");
  if (track != nullptr && stream.parent->name == "Connect" && track->value != "inbound_track") {
    lint.report("stream-track", *track, "in <Connect> a <Stream> has the inbound track only");
  }
}

void checkParameter(const Element& parameter, Lint& lint) {
  constexpr std::size_t kMaximum = 500;
  const std::string_view name = parameter.value("name").value_or("");
  if (name.empty()) {
    lint.report("parameter-without-name", parameter, "without a name nobody can ask for the value");
  }
  const bool isStreamed = parameter.parent->name == "Stream";
  if (isStreamed && name.size() + parameter.value("value").value_or("").size() >= kMaximum) {
    lint.report("parameter-too-long", parameter,
                "name and value of a <Parameter> must be less than 500 characters together");
  }
}

void checkTurns(const Element& relay, Lint& lint) {
  const Attribute* const threshold = relay.find("eotThreshold");
  if (threshold == nullptr) return;
  const auto value = numberFrom<double>(threshold->value);
  if (!value || *value < 0.5 || *value > 0.9) {
    lint.report("relay-threshold", *threshold, "eotThreshold must be 0.5 to 0.9");
  }
}

constexpr Rule kRules[] = {
    {.id = "no-websocket",
     .severity = Severity::error,
     .elements = "ConversationRelay Stream",
     .check = checkSocket,
     .summary = "a stream or an assistant without a WebSocket",
     .why = "The call is connected to nothing: the caller hears it end, or busy. The address "
            "begins with "
            "wss://; ws:// is not encrypted, and not opened.",
     .bad = "<Connect><Stream url='https://example.com/media'/></Connect>",
     .good = "<Connect><Stream url='wss://example.com/media'/></Connect>"},
    {.id = "stream-query",
     .summary = "the address of a Stream with a query",
     .why = "The provider opens no WebSocket with one. What a Parameter says comes with the first "
            "messages.",
     .bad = "<Connect><Stream url='wss://example.com/media?caller=ann'/></Connect>",
     .good = "<Connect><Stream url='wss://example.com/media'><Parameter name='caller' value='ann'/>"
             "</Stream></Connect>"},
    {.id = "stream-track",
     .elements = "Stream",
     .check = checkTrack,
     .summary = "a Stream in Connect with another track than the inbound one",
     .why = "Both ways, it is the caller who is heard.",
     .bad = "<Connect><Stream track='both_tracks' url='wss://example.com/media'/></Connect>",
     .good = "<Connect><Stream track='inbound_track' url='wss://example.com/media'/></Connect>"},
    {.id = "parameter-without-name",
     .elements = "Parameter",
     .check = checkParameter,
     .summary = "a Parameter without a name",
     .why = "Nobody can ask for its value.",
     .bad = "<Connect><Stream url='wss://example.com/media'><Parameter "
            "value='ann'/></Stream></Connect>",
     .good = "<Connect><Stream url='wss://example.com/media'><Parameter name='caller' value='ann'/>"
             "</Stream></Connect>"},
    {.id = "parameter-too-long",
     .summary = "a Parameter of a Stream of 500 characters or more",
     .why = "The provider does not pass it on."},
    {.id = "relay-threshold",
     .elements = "ConversationRelay",
     .check = checkTurns,
     .summary = "an eotThreshold that cannot be",
     .why = "It says how sure to be that the caller has finished: 0.5 to 0.9.",
     .bad =
         "<Connect><ConversationRelay url='wss://example.com/relay' eotThreshold='1.5'/></Connect>",
     .good = "<Connect><ConversationRelay url='wss://example.com/relay' "
             "eotThreshold='0.6'/></Connect>"},
};

}  // namespace

std::span<const Rule> connectRules() { return kRules; }

}  // namespace ivr::twiml
