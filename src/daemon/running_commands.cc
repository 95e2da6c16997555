#include "daemon/running_commands.h"

#include <algorithm>
#include <utility>

namespace zc::daemon {

RunningCommands::Entry::Entry(RunningCommands& all, RunningCommand command) : all_(all) {
  const MutexLock lock(all_.mutex_);
  number_ = all_.next_++;
  all_.commands_.emplace(number_, std::move(command));
}

RunningCommands::Entry::~Entry() {
  const MutexLock lock(all_.mutex_);
  all_.commands_.erase(number_);
}

codec::Json RunningCommands::to_json(std::int64_t now_ns) const {
  using codec::Json;
  constexpr std::int64_t kNsPerMs = 1'000'000;
  const auto count = [](std::int64_t value) {
    return Json::count(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
  };
  Json out = Json::array();
  const MutexLock lock(mutex_);
  for (const auto& [number, command] : commands_) {
    Json entry = Json::object();
    entry.set("start_ns", count(command.start_ns));
    entry.set("age_ms", count((now_ns - command.start_ns) / kNsPerMs));
    entry.set("client_pid", count(command.client_pid));
    entry.set("compiler", Json::text(command.compiler));
    entry.set("subject", Json::text(command.subject));
    entry.set("cwd", Json::text(command.cwd));
    if (!command.reason.empty()) {
      entry.set("reason", Json::text(command.reason));
    }
    out.append(std::move(entry));
  }
  return out;
}

}  // namespace zc::daemon
