#pragma once
// Everything that an application includes.

#include "ivr/app/audio_options.hpp"
#include "ivr/app/config.hpp"
#include "ivr/app/ivr.hpp"
#include "ivr/core/clock.hpp"
#include "ivr/core/error.hpp"
#include "ivr/core/later.hpp"
#include "ivr/core/log.hpp"
#include "ivr/http/form.hpp"
#include "ivr/http/request.hpp"
#include "ivr/http/response.hpp"
#include "ivr/server/server.hpp"
#include "ivr/state/call.hpp"
#include "ivr/state/next.hpp"
#include "ivr/state/state.hpp"
#include "ivr/state/url_for.hpp"
#include "ivr/twiml/twiml.hpp"
