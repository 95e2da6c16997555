#include "daemon/session_service.h"

#include <memory>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "lifecycle/private_daemon.h"
#include "os/clock.h"
#include "os/file_stamp.h"

namespace zc::daemon {

using codec::Json;

namespace {

// So long the end of a session waits for commands whose clients have gone on already; and figures
// that are only looked at, since more of them may come at any time.
constexpr int kEndWaitMs = limits::kSilenceMs;
constexpr int kLookWaitMs = 100;

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view name : split_words(text, ",")) {
    out.emplace_back(name);
  }
  return out;
}

// The journal's thread must not wait for whatever reads a pipe.
Result<std::shared_ptr<const os::Fd>> take_file(std::vector<os::Fd>& fds, std::size_t& next,
                                                std::string_view what) {
  if (next >= fds.size()) {
    return fail(Code::kInvalid, str_cat("the request came without the ", what));
  }
  os::Fd fd = std::move(fds[next++]);
  const Result<os::FileStamp> stamp = os::stat_fd(fd.get());
  if (!stamp || !stamp->is_regular()) {
    return fail(Code::kInvalid, str_cat("the ", what, " is no plain file"));
  }
  return std::make_shared<const os::Fd>(std::move(fd));
}

}  // namespace

SessionService::SessionService(const lifecycle::Locations& locations,
                               const lifecycle::Environment& env, history::Sessions& sessions,
                               BypassedCommands& commands)
    : locations_(locations),
      sessions_(sessions),
      commands_(commands),
      is_private_(is_truthy(view_or_empty(env(lifecycle::kPrivateDaemon)))),
      private_variables_(names_in(view_or_empty(env(lifecycle::kPrivateVariables)))) {}

Result<std::string> SessionService::handle(wire::Frame request,
                                           const std::function<bool()>& is_warm) {
  if (request.type == wire::Type::kSessionStart) {
    std::vector<os::Fd> fds = std::exchange(request.fds, {});
    return start(request, std::move(fds), is_warm());
  }
  const std::optional<wire::Plain> plain = wire::decode_plain(request.payload);
  if (!plain || plain->text.empty()) {
    return fail(Code::kInvalid, "the request about a session could not be decoded");
  }
  const std::string text(plain->text);
  return request.type == wire::Type::kSessionStats ? stats(text)
         : request.type == wire::Type::kSessionEnd ? end(text)
                                                   : release(text);
}

Result<std::string> SessionService::start(const wire::Frame& request, std::vector<os::Fd> fds,
                                          bool is_warm) {
  const std::optional<wire::SessionStart> start = wire::decode_session_start(request.payload);
  if (!start) {
    return fail(Code::kInvalid, "the request for a session could not be decoded");
  }
  if (start->is_private && !is_private_) {
    return fail(Code::kInvalid, str_cat("the daemon at ", locations_.endpoint,
                                        " is not a private one; stop it, or choose another name"));
  }
  history::SessionOptions options = {.cwd = std::string(start->cwd),
                                     .has_stats = start->wants_stats,
                                     .is_profiled = start->wants_profile,
                                     .was_warm = is_warm,
                                     .log = nullptr,
                                     .journal = nullptr};
  std::size_t next = 0;
  if (start->has_log) {
    TRY_ASSIGN(options.log, take_file(fds, next, "log"));
  }
  if (start->has_journal) {
    TRY_ASSIGN(options.journal, take_file(fds, next, "journal"));
  }
  const std::string id = sessions_.start(std::move(options));
  if (start->is_private) {
    if (const Result<> added = owners_.add(id, start->owners); !added) {
      (void)sessions_.end(id);
      return std::unexpected(added.error());
    }
  }
  Json out = Json::object();
  out.set("session_id", Json::text(id));
  out.set("started_at", Json::count(static_cast<std::uint64_t>(os::wall_ns() / os::kSecondNs)));
  out.set("private_env", private_variables());
  return out.dump_line();
}

Result<std::string> SessionService::stats(const std::string& id) {
  sessions_.await_commands(id, kLookWaitMs);
  commands_.flush();
  const std::optional<Json> stats = sessions_.stats(id);
  if (!stats) {
    return fail(Code::kNotFound, str_cat("unknown session ", id));
  }
  return stats->dump_line();
}

// An unknown id is as good as one that has ended: the daemon may be a new one.
Result<std::string> SessionService::end(const std::string& id) {
  sessions_.await_commands(id, kEndWaitMs);
  // Those that still run without us count, too, and are not waited for.
  commands_.give_up([&](const std::string& session) { return session == id; });
  commands_.flush();
  const std::optional<Json> stats = sessions_.end(id);
  owners_.release(id);
  if (stats) {
    return stats->dump_line();
  }
  Json out = Json::object();
  out.set("status", Json::text("unavailable"));
  out.set("session_id", Json::text(id));
  out.set("reason", Json::text("stats_unavailable"));
  return out.dump_line();
}

Result<std::string> SessionService::release(const std::string& path) {
  if (is_at_or_below(locations_.root, path)) {
    return fail(Code::kInvalid, str_cat("the cache is at ", locations_.root, ", below ", path,
                                        "; stop the daemon instead"));
  }
  commands_.give_up([](const std::string& session) { return !session.empty(); });
  commands_.flush();
  const history::Sessions::Released released = sessions_.release(path);
  for (const std::string& id : released.ids) {
    owners_.release(id);
  }
  Json out = Json::object();
  out.set("inspected", Json::count(released.inspected));
  out.set("released", Json::count(released.files));
  out.set("sessions_dropped", Json::count(released.ids.size()));
  out.set("unreleased", Json::count(0));
  return out.dump_line();
}

// Values of variables may be secrets.
Json SessionService::private_variables() const {
  Json out = Json::object();
  for (const std::string& name : private_variables_) {
    out.set(name, Json::text("<redacted>"));
  }
  return out;
}

void SessionService::describe(Json& out) const {
  const history::Sessions::Counts counts = sessions_.counts();
  Json sessions = Json::object();
  sessions.set("active", Json::count(counts.active));
  sessions.set("total", Json::count(counts.total));
  out.set("sessions", std::move(sessions));
  out.set("private_daemon", Json::flag(is_private_));
  if (is_private_) {
    out.set("private_owners", owners_.describe());
    out.set("private_env", private_variables());
  }
}

}  // namespace zc::daemon
