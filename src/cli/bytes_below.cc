#include "cli/bytes_below.h"

#include <filesystem>
#include <system_error>

#include "os/file_stamp.h"

namespace zc::cli {

std::uint64_t bytes_below(const std::string& root) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(root, error), end; !error && at != end;
       at.increment(error)) {
    const Result<os::FileStamp> stamp = os::stat_link(at->path());
    if (stamp && stamp->is_regular()) {
      bytes += stamp->size_bytes;
    }
  }
  return bytes;
}

}  // namespace zc::cli
