#include "twiml/corpus.hpp"

namespace ivr::support {

using namespace ivr::twiml;

using namespace std::chrono_literals;

std::vector<CorpusDocument> payDocuments() {
  return {
      {"pay", Twiml{Pay{.action = "https://example.com/paid", .chargeAmount = "20.45"}}},
      {"pay_every_attribute",
       Twiml{Pay{.action = "https://example.com/paid",
                 .bankAccountType = BankAccountType::consumerSavings,
                 .chargeAmount = "0",
                 .currency = "eur",
                 .description = "Two lunches & a coffee",
                 .input = PayInput::dtmf,
                 .language = PayLanguage::deDe,
                 .maxAttempts = 3,
                 .minPostalCodeLength = 5,
                 .paymentConnector = "Default",
                 .paymentMethod = PaymentMethod::creditCard,
                 .postalCode = "94111",
                 .securityCode = false,
                 .statusCallback = "https://example.com/paying",
                 .statusCallbackMethod = HttpMethod::get,
                 .timeout = 10s,
                 .tokenType = PayTokenType::paymentMethod,
                 .validCardTypes = {CardType::visa, CardType::mastercard, CardType::amex,
                                    CardType::maestro, CardType::discover, CardType::optima,
                                    CardType::jcb, CardType::dinersClub, CardType::enroute},
                 .nouns = {Parameter{.name = "order", .value = "17"}}}}},
      {"pay_bank_account", Twiml{Pay{.bankAccountType = BankAccountType::commercialChecking,
                                     .paymentMethod = PaymentMethod::achDebit,
                                     .postalCode = "false",
                                     .tokenType = PayTokenType::oneTime}}},
      {"prompt_every_attribute",
       Twiml{Pay{
           .nouns =
               {Prompt{.attempt = {2, 3},
                       .cardType = {CardType::visa, CardType::dinersClub},
                       .errorType = {PayErrorType::timeout, PayErrorType::invalidCardNumber,
                                     PayErrorType::invalidCardType, PayErrorType::invalidDate,
                                     PayErrorType::invalidSecurityCode, PayErrorType::internalError,
                                     PayErrorType::inputMatchingFailed},
                       .for_ = PayStep::paymentCardNumber,
                       .requireMatchingInputs = true,
                       .prompt = {Say{"Once more, please."}, Pause{1s}, Play{"/audio/card.wav"}}},
                Prompt{.for_ = PayStep::expirationDate, .prompt = {Play{"/audio/date.wav"}}},
                Prompt{.attempt = {1}, .for_ = PayStep::bankRoutingNumber}}}}},
  };
}

}  // namespace ivr::support
