#pragma once
// What is at the other end of a call that the application makes.
//
// Threads: values.

#include <chrono>

namespace ivr::phone {

/// What a telephone does when it is called. A value.
struct Telephone {
  enum class Reaction {
    rings,    ///< Until `Provider::answer`, `refuse`, or until the caller gives up.
    answers,  ///< A person.
    machine,  ///< An answering machine: it speaks its greeting, and then listens.
    busy,
    refuses,  ///< By hand; to the provider it is busy.
    fails,    ///< There is no such number.
  };

  Reaction reaction = Reaction::rings;
  std::chrono::milliseconds after{0};  ///< How long it rings first.
};

}  // namespace ivr::phone
