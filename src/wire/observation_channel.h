// The channel of an observed run: memory that the daemon makes, and that every observed process
// maps and writes its records to (docs/formats/observation.md; the other side is
// src/observer/channel.cc, which includes no header of this directory).
//
//   header   the mark, and how many bytes behind the header are taken
//   record   its size, its text, and zeroes up to a multiple of 8; the size is written last
//
// A process may be killed in the middle of a record, may write anything, and may go on writing
// after the run. So the daemon first copies all records of one moment, and rejects all of them if
// one is not finished.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "os/memory_file.h"

namespace zc::wire {

// Address space rather than memory: a page takes memory when it is written. A C++ compile with
// three headers of the library writes 88 KB (ADR 17).
inline constexpr std::size_t kObservationChannelBytes = std::size_t{64} << 20;
inline constexpr std::size_t kObservationHeaderBytes = 64;
// The first bytes of the header; the number of bytes that are taken follows.
inline constexpr std::uint64_t kObservationMark = 0x31'73'62'6f'7a'63'63'61;  // "acczobs1"
inline constexpr std::size_t kObservationTakenOffset = 8;
// Seconds that the observer adds to the time of day, signed.
inline constexpr std::size_t kObservationClockOffset = 16;

// A channel without records. The caller owns it, and keeps it until the run has been reported.
// Errors: kIo.
Result<os::MemoryFile> make_observation_channel(std::int64_t clock_shift_s = 0);

// The texts of the records, each with a NUL byte behind it, as decode_observation takes them.
// Errors: kInvalid, with the reason, if the channel does not have all of them.
Result<std::string> read_observation_channel(std::span<const char> channel);

}  // namespace zc::wire
