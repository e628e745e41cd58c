#pragma once
// Takes a payment, so that the numbers of a card never reach the application.
//
// Written by twiml/schema/generate. Protocol: https://www.twilio.com/docs/voice/twiml

#include "ivr/http/method.hpp"
#include "ivr/twiml/choice.hpp"
#include "ivr/twiml/gather.hpp"
#include "ivr/twiml/language.hpp"
#include "ivr/twiml/nouns.hpp"
#include "ivr/twiml/shared.hpp"
#include "ivr/twiml/xml_element.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ivr::twiml {

enum class BankAccountType {
  consumerChecking,
  consumerSavings,
  commercialChecking,
  commercialSavings,
};
[[nodiscard]] std::string_view textOf(BankAccountType word) noexcept;

enum class PayErrorType {
  timeout,
  invalidCardNumber,
  invalidCardType,
  invalidDate,
  invalidSecurityCode,
  internalError,
  inputMatchingFailed,
  inputTimeout,
  invalidPostalCode,
  invalidBankRoutingNumber,
  invalidBankAccountNumber,
  invalidBankAccountType,
};
[[nodiscard]] std::string_view textOf(PayErrorType word) noexcept;

enum class PayInput {
  dtmf,
};
[[nodiscard]] std::string_view textOf(PayInput word) noexcept;

enum class PaymentMethod {
  achDebit,
  creditCard,
};
[[nodiscard]] std::string_view textOf(PaymentMethod word) noexcept;

enum class PayStep {
  paymentCardNumber,
  expirationDate,
  securityCode,
  postalCode,
  paymentProcessing,
  bankAccountNumber,
  bankRoutingNumber,
};
[[nodiscard]] std::string_view textOf(PayStep word) noexcept;

enum class PayTokenType {
  oneTime,
  reusable,
  paymentMethod,
};
[[nodiscard]] std::string_view textOf(PayTokenType word) noexcept;

/// What is said at one step of a payment.
struct Prompt {
  std::vector<int> attempt = {};                ///< At which attempts; at all if none is named.
  std::vector<Choice<CardType>> cardType = {};  ///< For which cards; for all if none is named.
  std::vector<Choice<PayErrorType>> errorType = {};  ///< After which errors.
  std::optional<Choice<PayStep>> for_ = {};          ///< At which step.
  std::optional<bool> requireMatchingInputs = {};
  Nouns<Pause, Play, Say> prompt = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Prompt&) const = default;
};

/// Takes a payment.
struct Pay {
  /// Must be `https`; the address of this document by default.
  std::optional<std::string> action = {};
  std::optional<Choice<BankAccountType>> bankAccountType = {};
  /// Such as `20.45`; without it, only a token is made.
  std::optional<std::string> chargeAmount = {};
  std::optional<std::string> currency = {};  ///< `usd` by default.
  std::optional<std::string> description = {};
  std::optional<Choice<PayInput>> input = {};
  std::optional<Choice<PayLanguage>> language = {};
  std::optional<int> maxAttempts = {};
  std::optional<int> minPostalCodeLength = {};
  std::optional<std::string> paymentConnector = {};         ///< `Default` by default.
  std::optional<Choice<PaymentMethod>> paymentMethod = {};  ///< `creditCard` by default.
  /// `true`, the default, `false`, or a code that is known.
  std::optional<std::string> postalCode = {};
  std::optional<bool> securityCode = {};  ///< True by default.
  std::optional<std::string> statusCallback = {};
  std::optional<Choice<HttpMethod>> statusCallbackMethod = {};
  std::optional<std::chrono::seconds> timeout = {};    ///< 5 s by default.
  std::optional<Choice<PayTokenType>> tokenType = {};  ///< `reusable` by default.
  std::vector<Choice<CardType>> validCardTypes = {};   ///< `visa mastercard amex` by default.
  Nouns<Parameter, Prompt> nouns = {};
  XmlAttributes otherAttributes = {};

  bool operator==(const Pay&) const = default;
};

}  // namespace ivr::twiml
