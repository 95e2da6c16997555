#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"

namespace zc::cli {

int help(const lifecycle::Caller& caller, Args) {
  std::string out = str_cat("zccache ", caller.version, R"(: a compiler cache

usage: zccache <compiler> <arguments>   compile, from the cache if possible
       zccache exec [options] -- <command>   any command, from the cache if possible
       zccache run <build command>   a whole build, its compilers from the cache if possible
       zccache <command>               `--help` behind its name says more

commands:
)");
  // In characters; no name of a command is longer.
  constexpr std::size_t kNameWidth = 12;
  for (const Command& command : commands()) {
    str_append(out, "  ", command.name, std::string(kNameWidth - command.name.size(), ' '),
               command.help, '\n');
  }
  str_append(out, R"(
environment (the manual says more of each):
  ZCCACHE_CACHE_DIR           directory for everything that zccache keeps (default: ~/.zccache)
  ZCCACHE_CACHE_FAILURES=0    failed compiles are neither kept nor replayed
  ZCCACHE_DAEMON_NAMESPACE    a name for a second daemon with a cache of its own
  ZCCACHE_DISABLE=1           run compilers as if zccache were not there
  ZCCACHE_ENDPOINT            path of the daemon's socket
  ZCCACHE_IDLE_TIMEOUT_SECS   the daemon exits after so long without a request (3600; 0: never)
  ZCCACHE_LINK_DEPLOY_CMD     a command to run behind each link
  ZCCACHE_LINKS               which links and archives: always, never, auto or measure
  ZCCACHE_LOG                 error, warn, info or debug
  ZCCACHE_MAX_SIZE            size of the cache, like 20G
  ZCCACHE_NO_SPAWN=1          never start a daemon
  ZCCACHE_PATH_REMAP=auto     results of Rust do not depend on where the checkout is
  ZCCACHE_STOP_TIMEOUT_SECS   how long `stop` waits (10)
  ZCCACHE_VERIFY              1/N: of N hits, one is compiled again and compared
  ZCCACHE_WORKTREE_ROOT       the checkout, for ZCCACHE_PATH_REMAP
)");
  print_out(out);
  return kDone;
}

int version(const lifecycle::Caller& caller, Args) {
  print_out(str_cat("zccache ", caller.version, '\n'));
  return kDone;
}

}  // namespace zc::cli
