#include "daemon/owners.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/str.h"

namespace zc::daemon {

using codec::Json;

namespace {

Result<os::ProcessHandle> open_process(std::uint64_t pid) {
  if (pid > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
    return fail(Code::kNotFound, str_cat("no process ", pid));
  }
  TRY_ASSIGN(const os::ProcessIdentity identity, os::identity_of(static_cast<std::int32_t>(pid)));
  return os::ProcessHandle::open(identity);
}

}  // namespace

Result<> Owners::add(const std::string& session, std::span<const std::uint64_t> pids) {
  std::vector<os::ProcessHandle> processes;
  for (const std::uint64_t pid : pids) {
    Result<os::ProcessHandle> process = open_process(pid);
    if (!process || process->wait_gone(0)) {
      return fail(Code::kNotFound, str_cat("there is no process ", pid, " to own the daemon"));
    }
    processes.push_back(*std::move(process));
  }
  const MutexLock lock(mutex_);
  if (owners_.size() + processes.size() > kOwnersMax) {
    return fail(Code::kInvalid, "too many processes own this daemon");
  }
  for (os::ProcessHandle& process : processes) {
    const auto same = std::ranges::find_if(
        owners_, [&](const Owner& owner) { return owner.process.is_same_as(process); });
    if (same != owners_.end()) {
      same->sessions.insert(session);
    } else {
      owners_.push_back({.process = std::move(process), .sessions = {session}});
    }
    have_been_ = true;
  }
  return {};
}

void Owners::release(const std::string& session) {
  const MutexLock lock(mutex_);
  for (Owner& owner : owners_) {
    owner.sessions.erase(session);
  }
  std::erase_if(owners_, [](const Owner& owner) { return owner.sessions.empty(); });
}

bool Owners::are_gone() {
  const MutexLock lock(mutex_);
  std::vector<Owner> left;
  for (Owner& owner : owners_) {
    if (owner.process.wait_gone(0)) {
      ended_.push_back(owner.process.pid());
    } else {
      left.push_back(std::move(owner));
    }
  }
  owners_ = std::move(left);
  return have_been_ && owners_.empty();
}

std::vector<std::int64_t> Owners::ended() const {
  const MutexLock lock(mutex_);
  return ended_;
}

std::vector<int> Owners::fds() const {
  const MutexLock lock(mutex_);
  std::vector<int> out;
  for (const Owner& owner : owners_) {
    out.push_back(owner.process.fd());
  }
  return out;
}

Json Owners::describe() const {
  const MutexLock lock(mutex_);
  Json out = Json::array();
  for (const Owner& owner : owners_) {
    Json one = Json::object();
    one.set("pid", Json::count(static_cast<std::uint64_t>(owner.process.pid())));
    one.set("sessions", Json::count(owner.sessions.size()));
    out.append(std::move(one));
  }
  return out;
}

}  // namespace zc::daemon
