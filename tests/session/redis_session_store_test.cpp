#include "ivr/session/session_store.hpp"
