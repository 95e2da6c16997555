// zccache session-start: begins a session, in the user's daemon or in a private one.
//
// The files of a session are opened here, with the rights and in the world of the one who asks; the
// daemon gets descriptors and opens nothing.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/environment_overlay.h"
#include "cli/request.h"
#include "codec/json.h"
#include "lifecycle/ensure.h"
#include "lifecycle/private_daemon.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/self.h"
#include "wire/message.h"

namespace zc::cli {

namespace {

using codec::Json;

constexpr std::string_view kOwnVariables = "ZCCACHE_";

struct SessionWish {
  std::string cwd;
  std::string log;
  std::string journal;
  std::string endpoint;
  std::string cache_dir;
  std::string daemon_name;
  std::vector<std::uint64_t> owners;
  std::vector<std::string> private_env;  // NAME=VALUE
  bool is_private = false;
  bool wants_stats = false;
  bool wants_profile = false;
};

// An option that has a value.
struct SessionOption {
  std::string_view name;
  std::string SessionWish::* value;
};
constexpr SessionOption kSessionOptions[] = {
    {.name = "--cwd", .value = &SessionWish::cwd},
    {.name = "--log", .value = &SessionWish::log},
    {.name = "--journal", .value = &SessionWish::journal},
    {.name = "--endpoint", .value = &SessionWish::endpoint},
    {.name = "--cache-dir", .value = &SessionWish::cache_dir},
    {.name = "--daemon-name", .value = &SessionWish::daemon_name},
};
struct SessionSwitch {
  std::string_view name;
  bool SessionWish::* value;
};
constexpr SessionSwitch kSessionSwitches[] = {
    {.name = "--private-daemon", .value = &SessionWish::is_private},
    {.name = "--stats", .value = &SessionWish::wants_stats},
    {.name = "--profile", .value = &SessionWish::wants_profile},
};

// False: it is no such option.
bool read_session_switch(std::string_view word, SessionWish& out) {
  const auto* const found = std::ranges::find(kSessionSwitches, word, &SessionSwitch::name);
  if (found == std::end(kSessionSwitches)) {
    return false;
  }
  out.*(found->value) = true;
  return true;
}

// False: it is no such option, or the value makes no sense.
bool read_session_value(std::string_view word, std::string_view value, SessionWish& out) {
  const auto* const found = std::ranges::find(kSessionOptions, word, &SessionOption::name);
  if (found != std::end(kSessionOptions)) {
    out.*(found->value) = value;
    return !value.empty();
  }
  if (word == "--owner-pid") {
    const auto pid = parse_u64(value);
    out.owners.push_back(pid.value_or(0));
    return out.owners.back() > 0;
  }
  if (word == "--private-env") {
    out.private_env.emplace_back(value);
    return value.find('=') != std::string_view::npos && !value.starts_with('=');
  }
  return false;
}

// Nothing: there is a mistake, and that has been printed.
std::optional<SessionWish> read_session_words(Args args) {
  SessionWish out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (read_session_switch(args[i], out)) {
      continue;
    }
    if (i + 1 == args.size() || !read_session_value(args[i], args[i + 1], out)) {
      (void)bad_argument("session-start", args[i]);
      return std::nullopt;
    }
    ++i;
  }
  out.is_private |= !out.daemon_name.empty() || !out.owners.empty() || !out.private_env.empty();
  const std::string here = os::working_directory().value_or("/");
  out.cwd = join_path(here, out.cwd.empty() ? "." : out.cwd);
  for (std::string* path : {&out.log, &out.journal, &out.endpoint, &out.cache_dir}) {
    *path = path->empty() ? std::string() : join_path(here, *path);
  }
  return out;
}

std::string name_of_daemon(const SessionWish& wanted) {
  if (!wanted.daemon_name.empty()) {
    return wanted.daemon_name;
  }
  return wanted.endpoint.empty() ? str_cat("private-", os::process_id())
                                 : str_cat("endpoint-", wanted.endpoint);
}

std::string_view name_in(std::string_view assignment) {
  return assignment.substr(0, assignment.find('='));
}

bool reaches_daemon(std::string_view assignment) {
  return assignment.starts_with(kOwnVariables);
}

// Names, with commas between them.
std::string private_names(const SessionWish& wanted) {
  std::string out;
  for (const std::string& assignment : wanted.private_env) {
    if (reaches_daemon(assignment)) {
      str_append(out, out.empty() ? "" : ",", name_in(assignment));
    }
  }
  return out;
}

// What the daemon is found by, and gets if it has to be started: a path that was given on the
// command line wins over a variable.
EnvironmentOverlay environment_for(const lifecycle::Caller& caller, const SessionWish& wanted) {
  EnvironmentOverlay out(caller.environment);
  for (const std::string& assignment : wanted.private_env) {
    const std::string_view name = name_in(assignment);
    if (reaches_daemon(assignment)) {
      out.set(name, std::string_view(assignment).substr(name.size() + 1));
    }
  }
  if (!wanted.cache_dir.empty() || wanted.is_private) {
    out.unset("ZCCACHE_ENDPOINT");
  }
  if (!wanted.cache_dir.empty()) {
    out.set("ZCCACHE_CACHE_DIR", wanted.cache_dir);
  }
  if (!wanted.endpoint.empty()) {
    out.set("ZCCACHE_ENDPOINT", wanted.endpoint);
  }
  if (wanted.is_private) {
    out.set("ZCCACHE_DAEMON_NAMESPACE", name_of_daemon(wanted));
    out.set(lifecycle::kPrivateDaemon, "1");
    out.set(lifecycle::kPrivateVariables, private_names(wanted));
  }
  return out;
}

// Errors: kInvalid: what is there is no plain file; kIo.
Result<os::Fd> open_plain(const std::string& path) {
  const Result<os::FileStamp> stamp = os::stat_path(path);
  if (stamp && !stamp->is_regular()) {
    return fail(Code::kInvalid, str_cat(path, " is no plain file"));
  }
  return os::open_file(path, os::Open::kAppend);
}

Result<Json> begin(const lifecycle::Caller& caller, const SessionWish& wanted) {
  wire::SessionStart start;
  start.version = caller.version;
  start.cwd = wanted.cwd;
  start.wants_stats = wanted.wants_stats;
  start.wants_profile = wanted.wants_profile;
  start.has_log = !wanted.log.empty();
  start.has_journal = !wanted.journal.empty();
  start.is_private = wanted.is_private;
  start.owners = wanted.owners;
  std::vector<os::Fd> files;
  for (const std::string& path : {wanted.log, wanted.journal}) {
    if (!path.empty()) {
      TRY_ASSIGN(os::Fd file, open_plain(path));
      files.push_back(std::move(file));
    }
  }
  std::vector<int> fds;
  for (const os::Fd& file : files) {
    fds.push_back(file.get());
  }
  TRY(lifecycle::ensure_daemon(caller));
  TRY_ASSIGN(const std::string frame, wire::encode(start));
  TRY_ASSIGN(const std::string reply,
             send_request(caller, frame, fds, wire::Type::kSessionReply, kSlowReplyMs));
  return Json::parse(reply);
}

// The daemon's environment was made when it started; the compilers have that of the build.
void note_ineffective(const SessionWish& wanted, const Json& reply) {
  for (const std::string& assignment : wanted.private_env) {
    const std::string name(name_in(assignment));
    if (!reaches_daemon(assignment)) {
      print_note(str_cat("zccache session-start: --private-env ", name,
                         " has no effect: compilers run in the environment of the build"));
    } else if (reply.at("private_env").at(name).is_null()) {
      print_note(str_cat("zccache session-start: --private-env ", name,
                         " has no effect: the private daemon ran before"));
    }
  }
}

void print_session(const SessionWish& wanted, const lifecycle::Locations& at, const Json& reply) {
  Json out = Json::object();
  out.set("session_id", reply.at("session_id"));
  out.set("started_at", reply.at("started_at"));
  if (!wanted.journal.empty()) {
    out.set("journal_path", Json::text(wanted.journal));
  }
  if (wanted.is_private) {
    out.set("endpoint", Json::text(at.endpoint));
    out.set("daemon_namespace", Json::text(at.label()));
  }
  print_out(out.dump_line() + '\n');
}

int fail_start(const Error& error) {
  print_note(str_cat("zccache session-start: ", error.message));
  return kFailed;
}

}  // namespace

int session_start(const lifecycle::Caller& caller, Args args) {
  const std::optional<SessionWish> wanted = read_session_words(args);
  if (!wanted) {
    return kUsageError;
  }
  if (!wanted->journal.empty() && !wanted->journal.ends_with(".jsonl")) {
    print_note("zccache session-start: the name of the journal must end in .jsonl");
    return kFailed;
  }
  const EnvironmentOverlay environment = environment_for(caller, *wanted);
  const Result<lifecycle::Locations> at =
      lifecycle::locate([&](const char* name) { return environment.find(name); }, ZCCACHE_VERSION,
                        wanted->cwd, os::user_id());
  if (!at) {
    return fail_start(at.error());
  }
  const std::vector<const char*> variables = environment.variables();
  const lifecycle::Caller there = {
      .locations = *at, .version = caller.version, .environment = variables.data()};
  const Result<Json> reply = begin(there, *wanted);
  if (!reply) {
    return fail_start(reply.error());
  }
  note_ineffective(*wanted, *reply);
  print_session(*wanted, *at, *reply);
  return kDone;
}

}  // namespace zc::cli
