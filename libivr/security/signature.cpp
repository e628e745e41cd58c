// HMAC copies a half-finished hash for each request. With the functions of OpenSSL 3 such a copy
// takes an allocation and more time than many a hash; with those of 1.1 it is a value.
#define OPENSSL_API_COMPAT 10101

#include "ivr/security/signature.hpp"

#include "core/text.hpp"
#include "http/url.hpp"
#include "ivr/core/error.hpp"
#include "security/address_mistakes.hpp"
#include "security/signed_forms.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory_resource>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <optional>
#include <set>
#include <span>

namespace ivr::security {

namespace {

constexpr std::size_t kSignatureLength = 28;

// What a stranger may cost us, in bytes that are hashed. A wrong signature costs twice what a right
// one does, and so much more that all forms of an address of usual size are tried.
constexpr std::size_t kCostOfAHash = 512;  // whatever it hashes
constexpr std::size_t kMoreForOtherForms = 8 << 10;
constexpr std::size_t kMaxExplanation = 256 << 10;
constexpr std::size_t kMaxAnalysedAddress = 8 << 10;
constexpr std::size_t kMaxAnalysedForm = 64 << 10;

using Signature = std::array<char, kSignatureLength>;

void require(int success) {
  if (success != 1) throw Error{ErrorKind::unavailable, "the cryptographic library failed"};
}

Signature base64(std::span<const unsigned char, SHA_DIGEST_LENGTH> bytes) {
  std::array<unsigned char, kSignatureLength + 1> text{};  // EVP_EncodeBlock ends with NUL
  EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  Signature signature;
  std::copy_n(text.begin(), kSignatureLength, signature.begin());
  return signature;
}

/// The fields of a form as they are signed: sorted by bytes, equal ones once, name and value
/// without separators. Those of a usual form need no memory but its own.
class SignedFields {
 public:
  explicit SignedFields(const Form* form) {  // NOLINT(cppcoreguidelines-pro-type-member-init): room
    if (form != nullptr) add(*form);
  }
  SignedFields(const SignedFields&) = delete;
  SignedFields& operator=(const SignedFields&) = delete;

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  struct Sortable {
    std::uint64_t prefix;  // the first bytes of the name as a number: settles most comparisons
    Form::Field field;
  };

  void add(const Form& form) {
    std::pmr::vector<Sortable> order{&memory_};
    order.reserve(form.size());
    std::size_t length = 0;
    for (const Form::Field field : form) {
      order.push_back({prefixOf(field.first), field});
      length += field.first.size() + field.second.size();
    }
    const auto before = [](const Sortable& a, const Sortable& b) {
      return a.prefix != b.prefix ? a.prefix < b.prefix : a.field < b.field;
    };
    if (!std::ranges::is_sorted(order, before)) std::ranges::sort(order, before);
    text_.reserve(length);
    const Sortable* previous = nullptr;
    for (const Sortable& one : order) {
      const bool isSameName = previous != nullptr && previous->prefix == one.prefix;
      if (isSameName && previous->field == one.field) continue;
      const auto& [name, value] = one.field;
      text_.append(name.data(), name.size() + value.size());  // see FieldList
      previous = &one;
    }
  }

  static std::uint64_t prefixOf(std::string_view name) noexcept {
    std::array<unsigned char, 8> head{};
    if (name.size() >= head.size()) {
      std::memcpy(head.data(), name.data(), head.size());
    } else {
      std::copy(name.begin(), name.end(), head.begin());
    }
    std::uint64_t prefix = 0;
    for (const unsigned char byte : head) prefix = prefix << 8 | byte;
    return prefix;
  }

