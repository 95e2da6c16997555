// zccache-daemon: builds the objects that live as long as the daemon, passes each its dependencies,
// and runs until the daemon must stop.

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>

#include "base/build.h"
#include "base/path.h"
#include "base/str.h"
#include "base/version_order.h"
#include "config/files.h"
#include "daemon/bypassed_commands.h"
#include "daemon/compile_cache.h"
#include "daemon/compile_service.h"
#include "daemon/flags.h"
#include "daemon/lifecycle.h"
#include "daemon/lifecycle_log.h"
#include "daemon/server.h"
#include "daemon/session_service.h"
#include "daemon/settings.h"
#include "daemon/startup.h"
#include "engine/assembler/frontend.h"
#include "engine/c/frontend.h"
#include "engine/command/frontend.h"
#include "engine/driver/frontend.h"
#include "engine/emscripten/frontend.h"
#include "engine/rust/frontend.h"
#include "engine/wrapper/frontend.h"
#include "history/journal.h"
#include "history/sessions.h"
#include "history/statistics.h"
#include "lifecycle/locations.h"
#include "log/log.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file_system.h"
#include "os/memory.h"
#include "os/name.h"
#include "os/self.h"
#include "os/signal.h"

namespace {

using namespace zc;

// The first that knows a command has it.
engine::Frontends make_frontends(const engine::Dependencies& dependencies) {
  engine::Frontends out;
  out.push_back(std::make_unique<engine::command::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::assembler::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::c::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::rust::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::emscripten::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::driver::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::wrapper::Frontend>(dependencies));
  out.push_back(std::make_unique<engine::command::UnknownFrontend>(dependencies));
  return out;
}

void print(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

// The lock belongs to the endpoint, so an endpoint of the user's choice has a lock beside it.
Result<lifecycle::Locations> locations_for(const daemon::Flags& flags, const std::string& cwd) {
  TRY_ASSIGN(lifecycle::Locations out,
             lifecycle::locate(::getenv, ZCCACHE_VERSION, cwd, os::user_id()));
  if (!flags.endpoint.empty()) {
    out.endpoint = join_path(cwd, flags.endpoint);
    out.lock = out.endpoint + ".lock";
  }
  return out;
}

// The version of the client that started the daemon; empty if a person did.
std::string_view starter_version() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread has started yet
  return view_or_empty(std::getenv("ZCCACHE_CLIENT_VERSION"));
}

// The version that the daemon reports to clients. If a newer client started this daemon, it found
// no newer program; it would start daemons again and again if this one reported its older version.
std::string announced_version() {
  const std::string_view starter = starter_version();
  const std::string_view own = full_version();
  if (compare_versions(own, starter) == VersionOrder::kDaemonOlder &&
      compare_versions(starter, own) == VersionOrder::kDaemonNewer) {
    return std::string(starter);
  }
  return std::string(own);
}

daemon::SettingSources sources_of(const daemon::Flags& flags, const lifecycle::Locations& locations,
                                  std::string cwd) {
  return {.env = ::getenv,
          .cwd = std::move(cwd),
          .disk = os::disk_space(locations.state).value_or(os::DiskSpace{}),
          .idle_timeout_secs = flags.idle_timeout_secs,
          .log_level = flags.log_level};
}

// Changed files count without a restart. Returns the idle timeout.
std::int64_t refresh(daemon::Settings& settings, daemon::CompileService& service, log::Log& log) {
  if (settings.refresh()) {
    service.apply_settings();
    log.set_level(settings.current().log_level);
  }
  return settings.current().idle_timeout_secs;
}

// All arguments outlive the result.
daemon::ServerHooks hooks_for(const lifecycle::Locations& locations, const os::Event& shutdown,
                              const daemon::CompileService& service,
                              daemon::SessionService& sessions) {
  return {.shutdown_requested = [&] { shutdown.set(); },
          .not_understood =
              [&](const std::string& reason) {
                daemon::log_mismatch(locations, full_version(), reason);
              },
          .about_sessions =
              [&](wire::Frame request) {
                return sessions.handle(std::move(request), [&] { return service.is_warm(); });
              }};
}

void warn_at_start(const lifecycle::Locations& locations, daemon::Settings& settings,
                   const log::Log& log) {
  if (const Result<> dumps = daemon::dump_crashes(locations, full_version()); !dumps) {
    log.warn(str_cat("a crash will leave no dump: ", dumps.error().message));
  }
  for (const std::string& warning : settings.warnings()) {
    log.warn(warning);
  }
}

// From the claim to the last byte on disk.
Result<> serve(const daemon::Flags& flags, const lifecycle::Locations& locations,
               const std::string& cwd, daemon::Starter& starter) {
  const std::int64_t start_ms = os::monotonic_ms();
  os::keep_little_freed_memory();
  TRY(daemon::require_limits());
  TRY(lifecycle::make_directories(locations, os::user_id()));
  const os::PosixFileSystem fs;
  config::Files files(fs);
  log::Log log(log::Level::kInfo);
  daemon::Settings settings(files, sources_of(flags, locations, cwd), log);
  const daemon::Config config = settings.current();
  log.set_level(config.log_level);
  // A client that goes away in the middle of a reply must not end the daemon.
  os::ignore_write_signals();
  os::expect_children();
  TRY_ASSIGN(const os::SignalSource signals, os::SignalSource::open_requests_to_end());
  TRY_ASSIGN(const os::Event shutdown, os::Event::open());

  TRY_ASSIGN(std::optional<daemon::Claim> claim, daemon::Claim::take(locations));
  if (!claim) {
    log.info("another daemon serves this endpoint");
    return {};
  }
  // Beyond this point this is the only daemon of the endpoint, and the store belongs to it.
  warn_at_start(locations, settings, log);
  const std::string version = announced_version();
  const store::Options store_options = {.size_bytes_max = config.size_bytes_max,
                                        .free_bytes_min = config.free_bytes_min};
  history::Statistics statistics(locations.statistics(),
                                 daemon::older_statistics(locations, ZCCACHE_VERSION),
                                 [&](const std::string& text) { log.warn(text); });
  history::Sessions sessions;
  history::Journal journal(
      locations.logs(), history::kJournalBytesMax,
      [&](const history::CommandRecord& record) { statistics.add(record); }, &sessions);
  daemon::RunningCommands running;
  daemon::BypassedCommands bypassed({journal, sessions, running});
  daemon::SessionService session_service(locations, ::getenv, sessions, bypassed);
  daemon::CompileService service(
      locations, settings, log, {running, bypassed, journal, statistics, session_service}, version,
      daemon::open_cache(locations.store(), store_options, make_frontends,
                         [&](const std::string& text) { log.warn(text); }));
  TRY_ASSIGN(os::Fd listener, claim->listen());
  const daemon::ServerHooks hooks = hooks_for(locations, shutdown, service, session_service);
  daemon::Server server(std::move(listener), service, log,
                        {.version = version, .uid = os::user_id()}, hooks);
  TRY(server.start());
  daemon::log_spawn(locations, config, full_version(), starter_version());
  // This start has come to its end (lifecycle/start_mark.h).
  os::remove_name(locations.start_mark());
  starter.ready();
  log.info(str_cat("version ", full_version(), " serves ", locations.endpoint));

  const daemon::End end = daemon::wait_for_end(
      *claim, server, signals, shutdown, [&] { return refresh(settings, service, log); },
      session_service);
  const std::int64_t end_ms = os::monotonic_ms();
  daemon::log_end(locations, settings.current(), end, (end_ms - start_ms) / 1000,
                  (end_ms - server.activity().last_end_ms) / 1000,
                  session_service.owners().ended());
  log.info("stopping");
  if (!daemon::wind_down(*claim, server, service)) {
    log.warn("requests were still running at the end");
    // Threads of these requests still use objects that would be destroyed here. A thread that hangs
    // in the kernel keeps the process's descriptors open even now, so the lock is released
    // explicitly: the next daemon needs it.
    claim.reset();
    std::_Exit(0);
  }
  return {};
}

int run(const daemon::Flags& flags) {
  const std::string cwd = os::working_directory().value_or("/");
  const Result<lifecycle::Locations> locations = locations_for(flags, cwd);
  daemon::Starter starter(flags.ready_fd, flags.slot_fd);
  if (!locations) {
    starter.give_up(locations.error().message);
    print(stderr, str_cat("zccache-daemon: ", locations.error().message, "\n"));
    return 1;
  }
  if (!flags.foreground) {
    print(stdout, daemon::report(*locations, full_version()));
    return 0;
  }
  if (!flags.log_file.empty()) {
    // Without its log the daemon is silent, not useless.
    (void)daemon::redirect_output(join_path(cwd, flags.log_file));
  }
  const os::Fd program = daemon::hold_own_program();
  daemon::detach_from_parent(locations->state);
  if (const Result<> served = serve(flags, *locations, cwd, starter); !served) {
    daemon::log_failed_start(*locations, full_version(), served.error().message);
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
    print(stdout, str_cat("zccache-daemon ", full_version(), "\n"));
    return 0;
  }
  return run(*flags);
}
