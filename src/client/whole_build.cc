#include "client/whole_build.h"

#include <cstdlib>
#include <string>

#include "base/path.h"
#include "base/str.h"
#include "client/observed_run.h"
#include "os/program_file.h"
#include "os/self.h"

namespace zc::client {

// NOLINTBEGIN(concurrency-mt-unsafe): one thread
bool serve_whole_build(std::string_view state_directory) {
  const Result<std::string> client = os::own_path();
  if (!client) {
    return false;
  }
  const std::string observer = find_observer(
      os::preload_of(str_cat(dir_name(*client), "/zccache-cli")), *client, state_directory);
  if (observer.empty()) {
    return false;
  }
  const char* const users = std::getenv("LD_PRELOAD");
  const std::string preload = users == nullptr ? observer : str_cat(observer, ':', users);
  return ::setenv("ZCCACHE_RUN", client->c_str(), 1) == 0 &&
         ::setenv("LD_PRELOAD", preload.c_str(), 1) == 0;
}
// NOLINTEND(concurrency-mt-unsafe)

}  // namespace zc::client
