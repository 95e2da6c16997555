#include "client/run.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/sgr_filter.h"
#include "client/deliver.h"
#include "client/observed_run.h"
#include "client/output_time.h"
#include "os/child.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/memory_file.h"
#include "os/self.h"

namespace zc::client {

namespace {

// In bytes. A larger stream is shown but not stored; both together fit in a frame with room to
// spare.
constexpr std::size_t kStreamBytesMax = std::size_t{1} << 20;

// Shows the streams, and keeps what will be stored.
class StreamCapture final : public os::StreamSink {
 public:
  explicit StreamCapture(const wire::RunOrder& run)
      : strip_(run.forced_colour && !stderr_shows_colour()) {}

  void on_stdout(std::string_view bytes) override {
    keep(out_, bytes);
    (void)os::write_all(1, bytes);
  }

  void on_stderr(std::string_view bytes) override {
    keep(err_, bytes);
    if (!strip_) {
      (void)os::write_all(2, bytes);
      return;
    }
    std::string plain;
    colours_.filter(bytes, plain);
    (void)os::write_all(2, plain);
  }

  void finish() {
    std::string rest;
    colours_.finish(rest);
    (void)os::write_all(2, rest);
  }

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  bool too_large() const { return too_large_; }

 private:
  void keep(std::string& stream, std::string_view bytes) {
    if (stream.size() + bytes.size() > kStreamBytesMax) {
      too_large_ = true;
      return;
    }
    stream.append(bytes);
  }

  bool strip_;
  bool too_large_ = false;
  std::string out_;
  std::string err_;
  SgrFilter colours_;
};

// Opens what the compiler wrote. A file older than the compile is a leftover, not its output; of
// one that may be either, the daemon knows what it was before.
os::Fd open_output(const std::string& path, std::uint64_t start_ns) {
  Result<os::Fd> fd = os::open_file(path, os::Open::kInspect);
  os::FileStamp stamp;
  if (!fd || os::stamp_of_open(fd->get(), stamp) != 0 || !stamp.is_regular()) {
    return {};
  }
  return last_write_ns(stamp) < start_ns ? os::Fd{} : *std::move(fd);
}

void send_report(const StreamCapture& capture, const wire::RunOrder& run,
                 const os::ChildStatus& status, std::uint64_t start_ns, std::uint64_t duration_ns,
                 const os::Fd& memory_file, wire::Connection& connection) {
  wire::RunReport report;
  report.exit_code = status.exit_code;
  report.signalled = status.signal != 0;
  report.duration_ns = duration_ns;
  report.streams_too_large = capture.too_large();
  report.out = capture.out();
  report.err = capture.err();
  std::vector<os::Fd> outputs;
  std::vector<int> fds;
  // Of a run that failed, the daemon gets the exit code and the messages only.
  if (status.signal == 0 && status.exit_code == 0) {
    for (const ByteView path : run.outputs) {
      os::Fd fd = open_output(std::string(path), start_ns);
      report.present.push_back(fd.valid());
      if (fd) {
        fds.push_back(fd.get());
        outputs.push_back(std::move(fd));
      }
    }
    if (memory_file) {
      report.has_memory_file = true;
      fds.push_back(memory_file.get());
    }
  }
  Result<std::string> frame = wire::encode(report);
  // The daemon reads the outputs before we end, since other programs may change them afterwards. A
  // daemon that was stopped in the meantime must not hold us up.
  const os::Deadline patience(limits::kPatienceMs);
  if (!frame || !connection.send(*frame, fds, patience.left_ms())) {
    return;
  }
  const os::Deadline end(limits::kSilenceMs);
  Result<wire::Frame> reply = connection.receive(patience.left_ms());
  while (reply && reply->type == wire::Type::kWait) {
    reply = connection.receive(end.left_ms());
  }
}

}  // namespace

Result<RunOutcome> run_and_report(const FoundCompiler& compiler, std::span<char* const> args,
                                  const wire::RunOrder& run, const std::vector<os::Fd>& fds,
                                  std::string_view state_directory, wire::Connection& connection) {
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
    const std::string observer = find_observer(state_directory);
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

  StreamCapture capture(run);
  const auto start_ns = static_cast<std::uint64_t>(os::wall_ns());
  const std::int64_t clock_start = os::monotonic_ns();
  TRY_ASSIGN(const os::ChildStatus status,
             os::run_child(compiler.path.c_str(), argv.data(),
                           observed ? observed->variables() : os::environment(), capture));
  capture.finish();
  const auto duration_ns = static_cast<std::uint64_t>(os::monotonic_ns() - clock_start);
  send_report(capture, run, status, start_ns, duration_ns, memory_file, connection);
  return RunOutcome{.exit_code = status.exit_code, .signal = status.signal};
}

}  // namespace zc::client
