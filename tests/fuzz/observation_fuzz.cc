// What observed programs wrote, or whoever else found the memory file.
#include <cstddef>
#include <cstdint>

#include "base/str.h"
#include "fuzz/require.h"
#include "wire/observation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto records = zc::wire::decode_observation(text);
  if (!records) {
    return 0;
  }
  std::string again;
  for (const zc::wire::ObservedRecord& record : *records) {
    zc::str_append(again, record.kind, record.pid, ' ', record.error, ' ', record.time_ms, ' ',
                   record.bytes, '\0');
  }
  zc::fuzz::require(again == text, "each observation has one spelling");
  return 0;
}
