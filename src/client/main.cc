// zccache, the client: stands in front of the compiler.
//
//   zccache g++ -c a.cc        wrapper
//   g++ -> zccache             masquerade: called by the compiler's name
//   zccache rustc …            the same for Rust (RUSTC_WRAPPER, RUSTC_WORKSPACE_WRAPPER)
//   zccache recache=1 g++ …    wrapper, with a setting for this command
//   zccache -- g++ …
//   zccache wrap [--as NAME] [--] g++ …
//                              wrapper, also for a tool named like a subcommand, and for one that
//                              finds NAME in argv[0]
//   zccache exec -- protoc …   any command, with what the user declares of it
//   zccache run make -j8       a build: zccache-cli starts it, the observer calls us
//   zccache status             any subcommand: zccache-cli beside it takes over
//
// One request, one reply; then it delivers, compiles or becomes the compiler. Whatever goes wrong
// ends in the real compiler running as the user called it.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/build.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "base/subcommands.h"
#include "client/callers_limits.h"
#include "client/deliver.h"
#include "client/ephemeral_log.h"
#include "client/exec_words.h"
#include "client/find_compiler.h"
#include "client/inherited_descriptors.h"
#include "client/link_deployment.h"
#include "client/passthrough.h"
#include "client/request.h"
#include "client/run.h"
#include "client/setting_words.h"
#include "client/spare_output.h"
#include "client/verify.h"
#include "client/whole_build.h"
#include "lifecycle/connect.h"
#include "lifecycle/ensure.h"
#include "lifecycle/events.h"
#include "lifecycle/locations.h"
#include "lifecycle/silence.h"
#include "os/child.h"
#include "os/clock.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/program_file.h"
#include "os/self.h"
#include "os/standard_input.h"
#include "os/unnamed_file.h"
#include "wire/environment.h"
#include "wire/message.h"

namespace zc::client {
namespace {

// A new daemon gets this long to reply; a slower one serves the next compile.
constexpr int kSpawnReadyMs = 50;

constexpr int kUsageError = 2;

// What takes the daemon longer than this may be a daemon that never answers.
constexpr int kFirstLookMs = 20;

// A request above this may not fit into the socket, and then waits for a daemon that reads.
constexpr std::size_t kSocketBytes = std::size_t{64} << 10;

const char* variable(const char* name) {
  return std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
}

int complain(std::string_view message, int exit_code) {
  (void)os::write_all(2, str_cat("zccache: ", message, "\n"));
  return exit_code;
}

// With ZCCACHE_LOG=debug the client says why it did without the cache.
void note(std::string_view message) {
  if (view_or_empty(variable("ZCCACHE_LOG")) == "debug") {
    (void)os::write_all(2, str_cat("zccache: ", message, "\n"));
  }
}

// With one of them closed, the file that we open next gets its number, and the messages of the
// compiler would be written to that file.
bool lacks_standard_descriptors() {
  constexpr std::array kStandard = {0, 1, 2};
  return std::ranges::any_of(kStandard, [](int fd) { return !os::is_open(fd); });
}

// Returns only if there is none.
void hand_to_cli(char* const* argv) {
  if (const Result<std::string> path = os::own_path()) {
    os::become_program(str_cat(dir_name(*path), "/zccache-cli").c_str(), argv);
  }
}

int become_cli(char** argv) {
  hand_to_cli(argv);
  return complain("cannot run zccache-cli; it must be beside the zccache program", 1);
}

// Whatever stands in the way of serving the build, it runs.
int become_runner(char** argv) {
  if (!is_truthy(view_or_empty(variable("ZCCACHE_DISABLE")))) {
    const Result<lifecycle::Locations> locations = lifecycle::locate(
        variable, ZCCACHE_VERSION, os::working_directory().value_or("/"), os::user_id());
    if (!locations || !serve_whole_build(locations->state)) {
      complain("run: the library libzccache-observer.so cannot be used, so nothing is cached", 0);
    }
  }
  return become_cli(argv);
}

// One compile, from the compiler's name on.
class Compile {
 public:
  Compile(FoundCompiler compiler, char** argv, int first, int argc,
          std::optional<Declaration> declared)
      : compiler_(std::move(compiler)),
        argv_(argv),
        first_(first),
        args_(argv + first, static_cast<std::size_t>(argc - first)),
        declared_(std::move(declared)) {}

