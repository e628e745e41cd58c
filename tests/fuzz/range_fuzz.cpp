// Every range lies within the file and is not empty.

#include "audio/range.hpp"
#include "fuzz.hpp"

#include <cstring>

using namespace ivr;
using namespace ivr::audio;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::uint64_t fileSize = 0;
  if (size < sizeof fileSize) return 0;
  std::memcpy(&fileSize, data, sizeof fileSize);
  const std::string header =
      "bytes=" + std::string{reinterpret_cast<const char*>(data), size}.substr(sizeof fileSize);

  for (const std::string_view text :
       {std::string_view{header}, std::string_view{header}.substr(6)}) {
    const RangeRequest request = parseRange(text, fileSize);
    const auto* ranges = std::get_if<std::vector<ByteRange>>(&request);
    if (ranges == nullptr) continue;
    require(!ranges->empty());
    for (const ByteRange& range : *ranges) {
      require(range.length > 0);
      require(range.offset < fileSize);
      require(range.length <= fileSize - range.offset);
    }
  }
  return 0;
}
