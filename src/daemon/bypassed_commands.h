// BypassedCommands: commands whose clients were told to run them untouched, until they end.
//
//   add -> the process ends; our thread or a flush sees it first     -> the history, with its time
//       -> give_up, the end of the daemon, too many at once, no handle -> the history, without it
//
// The client becomes the compiler, so the end of its process is the end of the command. The kernel
// lets a handle of a process say that it has ended before the parent's wait returns. A flush looks
// at all handles itself: it misses no command for whose end its caller, a script say, has waited.
//
// A command is added to the history under the mutex. Otherwise a flush could return while our
// thread is about to add a command that had ended before.
//
// Thread: any. Owns one thread, and the handles. Borrows the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "daemon/running_commands.h"
#include "history/command_log.h"
#include "history/sessions.h"
#include "os/fd.h"
#include "os/signal.h"

namespace zc::daemon {

class BypassedCommands {
 public:
  struct Borrowed {
    history::CommandLog& history;
    history::Sessions& sessions;
    RunningCommands& running;  // which lists them meanwhile
  };

  // 1024, or less: a quarter of the descriptors that this process may have.
  static std::size_t at_once_max();

  explicit BypassedCommands(const Borrowed& borrowed, std::size_t at_once = at_once_max());
  // Gives up what is left.
  ~BypassedCommands();
  BypassedCommands(const BypassedCommands&) = delete;

  // `request` as for CommandLog::add. `process`: of os::open_process_end; may be none.
  void add(const std::string& request, history::CommandRecord record, os::Fd process);

  // Until the commands that have ended by now are in the history, and can be read there.
  void flush();

  // Does not wait for the end of the commands of sessions for which `which` is true: they go to the
  // history now.
  void give_up(const std::function<bool(const std::string& session_id)>& which);
  // The same of all, and of all that come.
  void close();

 private:
  struct Command {
    Command(const Borrowed& borrowed, history::CommandRecord record, os::Fd process);

    history::CommandRecord record;
    const std::int64_t begin_ns;  // monotonic
    // Shared with our thread: while that waits for it, its number must not come to mean another
    // file, which would then stay open.
    const std::shared_ptr<const os::Fd> process;
    const RunningCommands::Entry running;
    const history::Sessions::Running in_session;
  };

  void run();
  void add_ended() ZC_REQUIRES(mutex_);
  void add_untimed(const std::function<bool(const std::string& session_id)>& which)
      ZC_REQUIRES(mutex_);

  const Borrowed borrowed_;
  const std::size_t at_once_max_;
  std::optional<os::Event> changed_;  // the list, since the thread has looked at it

  Mutex mutex_;
  CondVar stopped_;
  std::list<Command> commands_ ZC_GUARDED_BY(mutex_);  // as they came
  bool is_closed_ ZC_GUARDED_BY(mutex_) = false;
  bool is_ending_ ZC_GUARDED_BY(mutex_) = false;
  bool runs_ ZC_GUARDED_BY(mutex_) = false;  // the thread, which the constructor starts
};

}  // namespace zc::daemon