  int run() {
    if (is_truthy(view_or_empty(variable("ZCCACHE_DISABLE"))) || compiler_.is_plain ||
        lacks_standard_descriptors() || lacks_stack()) {
      return passthrough(compiler_, argv_, first_);
    }
    Result<wire::Connection> connection = send_request();
    if (!connection) {
      note(connection.error().message);
      return passthrough(compiler_, argv_, first_);
    }
    std::optional<os::UnnamedFile> spare = make_spare_output(args_);
    Result<wire::Frame> frame = first_reply(*connection);
    if (is_left_alone_) {
      note("the daemon sent no reply lately, so it is left alone for a while");
      return passthrough(compiler_, argv_, first_);
    }
    return act_on_reply(*connection, std::move(frame), std::move(spare));
  }

 private:
  // Connects (starting a daemon if there is none) and sends the request.
  Result<wire::Connection> send_request() {
    TRY_ASSIGN(const std::string cwd, os::working_directory());
    TRY_ASSIGN(locations_, lifecycle::locate(variable, ZCCACHE_VERSION, cwd, os::user_id()));
    TRY_ASSIGN(const std::string request, make_request(compiler_, args_, os::environment(), cwd,
                                                       declared_ ? &*declared_ : nullptr));
    Result<wire::Connection> connection = lifecycle::connect_daemon(locations_.endpoint);
    // A full queue of connections (kTimeout) means a daemon that is busy: none is started.
    if (!connection && connection.error().code != Code::kTimeout) {
      TRY_ASSIGN(const lifecycle::Readiness ready,
                 lifecycle::ensure_daemon_for_wrapper(caller(), lifecycle::VersionCheck{},
                                                      kSpawnReadyMs, patience_));
      if (ready == lifecycle::Readiness::kNotYet) {
        return fail(Code::kUnavailable, "the daemon is still starting");
      }
      connection = lifecycle::connect_daemon(locations_.endpoint);
    }
    if (connection) {
      TRY(send(*connection, request));
    }
    return connection;
  }

  Result<> send(wire::Connection& connection, const std::string& request) {
    if (request.size() > kSocketBytes && advice() == lifecycle::SilenceMark::Advice::kLeave) {
      return fail(Code::kUnavailable, "the daemon sent no reply lately");
    }
    const os::Fd log = open_ephemeral_log();
    const int fds[] = {log.get()};
    Result<> sent = connection.send(request, std::span(fds, log ? 1U : 0U), patience_.left_ms());
    // The request is larger than the socket holds, and the daemon reads nothing of it.
    if (!sent && sent.error().code == Code::kTimeout) {
      lifecycle::SilenceMark(locations_).set();
    }
    return sent;
  }

  // Looked up once: if this client is the one that tries again (kProbe), the mark counts anew, and
  // a second look would keep it away like the others.
  lifecycle::SilenceMark::Advice advice() {
    if (!advice_) {
      advice_ = lifecycle::SilenceMark(locations_).look();
    }
    return *advice_;
  }

  // The only reply for which the client waits without a sign of life, so the only one that a frozen
  // daemon could make it wait for in vain.
  Result<wire::Frame> first_reply(wire::Connection& connection) {
    if (connection.wait(kFirstLookMs)) {
      return connection.receive(limits::kPatienceMs);
    }
    is_left_alone_ = advice() == lifecycle::SilenceMark::Advice::kLeave;
    if (is_left_alone_) {
      return fail(Code::kUnavailable, {});
    }
    Result<wire::Frame> frame = connection.receive(patience_.left_ms());
    if (!frame && frame.error().code == Code::kTimeout) {
      lifecycle::SilenceMark(locations_).set();
    } else if (advice() == lifecycle::SilenceMark::Advice::kProbe) {
      lifecycle::SilenceMark(locations_).clear();
    }
    return frame;
  }