  std::array<std::byte, 4 << 10> room_;
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  std::pmr::string text_{&memory_};
};

std::string_view withoutFragment(std::string_view address) {
  return address.substr(0, address.find('#'));
}

std::optional<std::string> queryValue(std::string_view address, std::string_view name) {
  address = withoutFragment(address);
  const std::size_t mark = address.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view query = address.substr(mark + 1);
  if (query.find(name) == std::string_view::npos) return std::nullopt;
  const auto fields = Form::parse(query, query.size() + 1);
  const auto value = fields->find(name);
  return value ? std::optional{std::string{*value}} : std::nullopt;
}

/// The parts of an address, of which the query is often long.
std::optional<http::Url> partsOf(std::string_view address) {
  address = withoutFragment(address);
  const std::size_t mark = address.find('?');
  auto url = http::Url::parse(address.substr(0, mark));
  if (url && mark != std::string_view::npos) url->query = address.substr(mark + 1);
  return url;
}

/// An address for the log: without credentials, and without the query, which may reveal something
/// about the caller.
std::string shown(http::Url url) {
  url.userinfo.reset();
  if (url.query) url.query = "...";
  return url.text();
}

}  // namespace

/// A token with the parts of HMAC (RFC 2104) that depend on it alone done in advance.
class SignatureVerifier::Key {
 public:
  explicit Key(std::string_view token) : token_(token) {
    // 1. a key longer than a block is hashed first
    Block block{};
    if (token.size() > block.size()) {
      require(EVP_Digest(token.data(), token.size(), block.data(), nullptr, EVP_sha1(), nullptr));
    } else {
      std::ranges::copy(token, block.begin());
    }
    // 2. both hashes begin with the key, each mixed with its own byte
    inner_ = begunWith(block, 0x36);
    outer_ = begunWith(block, 0x5c);
    OPENSSL_cleanse(block.data(), block.size());
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() {
    OPENSSL_cleanse(token_.data(), token_.size());
    OPENSSL_cleanse(&inner_, sizeof inner_);
    OPENSSL_cleanse(&outer_, sizeof outer_);
  }

  [[nodiscard]] const std::string& token() const noexcept { return token_; }

  /// The signature over `url` followed by `fields`.
  [[nodiscard]] Signature sign(std::string_view url, std::string_view fields) const {
    // 3. hash(outer key, hash(inner key, text))
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA_CTX hash = inner_;
    require(SHA1_Update(&hash, url.data(), url.size()));
    require(SHA1_Update(&hash, fields.data(), fields.size()));
    require(SHA1_Final(digest.data(), &hash));
    hash = outer_;
    require(SHA1_Update(&hash, digest.data(), digest.size()));
    require(SHA1_Final(digest.data(), &hash));
    return base64(digest);
  }

 private:
  using Block = std::array<unsigned char, SHA_CBLOCK>;

  static SHA_CTX begunWith(Block block, unsigned char mix) {
    for (unsigned char& byte : block) byte ^= mix;
    SHA_CTX hash{};
    require(SHA1_Init(&hash));
    require(SHA1_Update(&hash, block.data(), block.size()));
    OPENSSL_cleanse(block.data(), block.size());
    return hash;
  }

  std::string token_;
  SHA_CTX inner_{};
  SHA_CTX outer_{};
};

/// Looks for the address that a signature was made over. What depends on the request alone is made
/// once: its fields are sorted, its queries are put into their forms, and no text is tried twice.
class SignatureVerifier::Search {
 public:
  Search(const SignatureVerifier& verifier, const SignedRequest& request)
      : keys_(verifier.keys_), signature_(request.signature), fields_(request.form) {}

  /// Whether exactly this text was signed.
  [[nodiscard]] bool isSigned(std::string_view address) {
    if (signature_.size() != kSignatureLength) return false;
    int different = 1;
    for (const auto& key : keys_) {  // all of them: the time must not reveal which one matched
      const Signature expected = key->sign(address, fields_.text());
      different &= CRYPTO_memcmp(expected.data(), signature_.data(), expected.size()) != 0;
    }
    return different == 0;
  }

  /// The work that a text takes for each token, in bytes.
  [[nodiscard]] std::size_t costOf(std::string_view address) const noexcept {
    return kCostOfAHash + address.size() + fields_.text().size();
  }

  /// Marks a text as tried.
  void leaveOut(std::string_view address) { tried_.emplace(address); }

  /// How much work `findsAFormOf` may do for each token from now on.
  void allow(std::size_t work) noexcept { allowed_ = work; }

  /// Whether an address was signed in a form that has not been tried yet.
  [[nodiscard]] bool findsAFormOf(const http::Url& url) {
    auto queries = queries_.find(url.query);
    if (queries == queries_.end()) {
      queries = queries_.emplace(url.query, queryForms(url.query)).first;
    }
    for (std::string& form : signedForms(url, queries->second)) {
      const std::size_t cost = costOf(form);
      if (cost > allowed_) {
        isExhausted_ = true;
        return false;
      }
      if (!tried_.insert(form).second) continue;
      allowed_ -= cost;
      if (isSigned(form)) return true;
    }
    return false;
  }

  /// Whether a form was not tried, because it would have been too much work.
  [[nodiscard]] bool isExhausted() const noexcept { return isExhausted_; }

