// Functions that do not fit a Later.

#include "ivr/core/later.hpp"

#include <exception>
#include <string>
#include <utility>

using namespace ivr;

Later<int> number();

Later<std::string> takesAnotherType() {
  // error: `then` needs a function that takes the value of the Later<T>: a T, a const T& or a T&&
  return number().then([](std::string text) { return text; });
}

Later<std::string> takesNothing() {
  // error: `then` needs a function that takes the value of the Later<T>: a T, a const T& or a T&&
  return number().then([] { return std::string{}; }).recover([] { return std::string{}; });
}

Later<std::string> returnsNothing() {
  // error: this Later gives no value: the function in its last `then` must return one
  return number().then([](int) {});
}

Later<std::string> returnsAnotherType() {
  // error: this Later gives a value of another type: convert it with
  return number().then([](int value) { return value; });
}

Later<int> recoverTakesAnotherType() {
  // error: `recover` needs a function that takes a std::exception_ptr, or nothing
  return number().recover([](const std::exception&) { return 1; });
}

Later<int> recoverReturnsNothing() {
  // error: `recover` of a Later<T> needs a function that returns what replaces the value
  return number().recover([](std::exception_ptr) {});
}

Later<int> recoverReturnsAnotherType() {
  // error: `recover` of a Later<T> needs a function that returns what replaces the value
  return number().recover([](std::exception_ptr) { return std::string{}; });
}

void receivesTheValueAlone() {
  // error: `receive` needs a function that takes a Settled<T>: the value or the exception
  number().receive([](int) {});
}

Later<std::string> startsWithAnotherAnswer() {
  // error: a Later<T> starts with a function that takes an Answer<T>
  return Later<std::string>{[](Answer<int> answer) { answer(1); }};
}

int hasAName(Later<int> later) {
  // error: a Later is consumed once: write std::move(later).then(...)
  (void)later.then([](int value) { return value; });
  // error: a Later is consumed once: write std::move(later).recover(...)
  (void)later.recover([](std::exception_ptr) { return 1; });
  // error: a Later is consumed once: write std::move(later).get()
  return later.get();
}
