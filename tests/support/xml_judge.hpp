#pragma once
// Whether a text is XML, according to Expat.

#include "ivr/twiml/finding.hpp"

#include <expat.h>
#include <memory>
#include <string>
#include <string_view>

namespace ivr::support {

inline bool isWellFormed(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser{
      XML_ParserCreate("UTF-8"), &XML_ParserFree};
  XML_SetHashSalt(parser.get(), 1);  // the same run for the same input
  return XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) ==
         XML_STATUS_OK;
}

/// Whether the reader refuses a text for a reason other than that it is not XML.
inline bool isRefusedOnPurpose(std::string_view text, const twiml::Finding& refusal) {
  return refusal.code != "12100" || text.find("<!DOCTYPE") != std::string_view::npos ||
         refusal.message.find("UTF-8 only") != std::string::npos ||
         refusal.message.find("US-ASCII") != std::string::npos ||
         refusal.message.find("deep") != std::string::npos ||
         refusal.message.find("too many") != std::string::npos;
}

}  // namespace ivr::support
