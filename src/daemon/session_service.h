// SessionService: what the daemon replies to messages about sessions, and who owns a private one.
//
// A daemon is private if `zccache session-start --private-daemon` has started it, which says so in
// its environment; no other daemon ends with the processes that a session names.
//
// Thread: any.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "codec/json.h"
#include "daemon/bypassed_commands.h"
#include "daemon/owners.h"
#include "history/sessions.h"
#include "lifecycle/locations.h"
#include "wire/frame.h"
#include "wire/message.h"

namespace zc::daemon {

class SessionService {
 public:
  // Borrows `locations`, `sessions` and `commands`, behind which is the history.
  // `env`: the daemon's own environment.
  SessionService(const lifecycle::Locations& locations, const lifecycle::Environment& env,
                 history::Sessions& sessions, BypassedCommands& commands);

  // The text of the reply. `is_warm`: whether the cache knows commands. Errors: the message is for
  // the user.
  Result<std::string> handle(wire::Frame request, const std::function<bool()>& is_warm);

  // Adds what `status` shows of sessions and owners.
  void describe(codec::Json& out) const;

  history::Sessions& sessions() { return sessions_; }
  Owners& owners() { return owners_; }

 private:
  Result<std::string> start(const wire::Frame& request, std::vector<os::Fd> fds, bool is_warm);
  Result<std::string> stats(const std::string& id);
  Result<std::string> end(const std::string& id);
  Result<std::string> release(const std::string& path);
  codec::Json private_variables() const;

  const lifecycle::Locations& locations_;
  history::Sessions& sessions_;
  BypassedCommands& commands_;
  const bool is_private_;
  std::vector<std::string> private_variables_;  // names
  Owners owners_;
};

}  // namespace zc::daemon
