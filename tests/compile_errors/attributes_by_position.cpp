// Texts where an attribute stands, which would be taken for a language, a method or an action.

#include "ivr/twiml/twiml.hpp"

using namespace ivr;
using namespace ivr::twiml;

Say twoTexts() {
  // g++ error: to ‘ivr::twiml::AttributesByName’
  // clang++ error: no viable conversion from 'const char[10]' to 'ivr::twiml::AttributesByName'
  return Say{"Press 1. ", "Press 2. "};
}

Redirect twoAddresses() {
  // g++ error: could not convert ‘"/b"’ from ‘const char [3]’ to
  // clang++ error: no viable conversion from 'const char[3]' to
  return Redirect{"/a", "/b"};
}

Dial twoNumbers() {
  // g++ error: to ‘ivr::twiml::AttributesByName’
  // clang++ error: no viable conversion from 'const char[13]' to 'ivr::twiml::AttributesByName'
  return Dial{"+14155550100", "+14155550101"};
}

Redirect right() { return Redirect{"/a", HttpMethod::post}; }
Say alsoRight() { return Say{.text = "Hello.", .language = "en-GB"}; }
