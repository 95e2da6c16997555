#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"

namespace zc::cli {

int help(const lifecycle::Caller& caller, Args) {
  std::string out = str_cat("zccache ", caller.version, R"(: a compiler cache

usage: zccache <compiler> <arguments>   compile, from the cache if possible
       zccache exec [options] -- <command>   any command, from the cache if possible
       zccache run <build command>   a whole build, its compilers from the cache if possible
       zccache <command>

commands:
)");
  // In characters; no name of a command is longer.
  constexpr std::size_t kNameWidth = 10;
  for (const Command& command : commands()) {
    str_append(out, "  ", command.name, std::string(kNameWidth - command.name.size(), ' '),
               command.help, '\n');
  }
  str_append(out, R"(
environment:
  ZCCACHE_CACHE_DIR           directory for everything that zccache keeps (default: ~/.zccache)
  ZCCACHE_DISABLE=1           run compilers as if zccache were not there
  ZCCACHE_NO_SPAWN=1          never start a daemon
  ZCCACHE_DAEMON_NAMESPACE    a name for a second daemon with a cache of its own
  ZCCACHE_MAX_SIZE            size of the cache, like 20G
  ZCCACHE_IDLE_TIMEOUT_SECS   the daemon exits after so long without a request (3600; 0: never)
  ZCCACHE_LOG                 error, warn, info or debug
)");
  print_out(out);
  return kDone;
}

int version(const lifecycle::Caller& caller, Args) {
  print_out(str_cat("zccache ", caller.version, '\n'));
  return kDone;
}

}  // namespace zc::cli
