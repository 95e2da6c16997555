#include "wire/observation_channel.h"

#include <algorithm>
#include <cstring>

#include "wire/observation.h"

namespace zc::wire {

namespace {

constexpr std::size_t kAlignment = 8;
constexpr std::size_t kSizeBytes = sizeof(std::uint32_t);
// The bytes before the path or name of an event are fewer.
constexpr std::size_t kHeadBytesMax = 64;
constexpr std::size_t kRecordBytesMax = kHeadBytesMax + kObservedBytesMax;

// Processes may write to both at the same time. The offset is a multiple of the size. "Acquire" is
// the counterpart of the observer's "release": if the size of a record is seen, its text is as
// well.
template <class Number>
Number load(std::span<const char> bytes, std::size_t offset) {
  return __atomic_load_n(reinterpret_cast<const Number*>(bytes.data() + offset), __ATOMIC_ACQUIRE);
}

}  // namespace

Result<os::MemoryFile> make_observation_channel(std::int64_t clock_shift_s) {
  TRY_ASSIGN(os::MemoryFile channel,
             os::MemoryFile::make("zccache-observation", kObservationChannelBytes));
  std::memcpy(channel.bytes().data(), &kObservationMark, sizeof kObservationMark);
  std::memcpy(channel.bytes().data() + kObservationClockOffset, &clock_shift_s,
              sizeof clock_shift_s);
  return channel;
}

Result<std::string> read_observation_channel(std::span<const char> channel) {
  if (channel.size() < kObservationHeaderBytes ||
      load<std::uint64_t>(channel, 0) != kObservationMark) {
    return fail(Code::kInvalid, "the observation is damaged");
  }
  const std::span<const char> room = channel.subspan(kObservationHeaderBytes);
  // Once: what is written later is not part of this run.
  const auto taken = load<std::uint64_t>(channel, kObservationTakenOffset);
  if (taken > room.size()) {
    return fail(Code::kInvalid, "the run looked at more than an observation holds");
  }
  std::string out;
  std::size_t at = 0;
  while (at < taken) {
    if (taken - at < kAlignment) {
      return fail(Code::kInvalid, "the observation is damaged");
    }
    const std::size_t size = load<std::uint32_t>(room, at);
    if (size == 0) {
      return fail(Code::kInvalid, "a process ended in the middle of a record");
    }
    if (size > std::min(kRecordBytesMax, taken - at - kSizeBytes)) {
      return fail(Code::kInvalid, "the observation is damaged");
    }
    out.append(room.data() + at + kSizeBytes, size).push_back('\0');
    at += (kSizeBytes + size + kAlignment - 1) / kAlignment * kAlignment;
  }
  return out;
}

}  // namespace zc::wire
