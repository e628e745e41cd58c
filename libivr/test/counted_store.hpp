#pragma once
// A session store for whose answers simulated time waits.

#include "ivr/phone/event_loop.hpp"
#include "ivr/session/session_store.hpp"

#include <memory>

namespace ivr::test {

/// Does what `store` does. Threads: any.
[[nodiscard]] std::shared_ptr<session::SessionStore> countedStore(
    std::shared_ptr<phone::EventLoop> loop, std::shared_ptr<session::SessionStore> store);

}  // namespace ivr::test
