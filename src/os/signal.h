// Signals and flags as descriptors, so that one poll waits for both.
//
// Thread: see each class.
#pragma once

#include <optional>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

// The signals no longer interrupt or end the process; they are read here instead. Made
// before any thread starts, because threads inherit the mask (and so do child processes, which
// must set their own).
class SignalSource {
 public:
  // Of the signals by which people and systems request the end of a process: SIGTERM, SIGINT,
  // SIGHUP. Errors: kIo.
  static Result<SignalSource> open_requests_to_end();

  // Readable while a signal is pending.
  int fd() const { return fd_.get(); }
  // The number of a pending signal, taken off the queue; nothing if none is pending.
  std::optional<int> take() const;

 private:
  explicit SignalSource(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

// A flag that stays set until it is cleared. Thread: any.
class Event {
 public:
  static Result<Event> open();

  void set() const;
  void clear() const;
  // Readable while it is set.
  int fd() const { return fd_.get(); }

 private:
  explicit Event(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

// While it lives, a write beyond the limit on the size of files fails instead of ending the
// process. Thread: one, while no other changes the disposition of SIGXFSZ.
class FileSizeSignalOff {
 public:
  FileSizeSignalOff();
  ~FileSizeSignalOff();
  FileSizeSignalOff(const FileSizeSignalOff&) = delete;
  FileSizeSignalOff& operator=(const FileSizeSignalOff&) = delete;

 private:
  void (*before_)(int);
};

// As if the process ignored the signal of that limit (unless it does), while programs that it
// becomes or starts are ended by it as before.
void outlive_file_size_signal();

// Writing to a peer that has gone, or beyond a file size limit, becomes an error code. Programs
// that we execute would inherit that; os/command.h and spawn_detached undo it.
void ignore_write_signals();

// Programs that this process starts can be waited for, even if its parent ignores the end of its
// own: that would be inherited, and the kernel would then drop their exit codes.
void expect_children();

}  // namespace zc::os
