// A struct in a session, in a file that knows nothing of JSON.

#include "ivr/call/call.hpp"

struct Order {
  int count = 1;
};

void change(ivr::Call& call) {
  // error: a struct in a session needs `#include <nlohmann/json.hpp>` above it, and below it,
  call.session<Order>().count = 2;
}
