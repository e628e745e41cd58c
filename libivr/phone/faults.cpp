#include "ivr/phone/faults.hpp"

namespace ivr::phone {

const char* textOf(Fault fault) noexcept {
  switch (fault) {
    case Fault::slow: return "slow";
    case Fault::timeout: return "timeout";
    case Fault::dropped: return "dropped";
    case Fault::answerDropped: return "answerDropped";
    case Fault::serverError: return "serverError";
    case Fault::duplicated: return "duplicated";
    case Fault::reordered: return "reordered";
    case Fault::hangUp: return "hangUp";
    case Fault::restart: return "restart";
  }
  return "";
}

}  // namespace ivr::phone
