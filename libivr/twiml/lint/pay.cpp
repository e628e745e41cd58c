// Payments.

#include "twiml/lint/elements.hpp"
#include "twiml/lint/rules.hpp"

namespace ivr::twiml {

namespace {

void checkSecure(const Element& pay, Lint& lint) {
  const Attribute* const action = pay.find("action");
  if (action != nullptr && lowerCase(trimmed(action->value)).starts_with("http://")) {
    lint.report("insecure-pay", *action, "action of <Pay> must be https");
  }
}

void checkCharge(const Element& pay, Lint& lint) {
  const Attribute* const charge = pay.find("chargeAmount");
  if (charge == nullptr) return;
  constexpr double kMost = 1'000'000;
  const std::string_view amount = trimmed(charge->value);
  const auto value = numberFrom<double>(amount);
  const bool isDecimal = isEveryOneOf(amount, "0123456789.");
  if (!value || !isDecimal || *value > kMost) {
    lint.report("charge-amount", *charge,
                "chargeAmount must be a decimal number such as 20.45, of 0 to 1000000");
  }
}

void checkCurrency(const Element& pay, Lint& lint) {
  const Attribute* const currency = pay.find("currency");
  if (currency == nullptr) return;
  const std::string code = lowerCase(trimmed(currency->value));
  const bool isCode = code.size() == 3 && isEveryOneOf(code, "abcdefghijklmnopqrstuvwxyz");
  if (!isCode) {
    lint.report("currency", *currency, "currency must be the code of one, such as usd");
  }
}

constexpr Rule kRules[] = {
    {.id = "insecure-pay",
     .severity = Severity::error,
     .elements = "Pay",
     .check = checkSecure,
     .summary = "Pay with an action that is not https",
     .why = "The provider tells the result of a payment over https alone, and refuses the verb.",
     .bad = "<Pay action='http://example.com/paid'/>",
     .good = "<Pay action='https://example.com/paid'/>"},
    {.id = "charge-amount",
     .severity = Severity::error,
     .elements = "Pay",
     .check = checkCharge,
     .summary = "a charge that cannot be",
     .why = "The payment fails with a validation error before the caller is asked for anything.",
     .bad = "<Pay action='/paid' chargeAmount='$20.45'/>",
     .good = "<Pay action='/paid' chargeAmount='20.45'/>"},
    {.id = "currency",
     .elements = "Pay",
     .check = checkCurrency,
     .summary = "a currency that is no code of three letters",
     .why = "The payment fails with a validation error.",
     .bad = "<Pay action='/paid' chargeAmount='20.45' currency='dollars'/>",
     .good = "<Pay action='/paid' chargeAmount='20.45' currency='usd'/>"},
};

}  // namespace

std::span<const Rule> payRules() { return kRules; }

}  // namespace ivr::twiml
