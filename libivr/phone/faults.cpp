#include "ivr/phone/faults.hpp"

#include "core/text.hpp"
#include "ivr/core/error.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace ivr::phone {

namespace {

constexpr std::array kFaults{Fault::slow,          Fault::timeout,     Fault::dropped,
                             Fault::answerDropped, Fault::serverError, Fault::duplicated,
                             Fault::reordered,     Fault::hangUp,      Fault::restart};

unsigned& shareOf(FaultPlan& plan, Fault fault) {
  switch (fault) {
    case Fault::slow: return plan.perMille.slow;
    case Fault::timeout: return plan.perMille.timeout;
    case Fault::dropped: return plan.perMille.dropped;
    case Fault::answerDropped: return plan.perMille.answerDropped;
    case Fault::serverError: return plan.perMille.serverError;
    case Fault::duplicated: return plan.perMille.duplicated;
    case Fault::reordered: return plan.perMille.reordered;
    case Fault::hangUp: return plan.perMille.hangUp;
    case Fault::restart: break;
  }
  return plan.perMille.restart;
}

/// `5%` or `0.5%`.
std::optional<unsigned> perMilleIn(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  const auto percent = numberFrom<double>(text);
  if (!percent || !(*percent >= 0) || *percent > 100) return std::nullopt;
  return static_cast<unsigned>(std::lround(*percent * 10));
}

[[noreturn]] void refuse(std::string_view part) {
  std::string names;
  for (const Fault fault : kFaults)
    names += (names.empty() ? "" : ", ") + std::string{textOf(fault)};
  throw Error{ErrorKind::usage, "invalid fault \"" + std::string{part} +
                                    "\": NAME=PERCENT%, NAME@REQUEST or NAME@CALL/REQUEST, with "
                                    "NAME one of " +
                                    names};
}

}  // namespace

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

void addFaults(FaultPlan& plan, std::string_view text) {
  for (const std::string_view part : itemsOf(text)) {
    const std::size_t sign = part.find_first_of("=@");
    if (sign == std::string_view::npos) refuse(part);
    std::optional<Fault> fault;
    for (const Fault one : kFaults) {
      if (part.substr(0, sign) == textOf(one)) fault = one;
    }
    if (!fault) refuse(part);
    const std::string_view value = part.substr(sign + 1);
    if (part[sign] == '=') {
      const auto share = perMilleIn(value);
      if (!share) refuse(part);
      shareOf(plan, *fault) = *share;
      continue;
    }
    const std::size_t slash = value.find('/');
    const auto call = slash == std::string_view::npos
                          ? std::optional<std::size_t>{0}
                          : numberFrom<std::size_t>(value.substr(0, slash));
    const auto request =
        numberFrom<std::size_t>(slash == std::string_view::npos ? value : value.substr(slash + 1));
    if (!call || !request) refuse(part);
    plan.planned.push_back({.call = *call, .request = *request, .fault = *fault});
  }
}

}  // namespace ivr::phone
