#pragma once
// Who may use an address of an application.

namespace ivr {

enum class Access {
  everyone,    ///< Also caches, health checks and browsers: it must be safe for all of them.
  signedOnly,  ///< Only requests that the holder of an auth token signed, as for states.
};

}  // namespace ivr
