#include <algorithm>
#include <string>
#include <vector>

#include "base/str.h"
#include "cli/command.h"
#include "cli/daemon_settings.h"
#include "cli/request.h"
#include "cli/settings_view.h"
#include "codec/json.h"
#include "lifecycle/connect.h"
#include "lifecycle/ensure.h"
#include "lifecycle/version.h"

namespace zc::cli {

namespace {

// Prints what is wrong with the settings: the daemon runs with defaults, so the user should know
// now.
void print_warnings(const lifecycle::Caller& caller) {
  const codec::Json standing = standing_of_daemon(caller);
  std::vector<std::string> warnings;
  for (const codec::Json& warning : standing.at("warnings").elements()) {
    warnings.push_back(warning.as_text());
  }
  const SettingsView view = view_settings(caller);
  for (const std::string& problem : view.problems) {
    if (std::ranges::find(warnings, problem) == warnings.end()) {
      warnings.push_back(problem);
    }
  }
  const std::vector<std::string> different = differences(view, standing);
  warnings.insert(warnings.end(), different.begin(), different.end());
  for (const std::string& warning : warnings) {
    print_note(str_cat("warning: ", warning));
  }
}

// By its lock, so that one that is silent is waited for only once. 0: none runs.
std::int32_t pid_of_daemon(const lifecycle::Caller& caller) {
  const auto daemon = lifecycle::live_daemon(caller.locations.lock);
  return daemon ? daemon->pid() : 0;
}

// As ZCCACHE_LOG sets it for the daemon's log.
bool wants_information(const lifecycle::Caller& caller) {
  const char* level = lifecycle::variable(caller.environment, "ZCCACHE_LOG");
  return level == nullptr ||
         (std::string_view(level) != "error" && std::string_view(level) != "warn");
}

}  // namespace

int start(const lifecycle::Caller& caller, Args args) {
  if (!args.empty()) {
    return bad_argument("start", args[0]);
  }
  lifecycle::Caller talkative = caller;
  talkative.inform = wants_information(caller) ? print_note : nullptr;
  const std::int32_t pid_before = pid_of_daemon(caller);
  if (const Result<> ready = lifecycle::ensure_daemon(talkative); !ready) {
    print_note(str_cat("failed to start daemon: ", ready.error().message));
    return kFailed;
  }
  print_warnings(caller);
  if (lifecycle::check_daemon_version(caller.locations.endpoint, caller.version).state ==
      lifecycle::DaemonState::kNewer) {
    print_note(str_cat("warning: the daemon is of a newer build than this one, ", caller.version,
                       "; to use this one, type: zccache stop"));
  }
  const std::int32_t pid = pid_of_daemon(caller);
  print_note(str_cat(
      "daemon running at ", caller.locations.endpoint,
      pid != 0 && pid == pid_before ? str_cat(", as before, with pid ", pid) : std::string()));
  return kDone;
}

}  // namespace zc::cli
