#include "ivr/rest/calls.hpp"

namespace ivr::rest {

bool isOver(CallStatus status) noexcept {
  switch (status) {
    case CallStatus::unknown:
    case CallStatus::queued:
    case CallStatus::ringing:
    case CallStatus::inProgress: return false;
    case CallStatus::completed:
    case CallStatus::busy:
    case CallStatus::failed:
    case CallStatus::noAnswer:
    case CallStatus::canceled: return true;
  }
  return false;
}

}  // namespace ivr::rest
