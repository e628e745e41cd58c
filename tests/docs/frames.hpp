#pragma once
// What the fragments in the documents mention and do not show. Declared, and never defined: the
// fragments are compiled, not linked.

#include "support/fake_timers.hpp"
#include "support/test_executor.hpp"
#include <ivr/ivr.hpp>
#include <ivr/test/test.hpp>

#include <cstdint>
#include <functional>
#include <gmock/gmock.h>
#include <iostream>
#include <nlohmann/json.hpp>  // the documents say when to include it
#include <string>
#include <string_view>

namespace docs {

using namespace ivr;
using namespace std::chrono_literals;
using ivr::support::FakeTimers;
using ivr::support::TestExecutor;
using namespace ivr::test;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct A;
struct B;
struct Hours;
struct LunchSpecials;
struct UnknownError;
struct WeatherReport;

struct Customer {
  bool vip = false;
};
struct Customers {
  Later<Customer> find(std::string_view number);
};
extern Customers customers;
void lookUp(const std::function<void(bool)>& callback);

struct Crm {
  void assign(std::string_view ticket, std::uint64_t fencingNumber);
};
extern Crm crm;
std::string nextTicket();

struct Weather {
  double celsius = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Weather, celsius)
Weather slowWeather();

extern const std::string sid;
extern const std::string text;

Response noteTheEnd(const Request& request);
Later<Response> outerApplication(Request request);

}  // namespace docs

namespace lunch_line {
void addTo(ivr::Ivr& ivr, const std::string& assets);
}
namespace pizza {
void addTo(ivr::Ivr& ivr);
struct Order {
  int count = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, count)
}  // namespace pizza
