#pragma once
// A transport without a network: what answers is in this process.

#include "ivr/http/handler.hpp"
#include "ivr/http/transport.hpp"

#include <memory>
#include <string>

namespace ivr::http {

/// The request that a server would get when `request` is sent to it: its target is the path and the
/// query of the address, `Host` the host in it, and credentials are sent as HTTP Basic
/// authentication (RFC 7617). Throws `Error{usage}` if the address is no URL of HTTP.
[[nodiscard]] Request received(OutgoingRequest request);

/// A transport whose requests are answered by `handler`, whatever host they are for.
///
/// `send` calls the handler before it returns, on the same thread; the answer comes where the
/// handler gives it. `OutgoingRequest::timeout` is not kept: a handler that never answers is waited
/// for. One that fails is a `TransportError{unavailable}` that may have arrived, as from a
/// connection that was lost. An answer to HEAD has no body.
[[nodiscard]] std::shared_ptr<Transport> handlerTransport(Handler handler);

}  // namespace ivr::http
