#include "phone/api.hpp"

#include "phone/switchboard.hpp"

namespace ivr::phone {

http::Handler apiOf(const std::shared_ptr<Switchboard>&) {
  return [](const Request&) { return plainText(404, "not found\n"); };
}

}  // namespace ivr::phone
