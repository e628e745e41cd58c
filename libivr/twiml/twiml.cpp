#include "ivr/twiml/twiml.hpp"

#include "ivr/core/error.hpp"
#include "ivr/http/percent.hpp"

#include <algorithm>
#include <cstdint>
#include <expat.h>
#include <memory>
#include <pugixml.hpp>
#include <string_view>

namespace ivr {

namespace {

/// The provider reads 64 KiB; what is far beyond is a mistake (and an `int` must hold it).
constexpr std::size_t kLongestDocument = 16 << 20;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// How long the character at the start of well-formed UTF-8 is if XML 1.0 (section 2.2) forbids it,
/// even escaped: control characters, U+FFFE and U+FFFF. Otherwise 0.
std::size_t forbiddenLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x20 && first != '\t' && first != '\n' && first != '\r') return 1;
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF") ? 3 : 0;
}

/// `text` as pugixml can take it: well-formed UTF-8 without characters that XML forbids (NUL would
/// end it early).
std::string xmlText(std::string_view text) {
  std::string clean = toUtf8(text);
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t length = forbiddenLength(std::string_view{clean}.substr(at));
    if (length > 0) clean.replace(at, length, kReplacement);
    at += length > 0 ? kReplacement.size() : 1;
  }
  return clean;
}

/// Writes the attributes of one element, leaving out those that are not given.
class Element {
 public:
  Element(pugi::xml_node parent, const char* name) : node_(parent.append_child(name)) {}

  Element& text(const std::string& value) {
    node_.text().set(xmlText(value).c_str());
    return *this;
  }
  Element& set(const char* name, const std::optional<std::string>& value) {
    if (value) node_.append_attribute(name).set_value(xmlText(*value).c_str());
    return *this;
  }
  Element& set(const char* name, const std::optional<int>& value) {
    if (value) node_.append_attribute(name).set_value(*value);
    return *this;
  }
  Element& set(const char* name, const std::optional<bool>& value) {
    if (value) node_.append_attribute(name).set_value(*value);
    return *this;
  }
  Element& set(const char* name, const std::optional<std::chrono::seconds>& value) {
    if (value) node_.append_attribute(name).set_value(static_cast<long long>(value->count()));
    return *this;
  }
  Element& set(const char* name, const std::optional<HttpMethod>& value) {
    if (value) node_.append_attribute(name).set_value(*value == HttpMethod::get ? "GET" : "POST");
    return *this;
  }
  [[nodiscard]] pugi::xml_node node() const { return node_; }

 private:
  pugi::xml_node node_;
};

void write(pugi::xml_node parent, const Say& say) {
  Element{parent, "Say"}
      .set("voice", say.voice)
      .set("language", say.language)
      .set("loop", say.loop)
      .text(say.text);
}

void write(pugi::xml_node parent, const Play& play) {
  Element{parent, "Play"}.set("loop", play.loop).set("digits", play.digits).text(play.url);
}

void write(pugi::xml_node parent, const Pause& pause) {
  Element{parent, "Pause"}.set("length", pause.length);
}

void write(pugi::xml_node parent, const Gather& gather) {
  const pugi::xml_node node = Element{parent, "Gather"}
                                  .set("action", gather.action)
                                  .set("method", gather.method)
                                  .set("input", gather.input)
                                  .set("numDigits", gather.numDigits)
                                  .set("timeout", gather.timeout)
                                  .set("finishOnKey", gather.finishOnKey)
                                  .set("speechTimeout", gather.speechTimeout)
                                  .set("hints", gather.hints)
                                  .set("language", gather.language)
                                  .set("actionOnEmptyResult", gather.actionOnEmptyResult)
                                  .node();
  for (const Prompt& prompt : gather.prompt) {
    std::visit([&](const auto& one) { write(node, one); }, prompt);
  }
}

void write(pugi::xml_node parent, const Record& record) {
  Element{parent, "Record"}
      .set("action", record.action)
      .set("method", record.method)
      .set("timeout", record.timeout)
      .set("finishOnKey", record.finishOnKey)
      .set("maxLength", record.maxLength)
      .set("playBeep", record.playBeep)
      .set("recordingStatusCallback", record.recordingStatusCallback);
}

void write(pugi::xml_node parent, const Redirect& redirect) {
  Element{parent, "Redirect"}.set("method", redirect.method).text(redirect.url);
}

void write(pugi::xml_node parent, const Reject& reject) {
  Element{parent, "Reject"}.set("reason", reject.reason);
}

void write(pugi::xml_node parent, const Hangup&) { Element{parent, "Hangup"}; }

/// pugixml hands out the text in pieces.
struct StringWriter final : pugi::xml_writer {
  std::string text = R"(<?xml version="1.0" encoding="UTF-8"?>)";
  void write(const void* data, std::size_t size) override {
    text.append(static_cast<const char*>(data), size);
  }
};

}  // namespace

Twiml Twiml::raw(std::string text) {
  // pugixml reads much that is not XML, and the provider does not: Expat decides.
  using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)>;
  const Parser parser{XML_ParserCreate("UTF-8"), &XML_ParserFree};
  if (!parser) throw std::bad_alloc{};
  std::string root;
  XML_SetUserData(parser.get(), &root);
  XML_SetStartElementHandler(parser.get(), [](void* data, const char* name, const char**) {
    auto& first = *static_cast<std::string*>(data);
    if (first.empty()) first = name;
  });
  if (text.size() > kLongestDocument ||
      XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) !=
          XML_STATUS_OK) {
    const XML_Error error = XML_GetErrorCode(parser.get());
    throw Error{ErrorKind::usage,
                "the TwiML text is not XML: line " +
                    std::to_string(XML_GetCurrentLineNumber(parser.get())) + ", column " +
                    std::to_string(XML_GetCurrentColumnNumber(parser.get()) + 1) + ": " +
                    (error == XML_ERROR_NONE ? "too long" : XML_ErrorString(error))};
  }
  if (root != "Response") {
    throw Error{ErrorKind::usage, "the root of the TwiML text is not <Response>"};
  }
  Twiml twiml;
  twiml.raw_ = std::move(text);
  return twiml;
}

std::string Twiml::xml() const {
  if (raw_) return *raw_;
  pugi::xml_document document;
  const pugi::xml_node response = document.append_child("Response");
  for (const Verb& verb : verbs_) {
    std::visit([&](const auto& one) { write(response, one); }, verb);
  }
  StringWriter writer;
  unsigned flags = pugi::format_raw | pugi::format_no_declaration;
  if (verbs_.empty()) flags |= pugi::format_no_empty_element_tags;  // `<Response></Response>`
  document.save(writer, "", flags, pugi::encoding_utf8);
  return std::move(writer.text);
}

}  // namespace ivr