  int act_on_reply(wire::Connection& connection, Result<wire::Frame> frame,
                   std::optional<os::UnnamedFile> spare) {
    while (true) {
      if (!frame) {
        return lost(frame.error());
      }
      if (!speaks_our_version(*frame)) {
        return passthrough(compiler_, argv_, first_);
      }
      switch (frame->type) {
        case wire::Type::kWait:
          frame = connection.receive(limits::kSilenceMs);
          continue;
        case wire::Type::kHit:
          return hit(*frame, connection, std::move(spare));
        case wire::Type::kRunOrder:
          spare.reset();
          return miss(*frame, connection);
        case wire::Type::kBypass:
          if (const auto bypass = wire::decode_bypass(frame->payload)) {
            note(str_cat("not cached: ", bypass->reason, ' ', bypass->detail));
          }
          return passthrough(compiler_, argv_, first_);
        case wire::Type::kError:
          if (const auto error = wire::decode_plain(frame->payload); declared_ && error) {
            return complain(str_cat("exec: ", error->text), kUsageError);
          }
          return passthrough(compiler_, argv_, first_);
        default:
          return passthrough(compiler_, argv_, first_);
      }
    }
  }

  // The daemon is silent, gone, or talks nonsense: the lifecycle rules say what that calls for;
  // this compile goes without it.
  int lost(const Error& error) {
    note(error.message);
    // Bytes that are not our protocol: that daemon is of no use to any client.
    if (error.code == Code::kCorrupt) {
      (void)lifecycle::ensure_daemon_for_wrapper(
          caller(), {.state = lifecycle::DaemonState::kCommError}, 0, patience_);
    }
    lifecycle::log_disconnect(caller(), "comm-error", error.message);
    return passthrough(compiler_, argv_, first_);
  }

  // The same version costs a comparison; another one, which only a shared explicit endpoint can
  // bring, is put to the lifecycle rules: newer is used, older is replaced.
  bool speaks_our_version(const wire::Frame& frame) {
    const std::optional<wire::Plain> plain = wire::decode_plain(frame.payload);
    if (plain && plain->version == full_version()) {
      return true;
    }
    patience_ = os::Deadline(limits::kPatienceMs);  // It has just spoken.
    const lifecycle::VersionCheck seen =
        lifecycle::check_daemon_version(locations_.endpoint, full_version(), patience_.left_ms());
    if (seen.state == lifecycle::DaemonState::kNewer) {
      return true;
    }
    (void)lifecycle::ensure_daemon_for_wrapper(caller(), seen, 0, patience_);
    return false;
  }

  lifecycle::Caller caller() const {
    return {.locations = locations_,
            .version = full_version(),
            .environment = os::environment(),
            .inform = note};
  }

  int hit(const wire::Frame& frame, wire::Connection& connection,
          std::optional<os::UnnamedFile> spare = {}) {
    const std::optional<wire::Hit> hit = wire::decode_hit(frame.payload);
    if (!hit) {
      return passthrough(compiler_, argv_, first_);
    }
    const Result<wire::Delivered> delivered = deliver_files(*hit, frame.fds, std::move(spare));
    if (!delivered) {
      note(delivered.error().message);
      return passthrough(compiler_, argv_, first_);
    }
    if (const Result<> replayed = replay_streams(*hit); !replayed) {
      note(replayed.error().message);
      return passthrough(compiler_, argv_, first_);
    }
    report_stamps(*delivered, connection);
    return hit->exit_code;
  }

  // The daemon need not be there any more, nor does it have to read this: no reply, no wait.
  static void report_stamps(const wire::Delivered& delivered, wire::Connection& connection) {
    if (delivered.files.empty()) {
      return;
    }
    if (const Result<std::string> report = wire::encode(delivered)) {
      (void)connection.send(*report, {}, 0);
    }
  }

