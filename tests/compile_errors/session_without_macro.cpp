// A struct in a session that cannot become JSON.

#include "ivr/session/session.hpp"

#include <nlohmann/json.hpp>

struct Order {
  int count = 1;
};

struct Table {
  explicit Table(int of) : number(of) {}
  int number;
};

void change(ivr::Session& session) {
  // error: `NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Struct, member, ...)`
  session.as<Order>().count = 2;

  // error: a struct in a session needs a constructor without parameters
  session.as<Table>().number = 2;
}
