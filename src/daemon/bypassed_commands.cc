#include "daemon/bypassed_commands.h"

#include <algorithm>
#include <utility>

#include "os/clock.h"
#include "os/resource_limit.h"
#include "os/thread.h"
#include "os/wait.h"

namespace zc::daemon {

std::size_t BypassedCommands::at_once_max() {
  constexpr std::uint64_t kMost = 1024;
  const std::optional<os::ResourceLimit> files = os::limit_on(os::Resource::kOpenFiles);
  return static_cast<std::size_t>(files ? std::min(kMost, files->soft / 4) : kMost);
}

BypassedCommands::Command::Command(const Borrowed& borrowed, history::CommandRecord ended,
                                   os::Fd end)
    : record(std::move(ended)),
      begin_ns(os::monotonic_ns()),
      process(std::make_shared<const os::Fd>(std::move(end))),
      running(borrowed.running, {.start_ns = os::wall_ns(),
                                 .client_pid = record.client_pid,
                                 .compiler = record.compiler,
                                 .subject = history::subject_of(record),
                                 .cwd = record.cwd,
                                 .reason = record.reason}),
      in_session(borrowed.sessions, record.session_id, history::Sessions::Awaited::kNo) {}

BypassedCommands::BypassedCommands(const Borrowed& borrowed, std::size_t at_once)
    : borrowed_(borrowed), at_once_max_(at_once) {
  if (Result<os::Event> event = os::Event::open()) {
    changed_.emplace(*std::move(event));
    const MutexLock lock(mutex_);
    runs_ = os::start_thread(os::kThreadStackBytes, [this] { run(); }).has_value();
  }
}

BypassedCommands::~BypassedCommands() {
  close();
  const MutexLock lock(mutex_);
  is_ending_ = true;
  while (runs_) {
    changed_->set();
    stopped_.wait(mutex_);
  }
}

void BypassedCommands::add(const std::string& request, history::CommandRecord record,
                           os::Fd process) {
  // So that the request, with the whole environment, need not wait for the end.
  history::fill_from_request(request, record);
  {
    const MutexLock lock(mutex_);
    if (process && runs_ && !is_closed_ && commands_.size() < at_once_max_) {
      commands_.emplace_back(borrowed_, std::move(record), std::move(process));
      changed_->set();
      return;
    }
  }
  borrowed_.history.add({}, std::move(record));
}

void BypassedCommands::flush() {
  {
    const MutexLock lock(mutex_);
    add_ended();
  }
  borrowed_.history.flush();
}

void BypassedCommands::give_up(const std::function<bool(const std::string& session_id)>& which) {
  const MutexLock lock(mutex_);
  add_ended();
  add_untimed(which);
}

void BypassedCommands::close() {
  const MutexLock lock(mutex_);
  is_closed_ = true;
  add_ended();
  add_untimed([](const std::string&) { return true; });
}

void BypassedCommands::run() {
  while (true) {
    std::vector<os::WaitSource> sources = {{.fd = changed_->fd()}};
    std::vector<std::shared_ptr<const os::Fd>> processes;
    {
      const MutexLock lock(mutex_);
      if (is_ending_) {
        runs_ = false;
        stopped_.notify_all();
        return;
      }
      changed_->clear();
      add_ended();
      for (const Command& command : commands_) {
        processes.push_back(command.process);
        sources.push_back({.fd = command.process->get()});
      }
    }
    os::wait_for_any(sources, -1);
  }
}

void BypassedCommands::add_ended() {
  std::vector<os::WaitSource> sources;
  for (const Command& command : commands_) {
    sources.push_back({.fd = command.process->get()});
  }
  if (sources.empty() || !os::wait_for_any(sources, 0)) {
    return;
  }
  const std::int64_t now_ns = os::monotonic_ns();
  std::size_t i = 0;
  std::erase_if(commands_, [&](Command& command) {
    if (!sources[i++].is_ready) {
      return false;
    }
    // 0 would mean that it is not known.
    command.record.compiler_ns =
        static_cast<std::uint64_t>(std::max<std::int64_t>(now_ns - command.begin_ns, 1));
    borrowed_.history.add({}, std::move(command.record));
    return true;
  });
}

void BypassedCommands::add_untimed(
    const std::function<bool(const std::string& session_id)>& which) {
  std::erase_if(commands_, [&](Command& command) {
    if (!which(command.record.session_id)) {
      return false;
    }
    borrowed_.history.add({}, std::move(command.record));
    return true;
  });
}

}  // namespace zc::daemon
