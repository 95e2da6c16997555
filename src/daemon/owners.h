// Owners: the processes for which a private daemon is there. Each of its sessions names some. When
// the last of them has ended, or the last session that names one, the daemon ends, too.
//
// Thread: any. Owns: handles of processes, so that another process with the same pid is no owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "codec/json.h"
#include "os/process.h"

namespace zc::daemon {

class Owners {
 public:
  static constexpr std::size_t kOwnersMax = 256;

  // Each of the processes owns the daemon until `session` ends. Errors: kNotFound: one of them is
  // not there; kInvalid: too many. Then none is added.
  Result<> add(const std::string& session, std::span<const std::uint64_t> pids);
  void release(const std::string& session);

  // Whether there have been owners, and none is left. Forgets those that have ended.
  bool are_gone();
  // The processes that have ended, for the log.
  std::vector<std::int64_t> ended() const;
  // Descriptors that are readable once an owner has ended. -1 where the kernel has none.
  std::vector<int> fds() const;

  // "[{"pid": 7, "sessions": 2}]"
  codec::Json describe() const;

 private:
  struct Owner {
    os::ProcessHandle process;
    std::set<std::string> sessions;
  };

  mutable Mutex mutex_;
  std::vector<Owner> owners_ ZC_GUARDED_BY(mutex_);
  std::vector<std::int64_t> ended_ ZC_GUARDED_BY(mutex_);
  bool have_been_ ZC_GUARDED_BY(mutex_) = false;
};

}  // namespace zc::daemon
