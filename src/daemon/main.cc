// zccache-daemon: builds every object, hands each what it needs, and runs until it is time to stop.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "base/path.h"
#include "base/str.h"
#include "daemon/compile_service.h"
#include "daemon/config.h"
#include "daemon/flags.h"
#include "daemon/lifecycle.h"
#include "daemon/lifecycle_log.h"
#include "daemon/server.h"
#include "daemon/startup.h"
#include "log/log.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/read_lease.h"
#include "os/signal.h"
#include "wire/locations.h"

namespace {

using namespace zc;

constexpr std::string_view kVersion = ZCCACHE_VERSION;

void print(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::string working_directory() {
  char path[4096];
  return ::getcwd(path, sizeof path) == nullptr ? std::string("/") : std::string(path);
}

Result<wire::Locations> locations_for(const daemon::Flags& flags, const std::string& cwd) {
  TRY_ASSIGN(wire::Locations out, wire::locate(::getenv, kVersion, cwd, ::geteuid()));
  if (!flags.endpoint.empty()) {
    out.endpoint = join_path(cwd, flags.endpoint);
    out.lock = out.endpoint + ".lock";
  }
  return out;
}

daemon::Config config_for(const daemon::Flags& flags, const wire::Locations& locations) {
  const Result<os::DiskSpace> disk = os::disk_space(locations.root);
  daemon::Config out = daemon::read_config(::getenv, disk.value_or(os::DiskSpace{}));
  out.idle_timeout_secs = flags.idle_timeout_secs.value_or(out.idle_timeout_secs);
  out.log_level = flags.log_level.value_or(out.log_level);
  return out;
}

// From the claim to the last byte on disk.
Result<> serve(const daemon::Flags& flags, const wire::Locations& locations,
               daemon::Starter& starter) {
  const std::int64_t start_ms = os::monotonic_ms();
  TRY(os::make_directories(locations.logs()));
  const daemon::Config config = config_for(flags, locations);
  const log::Log log(config.log_level);
  os::ignore_write_signals();
  os::ignore_lease_signals();
  TRY_ASSIGN(const os::SignalSource signals, os::SignalSource::open({SIGTERM, SIGINT, SIGHUP}));
  TRY_ASSIGN(const os::Event shutdown, os::Event::open());

  TRY_ASSIGN(std::optional<daemon::Claim> claim, daemon::Claim::take(locations));
  if (!claim) {
    log.info("another daemon serves this endpoint");
    return {};
  }
  // Beyond this point we are the only daemon of this endpoint, and the store is ours.
  for (const std::string& warning : config.warnings) {
    log.warn(warning);
  }
  daemon::CompileService service(locations, config, log, std::string(kVersion));
  TRY_ASSIGN(os::Fd listener, claim->listen());
  const daemon::ServerHooks hooks = {
      .shutdown_requested = [&] { shutdown.set(); },
      .not_understood =
          [&](const std::string& reason) { daemon::record_mismatch(locations, kVersion, reason); }};
  daemon::Server server(std::move(listener), service, log,
                        {.version = std::string(kVersion), .uid = ::geteuid()}, hooks);
  TRY(server.start());
  daemon::record_spawn(locations, config, kVersion);
  starter.ready();
  log.info(str_cat("version ", kVersion, " serves ", locations.endpoint));

  const daemon::End end =
      daemon::wait_for_end(*claim, server, signals, shutdown, config.idle_timeout_secs);
  daemon::record_end(locations, config, end, (os::monotonic_ms() - start_ms) / 1000);
  log.info("stopping");
  if (!daemon::wind_down(*claim, server, service)) {
    log.warn("requests were still running at the end");
    // Their threads still use what would be destroyed here. One that the kernel holds keeps its
    // descriptors even now, so the lock is given up by hand: the next daemon needs it.
    claim.reset();
    std::_Exit(0);
  }
  return {};
}

int run(const daemon::Flags& flags) {
  const std::string cwd = working_directory();
  const Result<wire::Locations> locations = locations_for(flags, cwd);
  daemon::Starter starter(flags.ready_fd, flags.slot_fd);
  if (!locations) {
    starter.give_up(locations.error().message);
    print(stderr, str_cat("zccache-daemon: ", locations.error().message, "\n"));
    return 1;
  }
  if (!flags.foreground) {
    print(stdout, daemon::report(*locations, kVersion));
    return 0;
  }
  if (!flags.log_file.empty()) {
    // Without its log the daemon is silent, not useless.
    (void)daemon::redirect_output(join_path(cwd, flags.log_file));
  }
  const os::Fd program = daemon::hold_own_program();
  daemon::settle(locations->state);
  if (const Result<> served = serve(flags, *locations, starter); !served) {
    starter.give_up(served.error().message);
    print(stderr, str_cat("zccache-daemon: ", served.error().message, "\n"));
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> args(argv, static_cast<std::size_t>(argc));
  const Result<daemon::Flags> flags = daemon::parse_flags(args.subspan(args.empty() ? 0 : 1));
  if (!flags) {
    print(stderr, str_cat("zccache-daemon: ", flags.error().message, "\n", daemon::kUsage));
    return 2;
  }
  if (flags->help) {
    print(stdout, daemon::kUsage);
    return 0;
  }
  if (flags->version) {
    print(stdout, str_cat("zccache-daemon ", kVersion, "\n"));
    return 0;
  }
  return run(*flags);
}
