// What observed programs wrote, or whoever else found the channel: its records, and the whole of
// it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/str.h"
#include "fuzz/require.h"
#include "wire/observation.h"
#include "wire/observation_channel.h"

namespace {

// The bytes as a channel: with its mark, so that the search gets beyond that.
void read_channel(const std::uint8_t* data, std::size_t size) {
  using zc::wire::kObservationMark;
  std::vector<std::uint64_t> words((sizeof kObservationMark + size + 7) / 8);
  std::copy_n(data, size, reinterpret_cast<std::uint8_t*>(words.data() + 1));
  words.front() = kObservationMark;
  const std::span<const char> channel(reinterpret_cast<const char*>(words.data()),
                                      sizeof kObservationMark + size);
  if (const auto text = zc::wire::read_observation_channel(channel)) {
    zc::fuzz::require(text->size() <= size, "nothing is read twice");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_channel(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto records = zc::wire::decode_observation(text);
  if (!records) {
    return 0;
  }
  std::string again;
  for (const zc::wire::ObservedEvent& record : *records) {
    zc::str_append(again, record.kind, record.pid, ' ', record.error, ' ', record.time_ms, ' ',
                   record.bytes, '\0');
  }
  zc::fuzz::require(again == text, "each observation has one spelling");
  return 0;
}
