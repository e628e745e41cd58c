#pragma once
// Fingerprints of content: what changes in a link when the file behind it changes.

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ivr::audio {

/// Makes the fingerprint of bytes that come in pieces: XXH3, 128 bits, as 32 lower-case hex digits.
/// Not for security.
class Fingerprinter {
 public:
  Fingerprinter();
  Fingerprinter(const Fingerprinter&) = delete;
  Fingerprinter& operator=(const Fingerprinter&) = delete;
  ~Fingerprinter();

  void add(std::span<const char> bytes);
  [[nodiscard]] std::string finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The fingerprint of all of `bytes`.
[[nodiscard]] std::string fingerprintOf(std::string_view bytes);

}  // namespace ivr::audio
