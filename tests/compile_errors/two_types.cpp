// Functions that return values of two types. g++ objects to the function itself and then says no
// more.

#include "ivr/core/executor.hpp"

using namespace ivr;

Later<int> continued(Later<int> later) {
  // g++ error: inconsistent types
  // clang++ error: return type 'double' must match previous return type 'int'
  // clang++ error: if its returns are of different types, write `-> Later<Next>`, or whatever it
  return std::move(later).then([](int value) {
    if (value > 0) return value;
    return 0.5;
  });
}

Later<int> recovered(Later<int> later) {
  // g++ error: inconsistent types
  // clang++ error: return type 'double' must match previous return type 'int'
  // clang++ error: if its returns are of different types, write `-> Later<T>` after its parameters
  return std::move(later).recover([](const std::exception_ptr& error) {
    if (error) return 1;
    return 0.5;
  });
}

Later<int> run(Executor& executor, bool isKnown) {
  // g++ error: inconsistent types
  // clang++ error: return type 'double' must match previous return type 'int'
  // clang++ error: if its returns are of different types, write `() -> Later<Next>`, or whatever it
  return executor.run("example", [isKnown] {
    if (isKnown) return 1;
    return 0.5;
  });
}
