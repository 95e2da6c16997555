#include "os/isolated.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <exception>

#include "os/fd.h"
#include "os/file.h"
#include "os/pipe.h"
#include "os/program_start.h"

namespace zc::os {

namespace {

// Damaged data may make a loop endless; sound data takes a fraction of this.
constexpr rlim_t kProcessorSeconds = 60;
constexpr std::uint64_t kTextBytesMax = 1U << 16;

[[noreturn]] void be_the_child(const std::function<Verdict()>& body, int pipe) {
  // A crash is expected here: it must neither leave a dump of ours (os/crash_dump.h) nor a core
  // file.
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU}) {
    ::signal(number, SIG_DFL);
  }
  const rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const rlimit processor = {.rlim_cur = kProcessorSeconds, .rlim_max = kProcessorSeconds + 1};
  ::setrlimit(RLIMIT_CPU, &processor);
  try {
    const Verdict verdict = body();
    (void)write_all(pipe, std::string(1, static_cast<char>(verdict.code)) + verdict.text);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Nothing is written, which says as much as a crash.
  }
  ::_exit(0);
}

}  // namespace

std::optional<Verdict> run_isolated(const std::function<Verdict()>& body) {
  Result<Pipe> pipe = make_pipe();
  if (!pipe) {
    return std::nullopt;
  }
  const pid_t child = ::fork();
  if (child < 0) {
    return std::nullopt;
  }
  if (child == 0) {
    be_the_child(body, pipe->write.get());
  }
  pipe->write.reset();
  const Result<std::string> said = read_fd(pipe->read.get(), kTextBytesMax);
  wait_for_child(child);
  if (!said || said->empty()) {
    return std::nullopt;
  }
  return Verdict{.code = static_cast<std::uint8_t>(said->front()), .text = said->substr(1)};
}

}  // namespace zc::os
