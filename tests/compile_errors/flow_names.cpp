// A name of a flow that is misspelt, and one that cannot stand in an address.

#include "ivr/flow/flow.hpp"

using namespace ivr;

constexpr Event wantsVoicemail{"wants_voicemail", kApplication};

// g++ error: refuseName(std::string_view)
// clang++ error: constexpr variable 'wantsMore' must be initialized by a constant expression
constexpr Event wantsMore{"Wants more!", kApplication};

// g++ error: was not declared in this scope
// clang++ error: use of undeclared identifier 'wantsVoicemial'
Event misspelt() { return wantsVoicemial; }
