// SilenceMark: a symlink beside the lock. It says that this daemon has kept a compile waiting in
// vain, and until when clients leave it alone: a frozen daemon (SIGSTOP, cgroup freezer, swap) then
// costs one compile its patience, not each of them.
//
//   no mark --a compile hears nothing--> marked --time passes--> one client tries again
//      ^                                   ^                        |         |
//      |                                   +---- hears nothing -----+         |
//      +------------------------- an answer ---------------------------------+
//
// A mark is looked at only by a client that has waited a moment for its answer, so it costs a hit
// nothing, and a daemon that answers at once is used whatever a mark says. It means one socket
// file: the daemon that comes next has another one.
//
// Thread: the client has one; clients may race, and the worst of it is one that waits in vain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lifecycle/locations.h"

namespace zc::lifecycle {

class SilenceMark {
 public:
  // Borrows `locations`.
  explicit SilenceMark(const Locations& locations);

  enum class Advice : std::uint8_t {
    kWait,   // nothing is known against the daemon
    kProbe,  // the mark has run out: wait, then call set() or clear(); the others still keep away
    kLeave,  // do without it
  };
  Advice look() const;

  // No byte came: the others had better not try. Does nothing where the directory is not ours
  // alone, and where there is a mark already.
  void set() const;
  // It answered.
  void clear() const;

 private:
  struct Mark {
    std::string socket;         // which one is meant
    std::int64_t until_ms = 0;  // by os::monotonic_ms
    std::int64_t span_ms = 0;
  };
  std::optional<Mark> read() const;
  void write(const std::string& socket, std::int64_t span_ms) const;
  // Nothing: there is no socket.
  std::optional<std::string> socket() const;

  const Locations& locations_;
  std::string path_;
};

}  // namespace zc::lifecycle
