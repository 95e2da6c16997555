// Other processes: the identity of one, a handle that cannot come to mean another, and starting a
// program that outlives us.
//
// Thread: any. spawn_detached forks; the child does only what is safe after a fork.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

// One process among all that ever had its pid: pids are reused, start times within a boot are not.
// `start_ticks` is the time of its start in clock ticks since the boot, as /proc/<pid>/stat has it.
struct ProcessIdentity {
  std::int32_t pid = 0;
  std::uint64_t start_ticks = 0;
  std::string boot_id;

  bool operator==(const ProcessIdentity&) const = default;

  // "<pid>\n<start_ticks>\n<boot_id>\n"
  std::string text() const;
  // Nothing for any other text, and for pids below 2: those are never ours.
  static std::optional<ProcessIdentity> parse(std::string_view text);
};

// Errors: kNotFound: no such process, or /proc is not there; kCorrupt: /proc is not as expected.
Result<ProcessIdentity> identity_of(std::int32_t pid);

// The letter of /proc/<pid>/stat: R, S, D, T (stopped), t (traced), Z (ended, but its parent has
// not waited for it), … Errors: as identity_of, and kCorrupt.
Result<char> process_state(std::int32_t pid);

// Path of the program a process runs; without the mark that the kernel appends to a path that has
// been unlinked since.
Result<std::string> executable_of(std::int32_t pid);
// The same, by the link to it that the kernel shows in /proc.
Result<std::string> executable_behind(const std::string& link);

// A descriptor that is readable once the process has ended, with all its threads: before the wait
// of its parent returns. It means whatever process has the pid now.
// Errors: kNotFound: there is none; others on kernels that have no such descriptors, and above
// the limit on open files.
Result<Fd> open_process_end(std::int32_t pid);

// One process, for good: signals never reach a later process with the same pid.
class ProcessHandle {
 public:
  // Errors: kNotFound when the process has gone or is not the one that `identity` means.
  static Result<ProcessHandle> open(const ProcessIdentity& identity);

  std::int32_t pid() const { return identity_.pid; }
  // Readable once it is gone; -1 on kernels that have no such descriptors.
  int fd() const { return fd_.get(); }
  bool is_same_as(const ProcessHandle& other) const { return identity_ == other.identity_; }
  // Errors: kNotFound, kIo.
  Result<> signal(int number) const;
  // Ends it at once. Errors: the same.
  Result<> kill() const;
  // Whether it is gone, with all its threads, within `timeout_ms`; a zombie counts as gone.
  bool wait_gone(int timeout_ms) const;

 private:
  ProcessHandle(ProcessIdentity identity, Fd fd)
      : identity_(std::move(identity)), fd_(std::move(fd)) {}
  bool is_gone() const;

  ProcessIdentity identity_;
  Fd fd_;  // a pidfd; invalid on kernels before 5.3
};

// Descriptors and texts are the caller's and outlive the call.
struct DetachedProgram {
  int program = -1;  // the open file: what was opened is what runs, whatever its name leads to
  int copy_directory = -1;        // where to put a copy, which then runs in its place; -1: nowhere
  std::string copy_name;          // of a file that is not there yet
  std::vector<std::string> args;  // argv, with argv[0]
  std::vector<std::string> env;   // NAME=VALUE
  std::string directory;          // its working directory; "/" if it cannot be entered
  std::vector<int> fds;           // arrive as descriptors 3, 4, …; all others are closed
};

// Starts a program in a session of its own, with standard streams on /dev/null, all signals as they
// are by default, and without what a build has set for itself (os/inheritance.h). It is not our
// child, so it never becomes our zombie. The copy is made in the new process, under its limits; if
// it cannot be made or executed, the program itself runs. Returns once it has been executed.
// Errors: kNotFound, kIo.
Result<> spawn_detached(const DetachedProgram& program);

}  // namespace zc::os
