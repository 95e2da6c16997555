// zccache doctor: the daemon that compiles would reach, and what daemons have left behind.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/str.h"
#include "base/version_order.h"
#include "cli/command.h"
#include "cli/finding.h"
#include "cli/path_programs.h"
#include "lifecycle/connect.h"
#include "lifecycle/version.h"
#include "os/command.h"
#include "os/file_stamp.h"
#include "os/lock.h"
#include "os/name.h"

namespace zc::cli {

namespace {

// For a person who waits; a daemon that serves replies at once.
constexpr int kDoctorReplyMs = 2'000;

std::string stop_advice(const Setup& setup) {
  return setup.caller.locations.daemon_namespace.empty()
             ? "zccache stop"
             : str_cat("ZCCACHE_DAEMON_NAMESPACE=", setup.caller.locations.daemon_namespace,
                       " zccache stop");
}

Finding check_build(const Setup& setup, std::string_view version, std::string_view pid) {
  const std::string_view own = setup.caller.version;
  switch (compare_versions(version, own)) {
    case VersionOrder::kSame:
      return is_ok(str_cat("the daemon", pid, " is of this build, ", version));
    case VersionOrder::kDaemonNewer:
      return warning(
          str_cat("the daemon", pid, " is of a newer build, ", version, "; this one is ", own),
          str_cat("nothing, if that is wanted: it serves both; else ", stop_advice(setup)));
    case VersionOrder::kDaemonOlder:
      break;
  }
  const auto end = [&setup] {
    return stop(setup.caller, {}) == kDone ? Result<>()
                                           : fail(Code::kUnavailable, "the daemon does not end");
  };
  return warning(
      str_cat("the daemon", pid, " is of an older build, ", version, "; this one is ", own),
      str_cat(stop_advice(setup), "; the next compile starts one of this build"), end);
}

// The daemon's own word: a request that it serves nowhere but refuses with another reason where the
// two are of different worlds (ADR 19). Nothing: there is no compiler to name in it.
std::optional<Finding> check_world(const Setup& setup) {
  constexpr std::string_view kRefusal = "not cached: different_world ";
  for (const std::string_view compiler : {"cc", "gcc", "clang"}) {
    if (!find_program(setup.search_path, compiler)) {
      continue;
    }
    const Result<os::CommandOutput> output = os::PosixCommandRunner().run(
        {.args = {setup.client, "wrap", std::string(compiler), "--version"},
         .env = environment_with(setup,
                                 {"ZCCACHE_LOG=debug", "ZCCACHE_NO_SPAWN=1", "ZCCACHE_DISABLE="}),
         .cwd = "/"});
    const std::string said = output ? output->err : std::string();
    const std::size_t refusal = said.find(kRefusal);
    if (refusal == std::string::npos) {
      return std::nullopt;
    }
    const std::string_view rest = std::string_view(said).substr(refusal + kRefusal.size());
    return problem(str_cat("the daemon runs in another container, namespace or root directory, so "
                           "it serves no compile in this one; what differs: ",
                           rest.substr(0, rest.find('\n'))),
                   "export ZCCACHE_DAEMON_NAMESPACE=\"$HOSTNAME\" in here, or zccache stop where "
                   "the daemon runs");
  }
  return std::nullopt;
}

// With the locks of a client that starts a daemon and of a daemon, so neither is there.
Result<> remove_leftover_files(const lifecycle::Locations& at) {
  TRY_ASSIGN(const auto starting, os::FileLock::try_take(at.lock + ".spawn"));
  TRY_ASSIGN(const auto serving, os::FileLock::try_take(at.lock));
  if (!starting || !serving) {
    return fail(Code::kUnavailable, "a daemon is starting just now");
  }
  for (const std::string& path : {at.endpoint, at.start_mark(), at.lock + ".silent", at.lock}) {
    (void)os::remove_name(path);
  }
  return {};
}

bool has_name(const std::string& path) {
  return os::stat_link(path).has_value();
}

FindingList check_absent(const Setup& setup) {
  const lifecycle::Locations& at = setup.caller.locations;
  FindingList out;
  const auto mend = [&at] { return remove_leftover_files(at); };
  if (has_name(at.start_mark())) {
    out.push_back(
        warning("the last start of a daemon failed, so compiles wait before they try again",
                "zccache start tries at once, and prints the cause", mend));
  }
  if (has_name(at.endpoint)) {
    out.push_back(warning(str_cat("a daemon that was killed has left its socket, ", at.endpoint),
                          "nothing: the next one takes its place", mend));
  }
  if (out.empty()) {
    out.push_back(is_ok("no daemon runs; the first compile starts one"));
  }
  return out;
}

Finding silent_daemon(const Setup& setup, std::string_view pid, std::string_view what) {
  return problem(str_cat("the daemon", pid, ' ', what), stop_advice(setup));
}

}  // namespace

FindingList check_daemon(const Setup& setup) {
  const lifecycle::Locations& at = setup.caller.locations;
  const std::optional<os::ProcessHandle> process = lifecycle::live_daemon(at.lock);
  const std::string pid = process ? str_cat(" (pid ", process->pid(), ")") : std::string();
  Result<wire::Connection> connection = lifecycle::connect_daemon(at.endpoint);
  if (!connection && connection.error().code == Code::kInvalid) {
    return {problem(connection.error().message, "set ZCCACHE_ENDPOINT to a path of your own")};
  }
  if (!connection) {
    return process ? FindingList{silent_daemon(setup, pid, "accepts no connections")}
                   : check_absent(setup);
  }
  const Result<std::string> version =
      lifecycle::daemon_version(*connection, setup.caller.version, kDoctorReplyMs);
  if (!version) {
    return {silent_daemon(setup, pid, str_cat("sends no reply: ", version.error().message))};
  }
  FindingList out = {check_build(setup, *version, pid)};
  if (auto world = check_world(setup)) {
    out.push_back(*std::move(world));
  }
  return out;
}

}  // namespace zc::cli
