// zccache top: what compiles now, and commands as they come, until q or Ctrl-C. On anything but a
// terminal that can show a page, a line for each command.

#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "cli/terminal_page.h"
#include "cli/top_screen.h"
#include "cli/user_wish.h"
#include "history/journal_tail.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/job_server.h"
#include "os/load.h"
#include "os/screen.h"
#include "os/signal.h"

namespace zc::cli {

namespace {

constexpr int kStandardInput = 0;
constexpr int kStandardOutput = 1;
constexpr int kTickMs = 200;

// Asks the daemon for its figures again and again, which also makes it write the journal down. In a
// thread of its own, since the daemon first waits for what is being stored.
class DaemonFigures {
 public:
  explicit DaemonFigures(const lifecycle::Caller& caller)
      : caller_(caller), thread_([this] { run(); }) {}
  ~DaemonFigures() {
    {
      const MutexLock lock(mutex_);
      stop_ = true;
      wake_.notify_all();
    }
    thread_.join();
  }
  DaemonFigures(const DaemonFigures&) = delete;

  // Nothing: no daemon runs.
  std::optional<codec::Json> get() {
    const MutexLock lock(mutex_);
    return figures_;
  }

 private:
  void run() {
    constexpr int kReplyMs = 2'000;
    constexpr int kIntervalMs = 500;
    while (true) {
      const Result<std::string> text =
          request(caller_, wire::Type::kStatistics, wire::Type::kStatisticsReply, kReplyMs);
      auto figures = text ? codec::Json::parse(*text) : Result<codec::Json>(codec::Json());
      const MutexLock lock(mutex_);
      if (text && figures) {
        figures_ = *std::move(figures);
      } else if (!text && means_no_daemon(text.error())) {
        figures_.reset();
      }
      if (!stop_) {
        wake_.wait_for_ms(mutex_, kIntervalMs);
      }
      if (stop_) {
        return;
      }
    }
  }

  const lifecycle::Caller& caller_;
  Mutex mutex_;
  CondVar wake_;
  std::optional<codec::Json> figures_ ZC_GUARDED_BY(mutex_);
  bool stop_ ZC_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

// https://no-color.org: set, to whatever but nothing.
bool wants_colors() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread changes the environment
  return view_or_empty(std::getenv("NO_COLOR")).empty();
}

// By the command that has been running for the longest time.
TopMoment moment_of(std::optional<codec::Json> daemon) {
  TopMoment out = {.load = os::load_average(), .processors = os::processor_count()};
  const std::vector<codec::Json> running =
      daemon ? daemon->at("running").elements() : std::vector<codec::Json>();
  if (!running.empty()) {
    if (const auto server = os::job_server_of(running.front().at("client_pid").as_u64())) {
      out.jobs = server->jobs;
      out.free_jobs = os::free_jobs(*server);
    }
  }
  out.daemon = std::move(daemon);
  return out;
}

int show_pages(const os::SignalSource& signals, DaemonFigures& figures,
               history::JournalTail& journal) {
  const Result<os::Screen> screen = os::Screen::open(kStandardInput, kStandardOutput);
  if (!screen) {
    print_note(str_cat("zccache top: ", screen.error().message));
    return kFailed;
  }
  TopCounts counts;
  TopLayout layout = {.has_colors = wants_colors()};
  std::string shown;
  while (true) {
    for (const history::CommandRecord& record : journal.take()) {
      counts.add(record);
    }
    layout.size = page_size(*screen);
    std::string frame = frame_of(top_lines(counts, moment_of(figures.get()), layout));
    if (frame != shown) {
      if (!screen->show(frame)) {
        return kFailed;
      }
      shown = std::move(frame);
    }
    switch (wait_for_user(signals, kStandardInput, kTickMs)) {
      case UserWish::kEnd:
        return kDone;
      case UserWish::kHelp:
        layout.shows_help = !layout.shows_help;
        break;
      case UserWish::kNothing:
        break;
    }
  }
}

int print_lines(const os::SignalSource& signals, history::JournalTail& journal) {
  constexpr std::size_t kColumnsMax = 2'000;
  do {
    for (const history::CommandRecord& record : journal.take()) {
      if (!os::write_all(kStandardOutput, top_line(record, kColumnsMax) + '\n')) {
        return kFailed;
      }
    }
  } while (wait_for_user(signals, -1, kTickMs) != UserWish::kEnd);
  return kDone;
}

}  // namespace

int top(const lifecycle::Caller& caller, Args args) {
  if (!args.empty()) {
    return bad_argument("top", args[0]);
  }
  // Before the thread, which is to inherit what is blocked.
  const Result<os::SignalSource> signals = os::SignalSource::open_requests_to_end();
  if (!signals) {
    print_note(str_cat("zccache top: ", signals.error().message));
    return kFailed;
  }
  history::JournalTail journal(caller.locations.logs());
  DaemonFigures figures(caller);
  return can_show_pages() ? show_pages(*signals, figures, journal) : print_lines(*signals, journal);
}

}  // namespace zc::cli
