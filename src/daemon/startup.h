// What a daemon does with its process before it serves clients: streams, limits, working directory;
// and how it reports to its starter that it is ready.
//
// Thread: called before any thread starts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "lifecycle/locations.h"
#include "os/fd.h"

namespace zc::daemon {

// The connection to the client that waits for this daemon; see lifecycle/spawn.h. Closes both
// descriptors after its report, or when it is destroyed.
class Starter {
 public:
  // -1: no client waits.
  Starter(int ready_fd, int slot_fd);
  // Reports that the daemon accepts connections; `give_up` reports why it never will. Only the
  // first report is sent.
  void ready();
  void give_up(std::string_view reason);

 private:
  void say(std::string_view text);

  os::Fd ready_;
  os::Fd slot_;
};

// Redirects standard output and error to the end of `path`, and marks the file as in use for the
// life of the process. Errors: kIo.
Result<> redirect_output(const std::string& path);

// Marks the daemon's own program as in use, so that no client removes it, as long as the caller
// keeps the result.
os::Fd hold_own_program();

// Makes the process independent of its starter: it gets its own name, new files are private
// whatever the starter's umask, it raises its soft limits, made for a build, to the hard ones, and
// its working directory becomes `directory` (else "/").
void detach_from_parent(const std::string& directory);

// From now on SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL leave a dump (os/crash_dump.h) in
// Locations::crashes(), of which `zccache crashes` lists the files, before they end the process as
// they would have. `build` must outlive the process. Errors: the directory cannot be made; then no
// handler is installed.
Result<> dump_crashes(const lifecycle::Locations& locations, std::string_view build);

// The figures of the newest older version, in a state directory of the same name: the daemon takes
// them over if there are none of its own version. Empty: there are none.
std::string older_statistics(const lifecycle::Locations& locations, std::string_view version);

// Whether a daemon can work under the hard limits that it inherited. Errors: kInvalid, with the
// limit and what to do.
Result<> require_limits();

// One line for people: whether a daemon runs at the endpoint, and its version. Connects to it, and
// waits two seconds at most for its reply.
std::string report(const lifecycle::Locations& locations, std::string_view own_version);

}  // namespace zc::daemon