 private:
  const std::vector<std::shared_ptr<const Key>>& keys_;
  const std::string_view signature_;
  const SignedFields fields_;
  std::map<std::optional<std::string>, std::vector<std::string>> queries_ = {};
  std::set<std::string> tried_ = {};
  std::size_t allowed_ = 0;
  bool isExhausted_ = false;
};

std::string sign(std::string_view authToken, std::string_view url, const Form& form) {
  const std::vector<std::string> tokens{std::string{authToken}};
  return SignatureVerifier{tokens}.signature(url, form);
}

std::string bodySha256(std::string_view body) {
  std::array<unsigned char, 32> digest{};
  require(EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_sha256(), nullptr));
  return hexText(digest);
}

SignatureVerifier::SignatureVerifier(const std::vector<std::string>& authTokens) {
  for (const std::string& token : authTokens) {
    if (token.empty()) throw Error{ErrorKind::config, "an auth token is empty"};
    keys_.push_back(std::make_shared<const Key>(token));
  }
}

std::string SignatureVerifier::signature(std::string_view url, const Form& form) const {
  const Signature signature = keys_.at(0)->sign(url, SignedFields{&form}.text());
  return {signature.begin(), signature.end()};
}

bool SignatureVerifier::matches(const SignedRequest& request) const {
  Search search{*this, request};
  const std::string_view address = withoutFragment(request.url);
  if (search.isSigned(address)) return true;  // as usual
  // The time may reveal which form was signed: the signer knows that anyway.
  const std::optional<http::Url> url = partsOf(address);
  search.leaveOut(address);
  search.allow(search.costOf(address) + kMoreForOtherForms);
  return url && search.findsAFormOf(*url);
}

SignatureVerdict SignatureVerifier::verify(const SignedRequest& request) const {
  if (request.signature.empty()) return SignatureVerdict::missing;
  if (request.signature.size() != kSignatureLength) return SignatureVerdict::malformed;
  const auto promised =
      request.form == nullptr ? queryValue(request.url, "bodySHA256") : std::nullopt;
  if (request.form == nullptr && !request.body.empty() && !promised) {
    return SignatureVerdict::unsignedBody;
  }
  if (!matches(request)) return SignatureVerdict::mismatch;
  if (promised && *promised != bodySha256(request.body)) return SignatureVerdict::wrongBody;
  return SignatureVerdict::valid;
}

std::string SignatureVerifier::explain(SignatureVerdict verdict, const SignedRequest& request,
                                       const http::Headers& headers) const {
  switch (verdict) {
    case SignatureVerdict::valid: return "the signature is valid";
    case SignatureVerdict::missing:
      return "the header " + std::string{kSignatureHeader} +
             " is missing: the request is not the provider's, or a proxy removes the header";
    case SignatureVerdict::malformed:
      return "the header " + std::string{kSignatureHeader} + " is repeated or not 28 characters";
    case SignatureVerdict::wrongBody:
      return "the body is not the one that was signed: its SHA-256 is not the bodySHA256 of the "
             "address";
    case SignatureVerdict::unsignedBody:
      return "the body is not a form, and the address has no bodySHA256 that vouches for it";
    case SignatureVerdict::mismatch: break;
  }
  return explainMismatch(request, headers);
}

std::string SignatureVerifier::explainMismatch(const SignedRequest& request,
                                               const http::Headers& headers) const {
  const std::optional<http::Url> ours = partsOf(request.url);
  if (!ours) return "the public URL of this application is not a URL";
  std::size_t formBytes = 0;
  if (request.form != nullptr) {
    for (const auto& [name, value] : *request.form) formBytes += name.size() + value.size();
  }
  if (formBytes > kMaxAnalysedForm || request.url.size() > kMaxAnalysedAddress) {
    return "no configured token made it; the request is too large to look for the reason";
  }

  // 1. a token with characters that do not belong to it
  std::vector<std::string> clean;
  for (const auto& key : keys_) {
    const std::string token{trimmed(key->token(), " \t\r\n\"'")};
    if (!token.empty() && token != key->token()) clean.push_back(token);
  }
  if (!clean.empty() && SignatureVerifier{clean}.matches(request)) {
    return "wrong token: the configured one has blanks, line ends or quotes around it";
  }
  // 2. the address
  Search search{*this, request};
  search.allow(kMaxExplanation / std::max<std::size_t>(keys_.size(), 1));
  for (const AddressMistake& mistake : usualMistakes(*ours, headers)) {
    if (search.findsAFormOf(mistake.url)) {
      return "wrong " + mistake.what + ": it was signed for " + shown(mistake.url) +
             ", and this application takes its public address to be " + shown(*ours);
    }
    if (search.isExhausted()) break;
  }
  // 3. the fields
  if (request.form != nullptr && !request.form->empty()) {
    const SignedRequest bare{.url = request.url, .signature = request.signature};
    if (matches(bare)) return "wrong body: it was signed without these form fields";
  }
  return std::string{
             "wrong token, or the form was changed on the way: no configured token made it, for "
             "this address or "} +
         (search.isExhausted() ? "the first of the usual mistakes about it; the request is too "
                                 "large to try the others"
                               : "the usual mistakes about it");
}

}  // namespace ivr::security
