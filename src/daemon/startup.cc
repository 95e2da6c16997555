#include "daemon/startup.h"

#include <array>
#include <cstdint>
#include <optional>

#include "base/str.h"
#include "lifecycle/connect.h"
#include "lifecycle/version.h"
#include "lifecycle/version_roots.h"
#include "os/crash_dump.h"
#include "os/file.h"
#include "os/file_stamp.h"
#include "os/inheritance.h"
#include "os/lock.h"
#include "os/resource_limit.h"
#include "os/safe_directory.h"
#include "os/self.h"
#include "os/socket.h"

namespace zc::daemon {

namespace {

// For the reply to a status request, which nothing may delay (Service::standing_json).
constexpr int kReplyMs = 2'000;

// A program that the daemon runs must not inherit the pipe on which the starter waits.
os::Fd adopt(int fd) {
  return os::close_on_exec(fd) ? os::Fd(fd) : os::Fd();
}

Result<std::string> running_version(const std::string& endpoint, std::string_view own_version) {
  TRY_ASSIGN(wire::Connection connection, lifecycle::connect_daemon(endpoint));
  return lifecycle::daemon_version(connection, own_version, kReplyMs);
}

}  // namespace

Starter::Starter(int ready_fd, int slot_fd) : ready_(adopt(ready_fd)), slot_(adopt(slot_fd)) {}

void Starter::ready() {
  say("R");
}

void Starter::give_up(std::string_view reason) {
  say(str_cat(reason, '\n'));
}

void Starter::say(std::string_view text) {
  // Releases the slot first: a client that learns that the daemon is ready may take it.
  slot_.reset();
  if (ready_) {
    // A starter that no longer waits needs no report.
    (void)os::write_all(ready_.get(), text);
    ready_.reset();
  }
}

Result<> redirect_output(const std::string& path) {
  TRY_ASSIGN(const os::Fd fd, os::open_file(path, os::Open::kAppend));
  os::mark_in_use(fd.get());
  for (const int stream : {1, 2}) {
    if (const int err = os::replace_descriptor(stream, fd); err != 0) {
      return fail_errno(err, str_cat("cannot write to ", path));
    }
  }
  return {};
}

os::Fd hold_own_program() {
  Result<os::Fd> program = os::open_own_program();
  if (!program) {
    return os::Fd();
  }
  os::mark_in_use(program->get());
  return *std::move(program);
}

void detach_from_parent(const std::string& directory) {
  os::name_process("zccache-daemon");
  os::keep_new_files_private();
  os::raise_limits();
  if (!os::enter_directory(directory) && !os::enter_directory("/")) {
    return;  // Where we stand is as good as any place then.
  }
}

Result<> dump_crashes(const lifecycle::Locations& locations, std::string_view build) {
  TRY_ASSIGN(os::Fd dumps, os::make_private_directory(locations.crashes(), os::user_id()));
  os::dump_crashes(std::move(dumps), "zccache-daemon", build);
  return {};
}

Result<> require_limits() {
  constexpr std::uint64_t kGiB = 1U << 30;
  struct Need {
    os::Resource resource;
    std::uint64_t minimum;
    std::string_view name;
  };
  constexpr std::array kNeeds = {
      Need{os::Resource::kAddressSpace, 2 * kGiB, "address space (ulimit -v)"},
      Need{os::Resource::kData, kGiB, "data (ulimit -d)"},
      Need{os::Resource::kFileSize, 2 * kGiB, "size of files (ulimit -f)"},
      Need{os::Resource::kOpenFiles, 512, "open files (ulimit -n)"},
      Need{os::Resource::kProcessorSecs, 600, "processor time (ulimit -t)"},
      Need{os::Resource::kStack, 256U << 10, "stack (ulimit -s)"},
  };
  for (const Need& need : kNeeds) {
    const std::optional<os::ResourceLimit> limit = os::limit_on(need.resource);
    if (limit && limit->hard < need.minimum) {
      return fail(Code::kInvalid, str_cat("the hard limit on ", need.name, " is ", limit->hard,
                                          ", and the daemon needs ", need.minimum,
                                          "; run zccache start where there is no such limit"));
    }
  }
  return {};
}

std::string older_statistics(const lifecycle::Locations& locations, std::string_view version) {
  lifecycle::Locations older = locations;
  for (const lifecycle::VersionRoot& root :
       lifecycle::older_version_roots(locations.top_root, version)) {
    older.state = root.path + locations.state.substr(locations.root.size());
    if (os::stat_path(older.statistics())) {
      return older.statistics();
    }
  }
  return {};
}

std::string report(const lifecycle::Locations& locations, std::string_view own_version) {
  const Result<std::string> running = running_version(locations.endpoint, own_version);
  if (!running) {
    return str_cat("zccache-daemon ", own_version, ": no daemon at ", locations.endpoint, " (",
                   running.error().message, ")\n");
  }
  return str_cat("zccache-daemon ", own_version, ": version ", *running, " runs at ",
                 locations.endpoint, "\n");
}

}  // namespace zc::daemon