  int miss(const wire::Frame& frame, wire::Connection& connection) {
    const std::optional<wire::RunOrder> run = wire::decode_run_order(frame.payload);
    if (!run) {
      return passthrough(compiler_, argv_, first_);
    }
    if (run->verifies) {
      return verify(*run, connection);
    }
    // A macro of Rust may read all variables. A script may call us again, and they pass it by.
    if (!run->observe || os::is_script(compiler_.path)) {
      // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
      ::setenv(wire::kNestedVariable, compiler_.nested.c_str(), 1);
    }
    const os::InputPlace input_place = os::InputPlace::now();
    const Result<RunOutcome> outcome =
        run_and_report(compiler_, args_, *run, frame.fds, locations_.state, connection);
    if (!outcome) {
      return run_untouched(outcome.error().message, input_place);
    }
    return end_as(*outcome);
  }

  int verify(const wire::RunOrder& order, wire::Connection& connection) {
    const os::InputPlace input_place = os::InputPlace::now();
    const Result<VerifiedRun> verified = verify_hit(compiler_, args_, order, connection);
    if (!verified) {
      return run_untouched(verified.error().message, input_place);
    }
    if (verified->hit) {
      return hit(*verified->hit, connection);
    }
    if (!verified->wrong.empty()) {
      complain(verified->wrong, 0);
    }
    return end_as(verified->outcome);
  }

  // After a run of ours, which may have read standard input.
  int run_untouched(std::string_view why, const os::InputPlace& input_place) {
    note(why);
    input_place.restore();
    return passthrough(compiler_, argv_, first_);
  }

  // Build tools look at how their child ended, so we end as the compiler did.
  static int end_as(const RunOutcome& outcome) {
    if (outcome.signal != 0) {
      os::die_by(outcome.signal);
    }
    return outcome.exit_code;
  }

