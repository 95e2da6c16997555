#include "daemon/crash_dump.h"

#include "os/crash_dump.h"
#include "os/safe_directory.h"
#include "os/self.h"

namespace zc::daemon {

Result<> dump_crashes(const lifecycle::Locations& locations, std::string_view build) {
  TRY_ASSIGN(os::Fd dumps, os::make_private_directory(locations.crashes(), os::user_id()));
  os::dump_crashes(std::move(dumps), "zccache-daemon", build);
  return {};
}

}  // namespace zc::daemon
