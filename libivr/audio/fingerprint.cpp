#include "audio/fingerprint.hpp"

#include "core/text.hpp"

#include <new>
#include <xxhash.h>

namespace ivr::audio {

namespace {

std::string textOf(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  return hexText(canonical.digest);
}

}  // namespace

struct Fingerprinter::State {
  XXH3_state_t* xxh = XXH3_createState();
  State() {
    if (xxh == nullptr) throw std::bad_alloc{};
    XXH3_128bits_reset(xxh);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { XXH3_freeState(xxh); }
};

Fingerprinter::Fingerprinter() : state_(std::make_unique<State>()) {}
Fingerprinter::~Fingerprinter() = default;

void Fingerprinter::add(std::span<const char> bytes) {
  XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
}

std::string Fingerprinter::finish() const { return textOf(XXH3_128bits_digest(state_->xxh)); }

std::string fingerprintOf(std::string_view bytes) {
  return textOf(XXH3_128bits(bytes.data(), bytes.size()));
}

}  // namespace ivr::audio
