#include "engine/toolchain.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"

namespace zc::engine {

namespace {

// Collects the files of one compiler while it is being probed.
class Probe {
 public:
  Probe(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner,
        std::string tool, const std::vector<std::string>& locating_args,
        const RequestEnvironment& env, std::string cwd, const std::function<void()>& on_progress)
      : fs_(fs),
        files_(files),
        runner_(runner),
        tool_(std::move(tool)),
        locating_args_(locating_args),
        env_(env.for_probe()),
        search_path_(env.get("PATH")),
        cwd_(std::move(cwd)),
        on_progress_(on_progress),
        key_("zccache-toolchain-1") {}

  Result<std::shared_ptr<const Toolchain>> run();

 private:
  Result<std::string> ask(std::vector<std::string> args);
  Result<> refuse_script();
  Result<> add_program(const std::string& path);
  Result<> add_file(const std::string& path);
  void add_absence(const std::string& path);
  Result<> add_libraries_of(const std::string& program);
  Result<> add_gcc_parts();
  Result<> add_clang_parts(std::string_view version_text);
  Result<std::string> find_part(const std::string& name,
                                const std::vector<std::string>& directories);
  bool has(const std::string& path) const;

  const os::FileSystem& fs_;
  files::FileCache& files_;
  os::CommandRunner& runner_;
  const std::string tool_;
  const std::vector<std::string>& locating_args_;
  const std::vector<std::string> env_;
  const std::string search_path_;
  const std::string cwd_;
  const std::function<void()>& on_progress_;
  codec::KeyHasher key_;
  Toolchain toolchain_;
};

Result<std::string> Probe::ask(std::vector<std::string> args) {
  os::Command command{.args = {tool_}, .env = env_, .cwd = cwd_};
  command.args.insert(command.args.end(), locating_args_.begin(), locating_args_.end());
  command.args.insert(command.args.end(), args.begin(), args.end());
  on_progress_();
  TRY_ASSIGN(const os::CommandOutput output, runner_.run(command));
  if (output.exit_code != 0) {
    return fail(Code::kInvalid,
                str_cat(tool_, ' ', args.front(), " failed with exit code ", output.exit_code));
  }
  return output.out;
}

// A script can do anything; what it reads cannot be known.
Result<> Probe::refuse_script() {
  os::FileStamp stamp;
  if (const int err = fs_.stat(os::FileSystem::kNoDirectory, tool_.c_str(), stamp); err != 0) {
    return fail_errno(err, tool_);
  }
  constexpr std::string_view kElfMagic =
      "\x7f"
      "ELF";
  TRY_ASSIGN(const os::StableFile file,
             fs_.read(os::FileSystem::kNoDirectory, tool_.c_str(), limits::kInputBytesMax));
  if (!std::string_view(file.bytes).starts_with(kElfMagic)) {
    return fail(Code::kInvalid, str_cat(tool_, " is a script, not a program"));
  }
  return {};
}

bool Probe::has(const std::string& path) const {
  return std::ranges::any_of(toolchain_.files,
                             [&](const ToolchainFile& file) { return file.path == path; });
}

Result<> Probe::add_file(const std::string& path) {
  if (has(path)) {
    return {};
  }
  on_progress_();
  TRY_ASSIGN(const files::KnownFile known, files_.look(os::FileSystem::kNoDirectory, path.c_str()));
  if (known.racy) {
    // A compiler being installed right now: refuse this once rather than remember its stamp.
    return fail(Code::kInvalid, str_cat(path, " has just changed"));
  }
  key_.field("file", path);
  key_.field("content", known.digest.view());
  toolchain_.files.push_back({.path = path, .present = true, .stamp = known.stamp});
  return {};
}

void Probe::add_absence(const std::string& path) {
  toolchain_.files.push_back({.path = path, .present = false, .stamp = {}});
}

// Asks the dynamic linker, as ldd(1) does: "\tlibisl.so.23 => /usr/lib/libisl.so.23 (0x…)".
Result<> Probe::add_libraries_of(const std::string& program) {
  os::Command command{.args = {program}, .env = env_, .cwd = cwd_};
  command.env.emplace_back("LD_TRACE_LOADED_OBJECTS=1");
  TRY_ASSIGN(const os::CommandOutput output, runner_.run(command));
  for (const std::string_view line : split(output.out, '\n')) {
    const std::size_t arrow = line.find(" => ");
    const std::size_t address = line.rfind(" (0x");
    if (address == std::string_view::npos) {
      continue;
    }
    const std::string_view path =
        trim(arrow == std::string_view::npos
                 ? line.substr(0, address)
                 : line.substr(arrow + 4, address - std::min(address, arrow + 4)));
    if (is_absolute(path)) {
      TRY(add_file(std::string(path)));
    }
  }
  return {};
}

Result<> Probe::add_program(const std::string& path) {
  if (has(path)) {
    return {};
  }
  TRY(add_file(path));
  return add_libraries_of(path);
}

// Where the driver finds a program of its own. `directories` are those it tells (and along PATH);
// in every one before the right one, the program must stay absent, or it would be taken.
Result<std::string> Probe::find_part(const std::string& name,
                                     const std::vector<std::string>& directories) {
  TRY_ASSIGN(const std::string answer, ask({str_cat("-print-prog-name=", name)}));
  const std::string told(trim(answer));
  for (const std::string& directory : directories) {
    std::string path = join_path(directory, name);
    if (path == told) {
      return path;
    }
    os::FileStamp stamp;
    if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
      add_absence(path);
    } else if (told == name && stamp.is_regular() && (stamp.mode & 0111) != 0) {
      return path;  // The driver leaves it to PATH.
    }
  }
  return told.find('/') == std::string::npos ? told : join_path(cwd_, told);
}

// "programs: =/usr/lib/gcc/x86_64-linux-gnu/12/:…" of -print-search-dirs, then PATH, each once.
std::vector<std::string> program_directories(std::string_view search_dirs,
                                             std::string_view search_path, const std::string& cwd) {
  constexpr std::string_view kPrograms = "programs: =";
  std::vector<std::string_view> listed;
  for (const std::string_view line : split(search_dirs, '\n')) {
    if (line.starts_with(kPrograms)) {
      listed = split(line.substr(kPrograms.size()), ':');
    }
  }
  const std::vector<std::string_view> path = split(search_path, ':');
  listed.insert(listed.end(), path.begin(), path.end());
  std::vector<std::string> out;
  for (const std::string_view directory : listed) {
    std::string absolute = join_path(cwd, directory.empty() ? "." : directory);
    if (std::ranges::find(out, absolute) == out.end()) {
      out.push_back(std::move(absolute));
    }
  }
  return out;
}

Result<> Probe::add_gcc_parts() {
  TRY_ASSIGN(const std::string search_dirs, ask({"-print-search-dirs"}));
  const std::vector<std::string> directories = program_directories(search_dirs, search_path_, cwd_);
  for (const char* name : {"cc1", "cc1plus", "as"}) {
    TRY_ASSIGN(const std::string path, find_part(name, directories));
    os::FileStamp stamp;
    if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0) {
      TRY(add_program(path));
    } else if (is_absolute(path)) {
      add_absence(path);
    }
    // A bare name that is nowhere: this compiler has no such part (a gcc without g++).
    key_.field("part", path);
  }
  // A `specs` file beside the compiler's own library overrides what is built in.
  TRY_ASSIGN(const std::string libgcc, ask({"-print-libgcc-file-name"}));
  const std::string specs = str_cat(dir_name(trim(libgcc)), "/specs");
  os::FileStamp stamp;
  if (fs_.stat(os::FileSystem::kNoDirectory, specs.c_str(), stamp) == 0) {
    return add_file(specs);
  }
  add_absence(specs);
  return {};
}

