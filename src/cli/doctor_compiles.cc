// zccache doctor: the proof. Each compiler that is there compiles a small source three times: by
// itself, through zccache, and through zccache again, which must be a miss and a hit and leave the
// same bytes. All of it in a temporary directory, with a cache and a daemon of its own.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "cli/finding.h"
#include "cli/path_programs.h"
#include "codec/json.h"
#include "os/clock.h"
#include "os/command.h"
#include "os/file.h"
#include "os/name.h"
#include "os/self.h"

namespace zc::cli {

namespace {

struct Language {
  std::string_view compiler;
  std::string_view source;
  std::string_view text;
  std::string_view output;
  std::vector<std::string> (*arguments)();
};

std::vector<std::string> arguments_of_c() {
  return {"-c", "trial.c", "-o", "trial.o"};
}
std::vector<std::string> arguments_of_rust() {
  return {"--crate-type=lib", "trial.rs", "-o", "libtrial.rlib"};
}

constexpr std::string_view kTextOfC = "#include \"trial.h\"\nint trial(void) { return TRIAL; }\n";
constexpr std::array kLanguages = {
    Language{"gcc", "trial.c", kTextOfC, "trial.o", arguments_of_c},
    Language{"clang", "trial.c", kTextOfC, "trial.o", arguments_of_c},
    Language{"rustc", "trial.rs", "pub fn trial() -> i32 { 1 }\n", "libtrial.rlib",
             arguments_of_rust},
};

// A directory of its own, and the daemon that serves it; both go away with it.
class Workshop {
 public:
  static Result<Workshop> open(const Setup& setup) {
    const std::string_view named =
        view_or_empty(lifecycle::variable(setup.caller.environment, "TMPDIR"));
    std::string directory =
        str_cat(named.empty() ? "/tmp" : named, "/zccache-doctor-", os::process_id(), "-compiles");
    constexpr std::uint32_t kOwner = 0700;
    if (const int err = os::make_directory(directory, kOwner); err != 0) {
      return fail_errno(err, str_cat("cannot make ", directory));
    }
    return Workshop(setup, std::move(directory));
  }
  Workshop(Workshop&& other) noexcept
      : setup_(other.setup_),
        directory_(std::exchange(other.directory_, {})),
        environment_(std::move(other.environment_)) {}
  Workshop& operator=(Workshop&&) = delete;
  ~Workshop() {
    if (!directory_.empty()) {
      (void)run({"stop"});
      std::error_code ignored;
      std::filesystem::remove_all(directory_, ignored);
    }
  }

  // Our client with these words. `more` precedes the environment.
  Result<os::CommandOutput> run(std::vector<std::string> words,
                                const std::vector<std::string>& more = {}) const {
    words.insert(words.begin(), setup_->client);
    std::vector<std::string> environment = more;
    environment.insert(environment.end(), environment_.begin(), environment_.end());
    return os::PosixCommandRunner().run(
        {.args = std::move(words), .env = std::move(environment), .cwd = directory_});
  }

  std::string path(std::string_view name) const { return join_path(directory_, name); }
  Result<> write(std::string_view name, std::string_view text) const {
    constexpr std::uint32_t kReadable = 0644;
    return os::replace_file(path(name), text, kReadable);
  }
  // The content, and the name is gone.
  std::string take(std::string_view name) const {
    constexpr std::uint64_t kOutputBytesMax = std::uint64_t{16} << 20;
    std::string bytes = os::read_path(path(name), kOutputBytesMax).value_or("");
    (void)os::remove_name(path(name));
    return bytes;
  }
  codec::Json status() const {
    const Result<os::CommandOutput> output = run({"status", "--json"});
    return output ? codec::Json::parse(output->out).value_or(codec::Json()) : codec::Json();
  }

 private:
  Workshop(const Setup& setup, std::string directory)
      : setup_(&setup), directory_(std::move(directory)) {
    environment_ = {str_cat("ZCCACHE_CACHE_DIR=", directory_, "/cache"),
                    "ZCCACHE_IDLE_TIMEOUT_SECS=60"};
    for (const char* const* entry = setup.caller.environment; *entry != nullptr; ++entry) {
      if (!std::string_view(*entry).starts_with("ZCCACHE_")) {
        environment_.emplace_back(*entry);
      }
    }
  }

  const Setup* setup_;
  std::string directory_;  // empty once moved from
  std::vector<std::string> environment_;
};

struct Figures {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::string reasons;  // "not_observed, …"

