// What we sign is valid, and invalid once a byte of the signature is changed; no text forges a
// signature.

#include "fuzz.hpp"
#include "ivr/security/signature.hpp"

#include <algorithm>

using namespace ivr;
using namespace ivr::security;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const security::SignatureVerifier verifier{{"0123456789abcdef", "another token"}};
  fuzz::Pieces pieces{data, size};
  std::string url = "https://ivr.example.com/" + pieces.next();
  url.resize(std::min(url.find('#'), url.size()));  // a fragment is never requested, nor signed
  const std::string forged = pieces.next();
  const std::size_t position = pieces.next().size();
  const Form form = Form::parse(pieces.rest(), size).value();

  std::string signature = sign("another token", url, form);
  const security::SignedRequest genuine{.url = url, .form = &form, .signature = signature};
  require(verifier.verify(genuine) == security::SignatureVerdict::valid);

  security::SignedRequest other = genuine;
  other.signature = forged;
  const security::SignatureVerdict verdict = verifier.verify(other);
  require(verdict != security::SignatureVerdict::valid);
  require(!verifier.explain(verdict, other, {{"Host", forged}}).empty());

  char& changed = signature[position % signature.size()];
  changed = changed == 'A' ? 'B' : 'A';
  require(verifier.verify(genuine) != security::SignatureVerdict::valid);
  return 0;
}