Result<> Probe::add_clang_parts(std::string_view version_text) {
  constexpr std::string_view kConfiguration = "Configuration file: ";
  std::string target;
  for (const std::string_view line : split(version_text, '\n')) {
    if (line.starts_with(kConfiguration)) {
      TRY(add_file(std::string(trim(line.substr(kConfiguration.size())))));
    } else if (line.starts_with("Target: ")) {
      target = trim(line.substr(8));
    }
  }
  // Where clang looks for configuration files by default (clang user's manual): beside the driver.
  TRY_ASSIGN(const std::string resources, ask({"-print-prog-name=clang"}));
  const std::string_view directory = dir_name(trim(resources));
  if (is_absolute(directory)) {
    for (const std::string_view name : {"clang", "clang++"}) {
      for (const std::string& file : {str_cat(directory, '/', name, ".cfg"),
                                      str_cat(directory, '/', target, '-', name, ".cfg")}) {
        if (!has(file)) {
          add_absence(file);
        }
      }
    }
    const std::string by_target = str_cat(directory, '/', target, ".cfg");
    if (!has(by_target)) {
      add_absence(by_target);
    }
  }
  return {};
}

Result<std::shared_ptr<const Toolchain>> Probe::run() {
  TRY(refuse_script());
  TRY_ASSIGN(const std::string version, ask({"--version"}));
  const std::optional<compiler::Family> family = compiler::family_from_version(version);
  if (!family) {
    return fail(Code::kInvalid, str_cat(tool_, " does not say that it is gcc or clang"));
  }
  toolchain_.family = *family;
  toolchain_.version = split(version, '\n').front();
  key_.field("version", version);
  TRY(add_program(tool_));
  TRY(*family == compiler::Family::kGcc ? add_gcc_parts() : add_clang_parts(version));
  toolchain_.identity = key_.finish();
  return std::make_shared<const Toolchain>(std::move(toolchain_));
}

}  // namespace

