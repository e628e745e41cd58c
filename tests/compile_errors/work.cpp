// Functions that do not fit what runs them.

#include "ivr/call/call.hpp"

using namespace ivr;

struct Order {};

Later<int> run(Executor& executor) {
  // error: work for another thread is a function that takes nothing: capture copies of what it
  return executor.run("example", [](int value) { return value; });
}

bool tryRun(Executor& executor) {
  // error: this function takes something that it is not given: a task takes nothing
  return executor.tryRun("example", [](int) {});
}

Later<Next> inBackground(Call& call) {
  // error: work for another thread is a function that takes nothing: capture copies of what it
  return call.inBackground([](Call&) { return Next{}; });
}

Later<Next> inBackgroundOfNoCall(Calls calls) {
  // error: work for another thread is a function that takes nothing: capture copies of what it
  return calls.inBackground([](Call&) { return Next{}; }).then([](Next next) { return next; });
}

Later<Next> inBackgroundWithoutResult(Call& call) {
  // error: this Later gives no value: the function in its last `then` must return one
  return call.inBackground([] {});
}

Later<Done> changeSession(Calls calls) {
  // error: `changeSession` needs a function that takes a Session&; for a struct of the session
  return calls.changeSession("CA1", [](Order&) {});
}

Later<Done> changeStruct(Calls calls) {
  // error: `changeSession<T>` needs a function that takes a T&
  return calls.changeSession<Order>("CA1", [](Session&) {});
}

void detach(Call& call, Calls calls) {
  // error: `detach` needs a Later: write `call.detach(call.inBackground([] { ... }))`
  call.detach([] {});
  // error: `detach` needs a Later: write `calls.detach(calls.inBackground([] { ... }))`
  calls.detach([] {});
}
