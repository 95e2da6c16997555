#include "lifecycle/connect.h"

#include <string_view>

#include "base/path.h"
#include "base/str.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/self.h"
#include "os/socket.h"

namespace zc::lifecycle {

namespace {

constexpr std::uint64_t kLockBytesMax = 4096;

}  // namespace

Result<wire::Connection> connect_daemon(const std::string& endpoint) {
  TRY_ASSIGN(os::Fd socket, os::connect_unix(endpoint));
  TRY_ASSIGN(const os::Peer peer, os::peer_of(socket.get()));
  if (peer.uid != os::user_id()) {
    return fail(Code::kInvalid,
                str_cat("the process that listens on ", endpoint, " belongs to another user"));
  }
  return wire::Connection(std::move(socket));
}

std::optional<os::ProcessHandle> live_daemon(const std::string& lock) {
  if (!os::is_lock_held(lock)) {
    return std::nullopt;
  }
  const Result<std::string> text = os::read_path(lock, kLockBytesMax);
  if (!text) {
    return std::nullopt;
  }
  // A daemon that is just starting may have written a part of it: then there is none yet.
  TRY_ASSIGN(const os::ProcessIdentity identity, os::ProcessIdentity::parse(*text));
  Result<os::ProcessHandle> process = os::ProcessHandle::open(identity);
  const Result<std::string> program = os::executable_of(identity.pid);
  if (!process || !program) {
    return std::nullopt;
  }
  // Usually the daemon runs from a copy of its program, called zccache-daemon.<id>.
  const std::string_view name = base_name(*program);
  if (name != "zccache-daemon" && !name.starts_with("zccache-daemon.")) {
    return std::nullopt;
  }
  return *std::move(process);
}

}  // namespace zc::lifecycle
