// ChangeWatcher: reports whether a process has written to a file while the daemon read it. The
// client goes on meanwhile, and a process that opens the file does not wait for us: ADR 18.
//
// The kernel reports each write, each truncation and each closing of a descriptor for writing from
// the moment of watch() on (inotify). It does not report writes through a mapping, but a process
// that can make such writes has the file open for writing. When the watch begins, no process may
// have; one that opens the file later is seen closing it, or is found by a second check.
//
// Thread: any; one watcher serves all. Ownership: a Watch borrows its watcher and its descriptor,
// which must be open for reading only. Errors: none; what cannot be watched is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"
#include "os/fd.h"

namespace zc::os {

class ChangeWatcher {
 public:
  class Watch {
   public:
    Watch(Watch&& other) noexcept
        : watcher_(std::exchange(other.watcher_, nullptr)), id_(other.id_), fd_(other.fd_) {}
    ~Watch();

    // True when no process can have changed the file between watch() and the call. What was read
    // before the call is what the file held all the time.
    bool is_unchanged() const;

   private:
    friend class ChangeWatcher;
    Watch(ChangeWatcher& watcher, int id, int fd) : watcher_(&watcher), id_(id), fd_(fd) {}

    ChangeWatcher* watcher_;  // null once moved from
    int id_;
    int fd_;
  };

  // One inotify instance, of which a user has 128 at most.
  ChangeWatcher();

  // Nothing when a change could go unseen: the file is open for writing now, belongs to another
  // user, or lies on a file system that other machines or programs change too (network, FUSE);
  // there is no /proc; no inotify instance or watch is left.
  std::optional<Watch> watch(int fd);

 private:
  struct File {
    int users = 0;  // watches of one inode share an id
    bool was_opened = false;
    bool was_changed = false;
  };
  void read_events() ZC_REQUIRES(mutex_);
  bool was_changed(int id) ZC_EXCLUDES(mutex_);
  bool was_opened(int id) ZC_EXCLUDES(mutex_);
  void end(int id) ZC_EXCLUDES(mutex_);

  Fd inotify_;
  Mutex mutex_;
  std::unordered_map<int, File> files_ ZC_GUARDED_BY(mutex_);
};

// Sees the changes of the plain file of one name, from the construction on: each closing after a
// write, and each file that takes the name or gives it up. A program that changes a file in place
// makes one; a second one is of another process.
class NameWatch {
 public:
  enum class Change : std::uint8_t {
    kAny,
    // A file that the program has made took the name. The program may have opened it for writing
    // after that, as LLVM's tools do to give it its rights, but nothing was written to it.
    kReplaced,
  };

  explicit NameWatch(const std::string& path);

  // False also when changes could go unseen, as for ChangeWatcher. To be called once.
  bool saw_one(Change change) const;

 private:
  std::string name_;
  Fd inotify_;  // invalid: unseen
};

}  // namespace zc::os
