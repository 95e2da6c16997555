#include "history/sessions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "history/crate.h"
#include "history/session_log.h"
#include "os/file.h"
#include "os/random.h"

namespace zc::history {

using codec::Json;

std::string random_uuid() {
  std::array<unsigned char, 16> bytes{};
  os::fill_with_random(bytes);
  // The version, and the variant.
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const std::string_view digits = hex;
  return str_cat(digits.substr(0, 8), '-', digits.substr(8, 4), '-', digits.substr(12, 4), '-',
                 digits.substr(16, 4), '-', digits.substr(20));
}

Sessions::Sessions(std::function<std::int64_t()> now_ms) : Sessions(std::move(now_ms), Limits()) {}

Sessions::Sessions(std::function<std::int64_t()> now_ms, Limits limits)
    : now_ms_(std::move(now_ms)), limits_(limits) {}

std::string Sessions::start(SessionOptions options) {
  std::string id = random_uuid();
  const MutexLock lock(mutex_);
  make_room();
  const std::int64_t now = now_ms_();
  const bool is_profiled = options.is_profiled;
  sessions_.emplace(id, Session{.options = std::move(options),
                                .state = State::kActive,
                                .start_ms = now,
                                .last_ms = now,
                                .running = 0,
                                .awaited = 0,
                                .late = 0,
                                .figures = {}});
  ++total_;
  ++active_;
  profiling_ += is_profiled ? 1 : 0;
  return id;
}

void Sessions::change(Session& session, State state) {
  if (session.state == State::kActive && state != State::kActive) {
    --active_;
    profiling_ -= session.options.is_profiled ? 1 : 0;
    session.options.log.reset();
    session.options.journal.reset();
  } else if (session.state != State::kActive && state == State::kActive) {
    ++active_;
    profiling_ += session.options.is_profiled ? 1 : 0;
  }
  session.state = state;
}

// The one with the oldest last sign of life, of those that are active or of the others.
Sessions::Map::iterator Sessions::oldest(bool is_active) {
  auto out = sessions_.end();
  for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
    if ((at->second.state == State::kActive) == is_active &&
        (out == sessions_.end() || at->second.last_ms < out->second.last_ms)) {
      out = at;
    }
  }
  return out;
}

// For one more.
void Sessions::make_room() {
  if (active_ >= limits_.active_max) {
    change(oldest(true)->second, State::kIdle);
  }
  if (sessions_.size() >= limits_.known_max) {
    sessions_.erase(oldest(false));
  }
}

void Sessions::touch(Session& session) {
  if (session.state == State::kEnded) {
    return;
  }
  change(session, State::kActive);
  session.last_ms = now_ms_();
}

Json Sessions::describe(const std::string& id, const Session& session) const {
  Json out = Json::object();
  const bool has_stats = session.options.has_stats;
  out.set("status", Json::text(has_stats ? "ok" : "unavailable"));
  out.set("session_id", Json::text(id));
  out.set("state", Json::text(session.state == State::kEnded ? "ended" : "active"));
  if (!has_stats) {
    out.set("reason", Json::text("stats_not_enabled"));
    return out;
  }
  const std::int64_t end_ms = session.state == State::kEnded ? session.last_ms : now_ms_();
  out.set("duration_ms", Json::count(static_cast<std::uint64_t>(end_ms - session.start_ms)));
  session.figures.describe(out);
  out.set("began_warm", Json::flag(session.options.was_warm));
  if (session.late > 0) {
    out.set("commands_after_end", Json::count(session.late));
  }
  return out;
}

std::optional<Json> Sessions::stats(const std::string& id) {
  const MutexLock lock(mutex_);
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? std::nullopt : std::optional(describe(id, found->second));
}

std::optional<Json> Sessions::end(const std::string& id) {
  const MutexLock lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) {
    return std::nullopt;
  }
  if (found->second.state != State::kEnded) {
    change(found->second, State::kEnded);
    found->second.last_ms = now_ms_();
  }
  return describe(id, found->second);
}