bool ToolchainCache::still_holds(const Toolchain& toolchain) const {
  return std::ranges::all_of(toolchain.files, [&](const ToolchainFile& file) {
    os::FileStamp stamp;
    const int err = fs_->stat(os::FileSystem::kNoDirectory, file.path.c_str(), stamp);
    return file.present ? err == 0 && stamp.same_content_as(file.stamp)
                        : err == ENOENT || err == ENOTDIR;
  });
}

// The right to probe, which one thread has at a time.
class ToolchainCache::ProbeTurn {
 public:
  ProbeTurn(ToolchainCache& cache, const std::function<void()>& on_progress) : cache_(cache) {
    std::unique_lock lock(cache_.mutex_);
    while (!cache_.probe_ended_.wait_for(lock, std::chrono::milliseconds(limits::kHeartbeatMs),
                                         [&] { return !cache_.probing_; })) {
      lock.unlock();
      on_progress();  // Somebody else's probe is under way, of this compiler or another.
      lock.lock();
    }
    cache_.probing_ = true;
  }
  ProbeTurn(const ProbeTurn&) = delete;
  ProbeTurn& operator=(const ProbeTurn&) = delete;
  ~ProbeTurn() {
    const std::lock_guard lock(cache_.mutex_);
    cache_.probing_ = false;
    cache_.probe_ended_.notify_all();
  }

 private:
  ToolchainCache& cache_;
};

Result<std::shared_ptr<const Toolchain>> ToolchainCache::identify(
    const std::string& tool, const std::vector<std::string>& locating_args,
    const RequestEnvironment& env, const std::string& cwd,
    const std::function<void()>& on_progress) {
  std::string memo = tool;
  for (const std::string& arg : locating_args) {
    str_append(memo, '\0', arg);
  }
  for (const char* name : {"PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX", "LD_LIBRARY_PATH",
                           "LD_PRELOAD", "CLANG_NO_DEFAULT_CONFIG"}) {
    str_append(memo, '\0', env.get(name));
  }
  if (!locating_args.empty()) {
    str_append(memo, '\0', cwd);  // -B may be relative
  }
  if (auto found = recall(memo)) {
    return found;
  }
  const ProbeTurn turn(*this, on_progress);
  if (auto found = recall(memo)) {
    return found;
  }
  Probe probe(*fs_, *files_, *runner_, tool, locating_args, env, cwd, on_progress);
  TRY_ASSIGN(std::shared_ptr<const Toolchain> fresh, probe.run());
  remember(std::move(memo), fresh);
  return fresh;
}

std::shared_ptr<const Toolchain> ToolchainCache::recall(const std::string& memo) {
  std::shared_ptr<const Toolchain> found;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = known_.find(memo); it != known_.end()) {
      found = it->second;
    }
  }
  return found != nullptr && still_holds(*found) ? found : nullptr;
}

void ToolchainCache::remember(std::string memo, std::shared_ptr<const Toolchain> toolchain) {
  constexpr std::size_t kToolchainsMax = 256;
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kToolchainsMax) {
    known_.clear();
  }
  known_.insert_or_assign(std::move(memo), std::move(toolchain));
}

}  // namespace zc::engine
