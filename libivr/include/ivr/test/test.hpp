#pragma once
// The test kit: whole calls to an application, without a telephone, a network or a wait.
//
//   Line line{[](Ivr& ivr) { pizza::addTo(ivr); }};
//   Phone caller = line.call("/incoming-call", {.from = "+4917012345"});
//   caller.press("1").say("Salami, please.").press("2");
//   EXPECT_THAT(caller, Hears("two pizzas"));
//   EXPECT_THAT(line.messages(), IsEmpty());

#include "ivr/test/flow.hpp"
#include "ivr/test/line.hpp"
#include "ivr/test/matchers.hpp"
#include "ivr/test/phone.hpp"
