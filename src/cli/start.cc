#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "codec/json.h"
#include "lifecycle/ensure.h"

namespace zc::cli {

namespace {

// What the daemon says of itself; empty if none runs.
codec::Json ask_daemon(const lifecycle::Caller& caller) {
  const Result<std::string> text =
      request(caller, wire::Type::kStatus, wire::Type::kStatusReply, lifecycle::kStatusReplyMs);
  return text ? codec::Json::parse(*text).value_or(codec::Json()) : codec::Json();
}

// Prints what the daemon found wrong with its settings: it runs with defaults, so the user should
// know now.
void print_warnings(const codec::Json& daemon) {
  for (const codec::Json& warning : daemon.at("warnings").elements()) {
    print_note(str_cat("warning: ", warning.as_text()));
  }
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
  const std::uint64_t pid_before = ask_daemon(caller).at("pid").as_u64();
  if (const Result<> ready = lifecycle::ensure_daemon(talkative); !ready) {
    print_note(str_cat("failed to start daemon: ", ready.error().message));
    return kFailed;
  }
  const codec::Json daemon = ask_daemon(caller);
  print_warnings(daemon);
  const std::uint64_t pid = daemon.at("pid").as_u64();
  print_note(str_cat(
      "daemon running at ", caller.locations.endpoint,
      pid != 0 && pid == pid_before ? str_cat(", as before, with pid ", pid) : std::string()));
  return kDone;
}

}  // namespace zc::cli
