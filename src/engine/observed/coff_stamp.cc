#include "engine/observed/coff_stamp.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "os/read_parts.h"

namespace zc::engine {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// PE format, "COFF File Header" and, for many sections, ANON_OBJECT_HEADER_BIGOBJ.
constexpr std::size_t kMachineAt = 0;
constexpr std::size_t kStampAt = 4;
constexpr std::size_t kBigMachineAt = 6;
constexpr std::size_t kBigStampAt = 8;
constexpr std::size_t kBeginningBytes = 12;
constexpr std::string_view kBig("\0\0\xff\xff", 4);

// x86, x86-64, ARM, ARM64, ARM64EC, ARM64X.
constexpr std::array<std::uint32_t, 6> kMachines = {0x14c, 0x8664, 0x1c4, 0xaa64, 0xa641, 0xa64e};

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < size; ++i) {
    out |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return out;
}

constexpr std::string_view kTime = "time";

bool asks_time(const Trace& trace) {
  return std::ranges::find(trace.times, kTime, &Query::about) != trace.times.end();
}

std::unexpected<compiler::Bypass> stamped() {
  return bypass(Reason::kUnrepeatableInput, std::string(kTime));
}

std::string beginning_of(const RunOutputs::Output& output) {
  return output.bytes     ? output.bytes->substr(0, kBeginningBytes)
         : output.fd >= 0 ? os::read_whole(output.fd, kBeginningBytes).value_or(std::string())
                          : std::string();
}

}  // namespace

bool has_coff_stamp(std::string_view beginning) {
  if (beginning.size() < kBeginningBytes) {
    return false;
  }
  const bool is_big = beginning.starts_with(kBig);
  const std::uint32_t machine = number_at(beginning, is_big ? kBigMachineAt : kMachineAt, 2);
  return std::ranges::find(kMachines, machine) != kMachines.end() &&
         number_at(beginning, is_big ? kBigStampAt : kStampAt, 4) != 0;
}

OrBypass<> check_coff_stamps(const os::FileSystem& fs, const Trace& trace,
                             const std::set<std::string>& outputs) {
  return asks_time(trace) &&
                 std::ranges::any_of(
                     outputs,
                     [&](const std::string& path) {
                       return has_coff_stamp(
                           fs.read_beginning(path, kBeginningBytes).value_or(std::string()));
                     })
             ? stamped()
             : OrBypass<>();
}

OrBypass<> check_coff_stamps(const Trace& trace, const RunOutputs& outputs) {
  return asks_time(trace) && std::ranges::any_of(outputs.outputs,
                                                 [](const RunOutputs::Output& output) {
                                                   return has_coff_stamp(beginning_of(output));
                                                 })
             ? stamped()
             : OrBypass<>();
}

}  // namespace zc::engine
