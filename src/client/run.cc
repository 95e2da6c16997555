#include "client/run.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "client/observed_run.h"
#include "client/output_time.h"
#include "client/second_run.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/memory_file.h"
#include "os/program_file.h"
#include "os/self.h"
#include "os/standard_input.h"

namespace zc::client {

namespace {

// Opens what the compiler wrote. A file older than `oldest_ns` is a leftover, not its output; of
// one that may be either, the daemon knows what it was before.
os::Fd open_output(const std::string& path, std::uint64_t oldest_ns) {
  Result<os::Fd> fd = os::open_file(path, os::Open::kInspect);
  os::FileStamp stamp;
  if (!fd || os::stamp_of_open(fd->get(), stamp) != 0 || !stamp.is_regular()) {
    return {};
  }
  return last_write_ns(stamp) < oldest_ns ? os::Fd{} : *std::move(fd);
}

// A wrong clock must not hold the build up.
void wait_for_tick(const wire::RunOrder& run) {
  constexpr std::int64_t kMillisecondNs = 1'000'000;
  constexpr std::int64_t kWaitMsMax = 20;
  const auto until_ns = static_cast<std::int64_t>(run.not_before_ns);
  const std::int64_t left_ms = (until_ns - os::wall_ns() + kMillisecondNs - 1) / kMillisecondNs;
  if (left_ms > 0) {
    os::sleep_ms(static_cast<int>(std::min(left_ms, kWaitMsMax)));
  }
}

}  // namespace

Result<FinishedRun> run_ordered(const FoundCompiler& compiler, std::span<char* const> args,
                                const wire::RunOrder& run, const std::vector<os::Fd>& fds,
                                std::string_view state_directory, StreamCapture& capture,
                                int limit_ms) {
  std::vector<std::string> injected;
  for (const ByteView arg : run.inject) {
    injected.emplace_back(arg);
  }
  os::Fd memory_file;
  if (run.private_depfile) {
    // A file without a name: nothing to clean up, whatever happens.
    memory_file = os::make_growing_memory_file("zccache-inputs");
    const std::string path = os::path_for_programs(memory_file);
    if (path.empty()) {
      memory_file.reset();
    } else {
      injected.insert(injected.end(), {"-MD", "-MF", path});
    }
  }
  std::optional<ObservedEnvironment> observed;
  if (run.observe && !fds.empty()) {
    const std::string observer = find_observer(os::preload_of(compiler.path), state_directory);
    const std::string path = os::path_for_programs(fds.front());
    if (!observer.empty() && !path.empty()) {
      observed.emplace(os::environment(), observer, path);
    }
  }
  std::string argv0 = compiler.argv0;
  const auto place =
      args.begin() + static_cast<std::ptrdiff_t>(std::min(run.inject_at, args.size()));
  std::vector<char*> argv = {argv0.data()};
  argv.insert(argv.end(), args.begin(), place);
  for (std::string& arg : injected) {
    argv.push_back(arg.data());
  }
  argv.insert(argv.end(), place, args.end());
  argv.push_back(nullptr);

  wait_for_tick(run);
  FinishedRun out;
  out.start_ns = static_cast<std::uint64_t>(os::wall_ns());
  const std::int64_t clock_start = os::monotonic_ns();
  TRY_ASSIGN(out.status, os::run_child(compiler.path.c_str(), argv.data(),
                                       observed ? observed->variables() : os::environment(),
                                       capture, os::kDrainMs, limit_ms));
  out.duration_ns = static_cast<std::uint64_t>(os::monotonic_ns() - clock_start);
  out.memory_file = std::move(memory_file);
  return out;
}

Result<> send_report(const FinishedRun& finished, const StreamCapture& capture,
                     const wire::RunOrder& run, wire::Connection& connection, int timeout_ms) {
  wire::RunReport report;
  report.exit_code = finished.status.exit_code;
  report.signalled = finished.status.signal != 0;
  report.duration_ns = finished.duration_ns;
  report.streams_too_large = capture.too_large();
  report.out = capture.out();
  report.err = capture.err();
  std::vector<os::Fd> outputs;
  std::vector<int> fds;
  // Of a run that failed otherwise than for its sources, the daemon gets the exit code and the
  // messages only.
  if (finished.status.signal == 0 && finished.status.exit_code <= 1) {
    for (const ByteView path : run.outputs) {
      os::Fd fd = open_output(std::string(path), run.verifies ? 0 : finished.start_ns);
      report.present.push_back(fd.valid());
      if (fd) {
        fds.push_back(fd.get());
        outputs.push_back(std::move(fd));
      }
    }
    if (finished.memory_file) {
      report.has_memory_file = true;
      fds.push_back(finished.memory_file.get());
    }
  }
  TRY_ASSIGN(const std::string frame, wire::encode(report));
  return connection.send(frame, fds, timeout_ms);
}

// The daemon reads all outputs before it replies, and reports that it lives meanwhile.
Result<wire::Frame> receive_reply(wire::Connection& connection) {
  Result<wire::Frame> reply = connection.receive(limits::kPatienceMs);
  while (reply && reply->type == wire::Type::kWait) {
    reply = connection.receive(limits::kSilenceMs);
  }
  return reply;
}

Result<RunOutcome> run_and_report(const FoundCompiler& compiler, std::span<char* const> args,
                                  const wire::RunOrder& run, const std::vector<os::Fd>& fds,
                                  std::string_view state_directory, wire::Connection& connection) {
  FirstRun first = {.input_place = os::InputPlace::now()};
  StreamCapture capture(StreamCapture::Show::kAtOnce);
  TRY_ASSIGN(const FinishedRun finished,
             run_ordered(compiler, args, run, fds, state_directory, capture));
  first.duration_ns = finished.duration_ns;
  capture.show();
  if (capture.has_lost()) {
    return fail(Code::kIo, "messages could not be shown");
  }
  // The daemon reads the outputs before we end, since other programs may change them afterwards. A
  // daemon that was stopped in the meantime must not hold us up.
  const os::Deadline patience(limits::kPatienceMs);
  if (send_report(finished, capture, run, connection, patience.left_ms())) {
    const os::Deadline end(limits::kSilenceMs);
    Result<wire::Frame> reply = connection.receive(patience.left_ms());
    while (reply && reply->type == wire::Type::kWait) {
      reply = connection.receive(end.left_ms());
    }
    if (reply && reply->type == wire::Type::kRunOrder) {
      run_again(compiler, args, *reply, first, state_directory, connection);
    }
  }
  return RunOutcome{.exit_code = finished.status.exit_code, .signal = finished.status.signal};
}

}  // namespace zc::client
