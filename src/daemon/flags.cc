#include "daemon/flags.h"

#include "base/str.h"
#include "config/keys.h"

namespace zc::daemon {

const std::string_view kUsage =
    R"(usage: zccache-daemon [--foreground] [options]

Keeps the cache that the zccache compiler wrapper asks. Clients start it by themselves; without
--foreground it only says whether one runs.

  --foreground         run the server
  --endpoint PATH      socket to listen on
  --log-file FILE      append messages to FILE instead of standard error
  --log-level LEVEL    error, warn, info or debug (default: $ZCCACHE_LOG, info)
  --idle-timeout SECS  stop after so long without a request; 0 for never
                       (default: $ZCCACHE_IDLE_TIMEOUT_SECS, 3600)
  --ready-fd N         write to descriptor N once connections are accepted
  --slot-fd N          close descriptor N at that time
  --version, --help
)";

namespace {

Result<int> parse_fd(std::string_view name, std::string_view text) {
  constexpr std::uint64_t kFdMax = 1U << 20;  // the kernel's default bound, fs.nr_open
  const std::optional<std::uint64_t> number = parse_u64(text);
  if (!number || *number > kFdMax) {
    return fail(Code::kInvalid, str_cat(name, " needs a descriptor, not '", text, "'"));
  }
  return static_cast<int>(*number);
}

// Options with a value, as "--name=value" or in two words.
Result<> set_option(Flags& flags, std::string_view name, std::string_view value) {
  if (name == "--endpoint") {
    flags.endpoint = value;
  } else if (name == "--log-file") {
    flags.log_file = value;
  } else if (name == "--ready-fd") {
    TRY_ASSIGN(flags.ready_fd, parse_fd(name, value));
  } else if (name == "--slot-fd") {
    TRY_ASSIGN(flags.slot_fd, parse_fd(name, value));
  } else if (name == "--idle-timeout") {
    flags.idle_timeout_secs = config::parse_seconds(value);
    if (!flags.idle_timeout_secs) {
      return fail(Code::kInvalid, str_cat("--idle-timeout needs seconds, not '", value, "'"));
    }
  } else if (name == "--log-level") {
    flags.log_level = log::parse_level(value);
    if (!flags.log_level) {
      return fail(Code::kInvalid,
                  str_cat("--log-level must be error, warn, info or debug, not '", value, "'"));
    }
  } else {
    return fail(Code::kInvalid, str_cat("unknown option '", name, "'"));
  }
  return {};
}

}  // namespace

Result<Flags> parse_flags(std::span<const char* const> args) {
  Flags flags;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg == "--foreground") {
      flags.foreground = true;
    } else if (arg == "--version" || arg == "-V") {
      flags.version = true;
    } else if (arg == "--help" || arg == "-h") {
      flags.help = true;
    } else if (const std::size_t equals = arg.find('='); equals != std::string_view::npos) {
      TRY(set_option(flags, arg.substr(0, equals), arg.substr(equals + 1)));
    } else if (i + 1 < args.size()) {
      TRY(set_option(flags, arg, args[++i]));
    } else {
      return fail(Code::kInvalid, str_cat("'", arg, "' is unknown or needs a value"));
    }
  }
  return flags;
}

}  // namespace zc::daemon