  FoundCompiler compiler_;
  char** argv_;
  int first_;  // index in argv_ of the compiler's first argument
  std::span<char* const> args_;
  std::optional<Declaration> declared_;  // of `zccache exec`
  lifecycle::Locations locations_;
  os::Deadline patience_{limits::kPatienceMs};  // with a daemon of which no byte comes
  std::optional<lifecycle::SilenceMark::Advice> advice_;
  bool is_left_alone_ = false;
};

// What the words of `exec` say besides the command, taken before anything is opened.
Declaration declare(const ExecWords& words) {
  Declaration out = {.options = words.options, .input_list = {}};
  out.open_descriptor = inherited_descriptor(view_or_empty(variable("MAKEFLAGS")));
  if (words.takes_input_list) {
    out.input_list = os::read_fd(0, limits::kFrameBytesMax).value_or(std::string());
  }
  os::replace_terminal_input();
  if (!words.endpoint.empty()) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    ::setenv("ZCCACHE_ENDPOINT", std::string(words.endpoint).c_str(), 1);
  }
  return out;
}

// The link goes on in a child, since it may end in another program. What links or deploys must not
// deploy once more.
int link_and_deploy(const LinkDeployment& deployment, Compile& compile) {
  ::unsetenv(kLinkDeployVariable);  // NOLINT(concurrency-mt-unsafe): one thread
  const Result<std::optional<os::ChildStatus>> linked = os::continue_in_child();
  if (!linked) {
    complain(linked.error().message, 0);
  }
  if (!linked || !*linked) {
    return compile.run();
  }
  if ((*linked)->signal != 0) {
    os::die_by((*linked)->signal);
  }
  return (*linked)->exit_code == 0 && deployment.is_due() ? deployment.run() : (*linked)->exit_code;
}

// What stands before the compiler's name, if we are called by our own.
struct OwnWords {
  int compiler = 1;                     // index in argv of its name
  const char* called_as = nullptr;      // what the compiler should find as its name
  std::optional<Declaration> declared;  // by `exec`
};

// Behind `wrap`.
void read_wrap_words(int argc, char** argv, OwnWords& out) {
  out.compiler = 2;
  if (out.compiler + 1 < argc && std::string_view(argv[out.compiler]) == "--as") {
    out.called_as = argv[out.compiler + 1];
    out.compiler += 2;
  }
  if (out.compiler < argc && std::string_view(argv[out.compiler]) == "--") {
    ++out.compiler;
  }
}

// An exit code: the words name no compiler, and it has been said or tried what they are for.
std::optional<int> read_own_words(int argc, char** argv, OwnWords& out) {
  const std::string_view first = argc < 2 ? std::string_view("--help") : argv[1];
  if (first == "--") {
    out.compiler = 2;
  } else if (first == "wrap" && !(argc > 2 && std::string_view(argv[2]) == "--help")) {
    read_wrap_words(argc, argv, out);
  } else if (first == "run") {
    return become_runner(argv);
  } else if (first == "exec") {
    const ExecWords words = read_exec_words({argv + 2, static_cast<std::size_t>(argc - 2)});
    out.compiler = 2 + static_cast<int>(words.command);
    if (out.compiler >= argc) {
      return become_cli(argv);
    }
    out.declared = declare(words);
  } else if (is_subcommand(first)) {
    return become_cli(argv);
  }
  // cargo puts one wrapper before another, and both may be us.
  while (out.compiler + 1 < argc && base_name(argv[out.compiler]) == "zccache") {
    ++out.compiler;
  }
  if (out.compiler >= argc) {
    return complain("wrap: name the compiler to run, as in: zccache wrap -- g++ -c a.cc",
                    kUsageError);
  }
  return std::nullopt;
}

// What follows is read as if the words had been variables.
void skip_setting_words(int& argc, char**& argv) {
  if (argc > 1) {
    const int words = take_setting_words({argv + 1, static_cast<std::size_t>(argc - 1)});
    argv[words] = argv[0];
    argv += words;
    argc -= words;
  }
}

int client_main(int argc, char** argv) {
  survive_file_size_limit();
  const bool masquerade = argc > 0 && base_name(argv[0]) != "zccache";
  OwnWords own;
  if (masquerade) {
    own.compiler = 0;
  } else {
    skip_setting_words(argc, argv);
    if (const std::optional<int> exit_code = read_own_words(argc, argv, own)) {
      return *exit_code;
    }
  }
  const int word = own.compiler;
  const std::string_view nested = view_or_empty(variable(wire::kNestedVariable));
  if (nested == wire::kNestedInProbe) {
    return complain(
        "called by a program that the daemon identifies: that program is not a compiler", 127);
  }
  const Nesting nesting(nested, {argv + word + 1, static_cast<std::size_t>(argc - word - 1)});
  const char* const search_path = variable("PATH");
  Result<FoundCompiler> compiler = find_compiler(
      argv[word], search_path == nullptr ? kDefaultSearchPath : search_path, masquerade, nesting);
  if (!compiler) {
    const Code why = compiler.error().code;
    const bool is_path = std::string_view(argv[word]).contains('/');
    if (!masquerade && word == 1 && why == Code::kNotFound && !is_path) {
      std::string not_found(kNotFoundWord);
      hand_to_cli(std::array<char*, 4>{argv[0], not_found.data(), argv[1], nullptr}.data());
    }
    // As a shell: 127 for a program that is not there, 126 for one that cannot be run.
    return complain(compiler.error().message, why == Code::kIo ? 126 : 127);
  }
  if (own.called_as != nullptr) {
    compiler->argv0 = own.called_as;
  }
  // The script that called us may be running for this command: to wait for it would take for ever.
  if (!nested.empty() && os::is_script(compiler->path)) {
    return passthrough(*compiler, argv, word + 1);
  }
  ::unsetenv(wire::kNestedVariable);  // NOLINT(concurrency-mt-unsafe): one thread
  const std::string_view deploy = view_or_empty(variable(kLinkDeployVariable));
  std::optional<LinkDeployment> deployment;
  if (!deploy.empty() && !own.declared) {
    deployment = LinkDeployment::find(deploy, argv[word],
                                      {argv + word + 1, static_cast<std::size_t>(argc - word - 1)});
  }
  Compile compile(*std::move(compiler), argv, word + 1, argc, std::move(own.declared));
  return deployment ? link_and_deploy(*deployment, compile) : compile.run();
}

}  // namespace
}  // namespace zc::client

int main(int argc, char** argv) {
  return zc::client::client_main(argc, argv);
}
