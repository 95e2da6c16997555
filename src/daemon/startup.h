// What a daemon does with the process it was started in, before it serves anybody: streams, limits,
// working directory; and how it tells its starter that it is ready.
//
// Thread: called before any thread starts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "lifecycle/locations.h"
#include "os/fd.h"

namespace zc::daemon {

// The other end of the client that waits for us; see lifecycle/spawn.h. Closes both
// descriptors when it is destroyed or once it has spoken.
class Starter {
 public:
  // -1: nobody waits.
  Starter(int ready_fd, int slot_fd);
  void ready();
  void give_up(std::string_view reason);

 private:
  void say(std::string_view text);

  os::Fd ready_;
  os::Fd slot_;
};

// Standard output and error go to the end of `path`, which is marked as in use for our lifetime.
Result<> redirect_output(const std::string& path);

// Marks our own program as in use, so that nobody cleans it up. Keep the result.
os::Fd hold_own_program();

// The process has its name; new files are private whatever our starter's umask; its soft limits,
// made for a build, become the hard ones; the directory it started us in is let go.
void detach_from_parent(const std::string& directory);

// Whether the hard limits that we inherited let a daemon do its work. Errors: kInvalid, with the
// limit and what to do.
Result<> require_limits();

// One line for people: does a daemon run at the endpoint, and which.
std::string report(const lifecycle::Locations& locations, std::string_view own_version);

}  // namespace zc::daemon
