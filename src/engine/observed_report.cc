#include "engine/observed_report.h"

#include <unistd.h>

#include "os/file.h"

namespace zc::engine {

using compiler::Bypass;
using compiler::Reason;

namespace {
constexpr std::uint64_t kObservationBytesMax = std::uint64_t{256} << 20;
}

std::optional<Bypass> ObservedReport::read(const Report& report, const OwnPaths& own,
                                           const os::FileSystem& fs) {
  if (!report.memory_file || ::lseek(*report.memory_file, 0, SEEK_SET) != 0) {
    return Bypass{Reason::kNotObserved,
                  "the observer is not installed, or memory files are not there"};
  }
  Result<std::string> bytes = os::read_fd(*report.memory_file, kObservationBytesMax);
  if (!bytes) {
    return Bypass{Reason::kNotObserved, bytes.error().message};
  }
  text = *std::move(bytes);
  std::optional<Trace> found = read_trace(text, own, fs);
  if (!found) {
    return Bypass{Reason::kNotObserved, "the observation is damaged"};
  }
  trace = *std::move(found);
  return std::nullopt;
}

}  // namespace zc::engine
