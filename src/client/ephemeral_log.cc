#include "client/ephemeral_log.h"

#include <cstdlib>
#include <string>

#include "base/str.h"
#include "os/file.h"
#include "os/file_stamp.h"

namespace zc::client {

namespace {

std::string_view value_of(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  return view_or_empty(std::getenv(name));
}

}  // namespace

os::Fd open_ephemeral_log() {
  const std::string path(value_of("ZCCACHE_EPHEMERAL_LOG"));
  if (path.empty() || !value_of("ZCCACHE_SESSION_ID").empty()) {
    return {};
  }
  // To open a pipe could block.
  const Result<os::FileStamp> stamp = os::stat_path(path);
  if (stamp && !stamp->is_regular()) {
    return {};
  }
  return os::open_file(path, os::Open::kAppend).value_or(os::Fd());
}

}  // namespace zc::client