void Sessions::await_commands(const std::string& id, int timeout_ms) {
  const os::Deadline deadline(timeout_ms);
  const MutexLock lock(mutex_);
  while (!deadline.passed()) {
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second.awaited == 0) {
      return;
    }
    command_ended_.wait_for_ms(mutex_, deadline.left_ms());
  }
}

void Sessions::expire() {
  if (!any()) {
    return;
  }
  const MutexLock lock(mutex_);
  const std::int64_t now = now_ms_();
  for (auto& [id, session] : sessions_) {
    if (session.state == State::kActive && session.running == 0 &&
        now - session.last_ms >= limits_.idle_ms) {
      change(session, State::kIdle);
    }
  }
}

Sessions::Released Sessions::release(std::string_view path) {
  Released out;
  const MutexLock lock(mutex_);
  for (auto& [id, session] : sessions_) {
    if (session.state != State::kActive) {
      continue;
    }
    ++out.inspected;
    if (is_at_or_below(session.options.cwd, path)) {
      out.files += (session.options.log ? 1 : 0) + (session.options.journal ? 1 : 0);
      change(session, State::kEnded);
      session.last_ms = now_ms_();
      out.ids.push_back(id);
    }
  }
  return out;
}

Sessions::Counts Sessions::counts() const {
  const MutexLock lock(mutex_);
  return {.active = active_, .total = total_};
}

// Each command takes a moment of this lock, so nothing is written to a file under it.
Sessions::Running::Running(Sessions& sessions, std::string id, Awaited awaited)
    : sessions_(sessions), id_(std::move(id)), awaited_(awaited == Awaited::kYes ? 1 : 0) {
  if (id_.empty()) {
    return;
  }
  const MutexLock lock(sessions_.mutex_);
  const auto found = sessions_.sessions_.find(id_);
  if (found == sessions_.sessions_.end()) {
    id_.clear();
    return;
  }
  sessions_.touch(found->second);
  ++found->second.running;
  found->second.awaited += awaited_;
}

Sessions::Running::~Running() {
  if (id_.empty()) {
    return;
  }
  const MutexLock lock(sessions_.mutex_);
  // It may have been forgotten meanwhile.
  if (const auto found = sessions_.sessions_.find(id_); found != sessions_.sessions_.end()) {
    sessions_.touch(found->second);
    --found->second.running;
    found->second.awaited -= awaited_;
    sessions_.command_ended_.notify_all();
  }
}

void Sessions::complete(CommandRecord& record) {
  bool is_profiled = false;
  if (!record.session_id.empty()) {
    const MutexLock lock(mutex_);
    const auto found = sessions_.find(record.session_id);
    is_profiled = found != sessions_.end() && found->second.options.is_profiled;
  }
  if (!is_profiled) {
    record.phases.reset();
    return;
  }
  Crate crate = crate_of(record);
  record.crate_name = std::move(crate.name);
  record.crate_type = std::move(crate.type);
  record.output_ext = output_extension_of(record);
}

void Sessions::take(const CommandRecord& record, std::string_view line) {
  if (record.log) {
    (void)os::write_all(record.log->get(), session_log_line(record));
  }
  if (record.session_id.empty()) {
    return;
  }
  std::shared_ptr<const os::Fd> journal;
  std::shared_ptr<const os::Fd> log;
  {
    const MutexLock lock(mutex_);
    const auto found = sessions_.find(record.session_id);
    if (found == sessions_.end()) {
      return;
    }
    Session& session = found->second;
    if (session.state == State::kEnded) {
      ++session.late;
      return;
    }
    touch(session);
    session.figures.add(record);
    journal = session.options.journal;
    log = session.options.log;
  }
  // Outside of the lock: the file system of these files may hang. On a full disk lines are lost,
  // and nothing else.
  if (journal) {
    (void)os::write_all(journal->get(), line);
  }
  if (log) {
    (void)os::write_all(log->get(), session_log_line(record));
  }
}

}  // namespace zc::history
