#include "lifecycle/spawn.h"

#include <algorithm>
#include <array>

#include "base/config_places.h"
#include "base/path.h"
#include "base/str.h"
#include "lifecycle/event_log.h"
#include "lifecycle/gc.h"
#include "lifecycle/start_mark.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/pipe.h"
#include "os/process.h"
#include "os/safe_directory.h"
#include "os/self.h"
#include "os/socket.h"

namespace zc::lifecycle {

namespace {

constexpr std::string_view kDaemonName = "zccache-daemon";

// Descriptors as the daemon finds them.
constexpr int kReadyFd = 3;
constexpr int kSlotFd = 4;

std::string own_path() {
  return os::own_path().value_or(std::string());
}

std::string_view name_of(std::string_view assignment) {
  return assignment.substr(0, assignment.find('='));
}

// The daemon serves all builds of a user, so nothing of the one that happens to start it may reach
// it but its own settings: no preloads, no library paths, no secrets. Programs built with
// sanitizers or for coverage take their settings from the others; those of a user read none of
// them.
bool reaches_daemon(std::string_view name) {
  constexpr std::array<std::string_view, 8> kOthers = {"RUNNING_PROCESS_ORIGINATOR",
                                                       "ASAN_OPTIONS",
                                                       "LSAN_OPTIONS",
                                                       "TSAN_OPTIONS",
                                                       "UBSAN_OPTIONS",
                                                       "GCOV_PREFIX",
                                                       "GCOV_PREFIX_STRIP",
                                                       "LLVM_PROFILE_FILE"};
  return name.starts_with("ZCCACHE_") || std::ranges::find(kOthers, name) != kOthers.end();
}

std::string spawn_log_path(const Locations& locations) {
  const std::string infix =
      locations.daemon_namespace.empty() ? std::string() : locations.daemon_namespace + '-';
  return str_cat(locations.logs(), "/daemon-spawn-", infix, os::process_id(), '-', os::wall_ns(),
                 ".log");
}

// What the daemon says on its ready descriptor: one 'R', or why it gives up.
Result<Readiness> wait_for_ready(const os::Fd& ready, int wait_ms, const std::string& log_path) {
  const os::Deadline deadline(wait_ms);
  std::string said;
  while (true) {
    if (!os::wait_for_bytes(ready.get(), deadline.left_ms())) {
      return Readiness::kNotYet;
    }
    char buffer[512];
    const Result<std::size_t> n = os::read_some(ready.get(), buffer, sizeof buffer);
    if (!n || *n == 0) {
      break;
    }
    said.append(buffer, *n);
    if (said.starts_with('R')) {
      return Readiness::kReady;
    }
  }
  return fail(Code::kUnavailable, said.empty()
                                      ? str_cat("the daemon exited at once; see ", log_path)
                                      : str_cat("the daemon gave up: ", trim(said)));
}

// A program that may be executed but not read runs without a copy.
Result<os::Fd> open_program(const std::string& path) {
  if (Result<os::Fd> readable = os::open_file(path, os::Open::kRead)) {
    return readable;
  }
  return os::open_file(path, os::Open::kExecute);
}

std::string copy_name(const std::string& canonical) {
  // Different for each attempt in all likelihood; the copy is made only if no file has the name.
  const auto subsecond = static_cast<std::uint32_t>(os::wall_ns() % 1'000'000'000);
  const std::uint32_t id = static_cast<std::uint32_t>(os::process_id()) ^ subsecond;
  return str_cat(kDaemonName, '.', id, extension(canonical));
}

Result<os::Fd> start_process(const Caller& caller, const std::string& canonical,
                             const os::FileLock& slot, const std::string& log_path) {
  const Locations& locations = caller.locations;
  TRY_ASSIGN(os::Pipe pipe, os::make_pipe());
  os::Fd read_end = std::move(pipe.read);
  const os::Fd write_end = std::move(pipe.write);
  TRY_ASSIGN(const os::Fd program_file, open_program(canonical));
  const Result<os::Fd> copies =
      os::make_private_directory(locations.runtime_binaries(), os::user_id());
  const os::DetachedProgram program = {
      .program = program_file.get(),
      .copy_directory = copies ? copies->get() : -1,
      .copy_name = copy_name(canonical),
      .args = {canonical, "--foreground", "--endpoint", locations.endpoint, "--log-file", log_path,
               "--ready-fd", str_cat(kReadyFd), "--slot-fd", str_cat(kSlotFd)},
      .env = daemon_environment(caller, os::process_id()),
      .directory = locations.state,
      .fds = {write_end.get(), slot.fd()}};
  if (Result<> spawned = os::spawn_detached(program); !spawned) {
    return fail(spawned.error().code,
                str_cat("failed to spawn daemon (sanitized): ", spawned.error().message),
                spawned.error().os_errno);
  }
  return read_end;
}

// The daemon gets none of the variables by which its user's file of settings is found.
std::string config_file(const Caller& caller) {
  const auto value = [&](const char* name) {
    return view_or_empty(variable(caller.environment, name));
  };
  return user_config_file(value("ZCCACHE_CONFIG"), value("XDG_CONFIG_HOME"), value("HOME"),
                          os::working_directory().value_or("/"));
}

}  // namespace

Result<std::string> find_daemon_binary(const char* const* environment) {
  if (const std::string own = own_path(); !own.empty()) {
    std::string beside = join_path(dir_name(own), kDaemonName);
    if (os::stat_path(beside)) {
      return beside;
    }
  }
  // An installation may keep the daemon elsewhere. An empty entry is the working directory.
  if (const char* path = variable(environment, "PATH")) {
    const std::string cwd = os::working_directory().value_or("/");
    for (const std::string_view entry : split(path, ':')) {
      std::string candidate = join_path(join_path(cwd, entry), kDaemonName);
      const Result<os::FileStamp> stamp = os::stat_path(candidate);
      if (stamp && stamp->is_regular()) {
        return candidate;
      }
    }
  }
  return fail(Code::kNotFound, "cannot find zccache-daemon binary");
}

std::vector<std::string> daemon_environment(const Caller& caller, long client_pid) {
  const char* originator = variable(caller.environment, "RUNNING_PROCESS_ORIGINATOR");
  const char* lineage = variable(caller.environment, "ZCCACHE_LINEAGE");
  const std::string pid = str_cat(client_pid);
  std::vector<std::string> out;
  if (originator == nullptr || !is_utf8(originator)) {
    out.push_back("RUNNING_PROCESS_ORIGINATOR=zccache-cli:" + pid);
  }
  if (lineage == nullptr || !is_utf8(lineage)) {
    out.push_back("ZCCACHE_LINEAGE=" + pid);
  } else if (split(lineage, '>').back() != pid) {
    out.push_back(str_cat("ZCCACHE_LINEAGE=", lineage, '>', pid));
  }
  out.push_back("ZCCACHE_PARENT_PID=" + pid);
  out.push_back("ZCCACHE_CLIENT_PID=" + pid);
  out.push_back(str_cat("ZCCACHE_CLIENT_VERSION=", caller.version));
  out.push_back("ZCCACHE_CACHE_DIR=" + caller.locations.top_root);
  out.push_back("ZCCACHE_ENDPOINT=" + caller.locations.endpoint);
  if (!caller.locations.state_root.empty()) {
    out.push_back("ZCCACHE_DAEMON_STATE_DIR=" + caller.locations.state_root);
  }
  if (const std::string file = config_file(caller); !file.empty()) {
    out.push_back("ZCCACHE_CONFIG=" + file);
  }
  const std::size_t own = out.size();
  for (const char* const* at = caller.environment; *at != nullptr; ++at) {
    bool replaced = false;
    for (std::size_t i = 0; i < own; ++i) {
      replaced = replaced || name_of(out[i]) == name_of(*at);
    }
    if (!replaced && reaches_daemon(name_of(*at))) {
      out.emplace_back(*at);
    }
  }
  return out;
}

Result<Readiness> spawn_and_wait(const Caller& caller, std::string_view reason,
                                 const os::FileLock& slot, int wait_ms) {
  const Locations& locations = caller.locations;
  TRY_ASSIGN(const std::string canonical, find_daemon_binary(caller.environment));
  LifecycleEvent("spawn-attempt", locations)
      .text("reason", reason)
      .text("endpoint", locations.endpoint)
      .number("client_pid", os::process_id())
      .text("client_version", caller.version)
      .text("client_binary_path", own_path())
      .append();
  // Each start cleans up after earlier daemons.
  gc_runtime_binaries(locations.runtime_binaries());
  gc_logs(locations.logs());
  const std::string log_path = spawn_log_path(locations);
  mark_start(locations);
  TRY_ASSIGN(const os::Fd ready, start_process(caller, canonical, slot, log_path));
  return wait_for_ready(ready, wait_ms, log_path);
}

}  // namespace zc::lifecycle
