// ChangeWatcher: tells whether anybody has written to a file while it was being read, though its
// owner was told to go on. Nobody who opens the file ever waits for us: ADR 18.
//
// The kernel reports each write, each truncation and each closing of a descriptor for writing from
// the moment of watch() on (inotify). Writes through a mapping are not reported, but who can make
// some has the file open for writing: at the begin nobody may have, and who opens it later is seen
// closing it, or is found by asking once more.
//
// Thread: any; one watcher serves all. Ownership: a Watch borrows its watcher and its descriptor,
// which must be open for reading only. Errors: none; what cannot be watched is not.
#pragma once

#include <optional>
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

    // True when nobody can have changed the file between watch() and the call. What was read before
    // the call is what the file held all the time.
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

  // Nothing when a change could go unseen: the file is open for writing now, is somebody else's, or
  // lies on a file system that others change too (network, FUSE); no /proc; no inotify left.
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

}  // namespace zc::os
