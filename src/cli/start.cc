#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "codec/json.h"
#include "lifecycle/connect.h"
#include "lifecycle/ensure.h"

namespace zc::cli {

namespace {

// Prints what the daemon found wrong with its settings: it runs with defaults, so the user should
// know now.
void print_warnings(const lifecycle::Caller& caller) {
  const Result<std::string> text =
      request(caller, wire::Type::kStatus, wire::Type::kStatusReply, lifecycle::kStatusReplyMs);
  const Result<codec::Json> json = text ? codec::Json::parse(*text) : codec::Json();
  if (json) {
    for (const codec::Json& warning : json->at("warnings").elements()) {
      print_note(str_cat("warning: ", warning.as_text()));
    }
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
  const std::int32_t pid = pid_of_daemon(caller);
  print_note(str_cat(
      "daemon running at ", caller.locations.endpoint,
      pid != 0 && pid == pid_before ? str_cat(", as before, with pid ", pid) : std::string()));
  return kDone;
}

}  // namespace zc::cli