  static Figures of(const codec::Json& status) {
    Figures out;
    const codec::Json daemon = status.at("daemon");
    for (const auto& [kind, count] : daemon.at("hits").members()) {
      out.hits += count.as_u64();
    }
    out.misses = daemon.at("misses").as_u64();
    for (const auto& [reason, count] : daemon.at("not_cached").members()) {
      if (count.as_u64() > 0) {
        str_append(out.reasons, out.reasons.empty() ? "" : ", ", reason);
      }
    }
    return out;
  }
};

// A compile through the client: what it left, and how long it took. Errors: it failed.
struct Compiled {
  std::string bytes;
  std::int64_t took_ms = 0;
};
Result<Compiled> compile(const Workshop& workshop, const Language& language,
                         const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = language.arguments();
  words.insert(words.begin(), {"wrap", std::string(language.compiler)});
  const std::int64_t begun_ms = os::monotonic_ms();
  TRY_ASSIGN(const os::CommandOutput output, workshop.run(std::move(words), more));
  const std::int64_t took_ms = os::monotonic_ms() - begun_ms;
  if (output.exit_code != 0) {
    return fail(Code::kInvalid, str_cat("exit code ", output.exit_code, ": ", trim(output.err)));
  }
  return Compiled{.bytes = workshop.take(language.output), .took_ms = took_ms};
}

Finding judge(const Language& language, const Compiled& plain, const Compiled& first,
              const Compiled& second, const Figures& before, const Figures& after) {
  const std::string_view name = language.compiler;
  if (first.bytes != plain.bytes || second.bytes != plain.bytes) {
    return problem(str_cat(name, ": zccache left other bytes than the compiler"),
                   "export ZCCACHE_DISABLE=1, and report this");
  }
  if (after.misses == before.misses) {
    return problem(str_cat(name, ": the first compile was not cached",
                           after.reasons.empty() ? "" : ": ", after.reasons),
                   "ZCCACHE_LOG=debug zccache ... reports why; the manual explains each reason");
  }
  if (after.hits == before.hits) {
    return problem(str_cat(name, ": the same compile did not hit",
                           after.reasons.empty() ? "" : ": ", after.reasons),
                   "the manual explains each reason");
  }
  return is_ok(str_cat(name, ": a miss (", first.took_ms, " ms), then a hit (", second.took_ms,
                       " ms), with the compiler's own bytes"));
}

Finding try_language(const Workshop& workshop, const Language& language) {
  const Result<> written = workshop.write(language.source, language.text);
  const Result<Compiled> plain = compile(workshop, language, {"ZCCACHE_DISABLE=1"});
  if (!written || !plain) {
    return warning(str_cat(language.compiler, " fails by itself: ",
                           written ? plain.error().message : written.error().message),
                   "without zccache it fails as well");
  }
  // The compiler must not read what was written within the last tick of the clock of file times.
  constexpr int kTicksMs = 50;
  os::sleep_ms(kTicksMs);
  const Figures before = Figures::of(workshop.status());
  const Result<Compiled> first = compile(workshop, language);
  const Result<Compiled> second = compile(workshop, language);
  if (!first || !second) {
    return problem(str_cat(language.compiler, " fails through zccache: ",
                           first ? second.error().message : first.error().message),
                   "export ZCCACHE_DISABLE=1, and report this");
  }
  return judge(language, *plain, *first, *second, before, Figures::of(workshop.status()));
}

}  // namespace

FindingList check_compiles(const Setup& setup) {
  const Result<Workshop> workshop = Workshop::open(setup);
  const Result<> header = workshop ? workshop->write("trial.h", "#define TRIAL 1\n")
                                   : std::unexpected(workshop.error());
  if (!header) {
    return {problem(header.error().message, "set TMPDIR to a directory that you can write to")};
  }
  const Result<os::CommandOutput> started = workshop->run({"start"});
  if (!started || started->exit_code != 0) {
    return {problem(str_cat("no daemon can be started: ",
                            started ? std::string(trim(started->err)) : started.error().message),
                    "zccache start, and the manual's page on troubleshooting")};
  }
  FindingList out;
  for (const Language& language : kLanguages) {
    if (find_program(setup.search_path, language.compiler)) {
      out.push_back(try_language(*workshop, language));
    }
  }
  if (out.empty()) {
    out.push_back(warning("PATH has neither gcc nor clang nor rustc, so nothing was compiled",
                          "install a compiler"));
  }
  return out;
}

}  // namespace zc::cli
