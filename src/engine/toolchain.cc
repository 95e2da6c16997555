#include "engine/toolchain.h"

#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"

namespace zc::engine {

namespace {

// The first bytes of an ELF file (elf(5)). In one literal the E would be a digit of \x7f.
constexpr std::string_view kElfMagic =
    "\x7f"
    "ELF";

}  // namespace

ToolchainProbe::ToolchainProbe(const os::FileSystem& fs, files::FileCache& files,
                               os::CommandRunner& runner, const ToolchainRequest& request,
                               std::string_view domain)
    : fs_(fs),
      request_(request),
      key_(domain),
      files_(files),
      runner_(runner),
      env_(request.env.for_probe()) {}

Result<std::string> ToolchainProbe::query(const std::string& tool,
                                          const std::vector<std::string>& args) {
  os::Command command{.args = {tool}, .env = env_, .cwd = request_.cwd};
  command.args.insert(command.args.end(), args.begin(), args.end());
  TRY_ASSIGN(const os::CommandOutput output, runner_.run(command));
  if (output.exit_code != 0) {
    return fail(Code::kInvalid,
                str_cat(tool, ' ', args.back(), " failed with exit code ", output.exit_code));
  }
  return output.out;
}

Result<> ToolchainProbe::refuse_script(const std::string& tool) {
  TRY_ASSIGN(const std::string head, fs_.read_beginning(tool, kElfMagic.size()));
  if (head != kElfMagic) {
    return fail(Code::kInvalid, str_cat(tool, " is a script, not a program"));
  }
  return {};
}

bool ToolchainProbe::has(const std::string& path) const {
  return std::ranges::find(digested_, path) != digested_.end();
}

bool ToolchainProbe::is_missing(const std::string& path) const {
  os::FileStamp stamp;
  return os::leads_nowhere(fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp));
}

bool ToolchainProbe::is_file(const std::string& path) const {
  os::FileStamp stamp;
  return fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 && stamp.is_regular();
}

Result<> ToolchainProbe::add_file(const std::string& path) {
  if (has(path)) {
    return {};
  }
  TRY_ASSIGN(const files::KnownFile known, files_.look(os::FileSystem::kNoDirectory, path.c_str()));
  if (known.racy) {
    // A compiler being installed right now: refuse this once rather than remember its stamp.
    return fail(Code::kInvalid, str_cat(path, " has just changed"));
  }
  key_.field("file", path);
  key_.field("content", known.digest.view());
  digested_.push_back(path);
  toolchain_.files.push_back({.path = path, .present = true, .stamp = known.stamp});
  return {};
}

void ToolchainProbe::add_absence(const std::string& path) {
  if (std::ranges::find(toolchain_.files, path, &ToolchainFile::path) != toolchain_.files.end()) {
    return;
  }
  toolchain_.files.push_back({.path = path, .present = false, .stamp = {}});
}

void ToolchainProbe::add_search(std::string path) {
  while (is_missing(std::string(dir_name(path)))) {
    path = dir_name(path);
  }
  add_absence(path);
}

Result<> ToolchainProbe::add_stamp(const std::string& path) {
  if (std::ranges::find(toolchain_.files, path, &ToolchainFile::path) != toolchain_.files.end()) {
    return {};
  }
  os::FileStamp stamp;
  if (const int err = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp); err != 0) {
    return fail_errno(err, path);
  }
  if (files::is_racy(stamp, fs_.now_ns())) {
    return fail(Code::kInvalid, str_cat(path, " has just changed"));
  }
  toolchain_.files.push_back({.path = path, .present = true, .stamp = stamp});
  return {};
}

// The dynamic linker lists the libraries in place of running the program, as for ldd(1):
// "\tlibisl.so.23 => /usr/lib/libisl.so.23 (0x…)". A library that is not found has no address, and
// the vDSO, which the kernel supplies, has no path.
Result<> ToolchainProbe::add_libraries_of(const std::string& program) {
  os::Command command{.args = {program}, .env = env_, .cwd = request_.cwd};
  std::erase_if(command.env, [](const std::string& one) { return one.starts_with("LD_DEBUG"); });
  command.env.insert(command.env.end(), {"LD_TRACE_LOADED_OBJECTS=1", "LD_DEBUG=libs"});
  TRY_ASSIGN(const os::CommandOutput output, runner_.run(command));
  // Which file a library is follows from the cache of the loader (ld.so(8)), whose content is not
  // part of the identity.
  constexpr const char* kLoaderCache = "/etc/ld.so.cache";
  if (is_file(kLoaderCache)) {
    TRY(add_stamp(kLoaderCache));
  } else {
    add_absence(kLoaderCache);
  }
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
  return add_loader_searches(output.err);
}

// Where the dynamic linker looked before it found a library, be it by LD_LIBRARY_PATH or by what a
// program or library says itself (RUNPATH), as LD_DEBUG=libs has it (ld.so(8)):
// "    12345:\t  trying file=/usr/lib/../lib/tls/libffi.so.8". One that appears there is loaded;
// one that is there already does not fit, or is the right one.
Result<> ToolchainProbe::add_loader_searches(std::string_view messages) {
  constexpr std::string_view kTrying = "trying file=";
  for (const std::string_view line : split(messages, '\n')) {
    const std::size_t at = line.find(kTrying);
    if (at == std::string_view::npos) {
      continue;
    }
    const std::string path = join_path(request_.cwd, line.substr(at + kTrying.size()));
    if (!is_missing(path)) {
      TRY(add_stamp(path));
    } else {
      add_search(path);
    }
  }
  return {};
}

Result<> ToolchainProbe::add_program(const std::string& path) {
  if (has(path)) {
    return {};
  }
  TRY(add_file(path));
  return add_libraries_of(path);
}

std::shared_ptr<const Toolchain> ToolchainProbe::finish() {
  toolchain_.identity = key_.finish();
  for (const ToolchainFile& file : toolchain_.files) {
    toolchain_.looks.add(file.path, LooksByPath::hash_of(file.path),
                         {.err = file.present ? 0 : ENOENT, .stamp = file.stamp});
  }
  return std::make_shared<const Toolchain>(std::move(toolchain_));
}

// A file that must stay absent may also be out of reach: a compiler passes over it in both cases.
const ToolchainFile* first_change(const os::FileSystem& fs, const Toolchain& toolchain) {
  const auto found = std::ranges::find_if(toolchain.files, [&](const ToolchainFile& file) {
    os::FileStamp stamp;
    const int err = fs.stat(os::FileSystem::kNoDirectory, file.path.c_str(), stamp);
    return file.present ? err != 0 || !stamp.same_content_as(file.stamp) : !os::leads_nowhere(err);
  });
  return found == toolchain.files.end() ? nullptr : &*found;
}

// A thread's time with the files of a compiler: from enter() to leave(), also when the probe fails.
// `granted` says whether enter() let the thread in.
class ToolchainCache::Visit {
 public:
  Visit(ToolchainCache& cache, const std::string& memo, Intent intent)
      : cache_(cache), memo_(memo), intent_(intent), since_ms_(cache.enter(memo, intent)) {}
  Visit(const Visit&) = delete;
  ~Visit() {
    if (since_ms_) {
      cache_.leave(memo_, intent_, *since_ms_);
    }
  }
  Result<> granted() const { return since_ms_ ? Result<>{} : std::unexpected(since_ms_.error()); }

 private:
  ToolchainCache& cache_;
  const std::string& memo_;
  const Intent intent_;
  const Result<std::int64_t> since_ms_;
};

Result<std::shared_ptr<const Toolchain>> ToolchainCache::find(const std::string& memo,
                                                              const Probe& probe) {
  {
    const Visit visit(*this, memo, Intent::kRecall);
    TRY(visit.granted());
    if (auto found = recall(memo)) {
      return found;
    }
  }
  const Visit visit(*this, memo, Intent::kProbe);
  TRY(visit.granted());
  // Another thread may have probed it before our turn came.
  if (auto found = recall(memo)) {
    return found;
  }
  TRY_ASSIGN(std::shared_ptr<const Toolchain> fresh, probe());
  const MutexLock lock(mutex_);
  known_.put(memo, fresh);
  return fresh;
}

// Waits for the end of another thread's probe, if it is to be one; returns when the visit began
// (os::monotonic_ms). A visit that is older than the patience hangs in the file system, and the
// next one would hang as well.
Result<std::int64_t> ToolchainCache::enter(const std::string& memo, Intent intent) {
  const os::Deadline deadline(patience_ms_);
  const MutexLock lock(mutex_);
  while (true) {
    Visits& visits = visits_[memo];
    const std::int64_t now_ms = os::monotonic_ms();
    const bool is_stuck = std::ranges::any_of(
        visits.since_ms, [&](std::int64_t since_ms) { return now_ms - since_ms > patience_ms_; });
    if (!is_stuck && (intent == Intent::kRecall || !visits.is_probed)) {
      visits.is_probed = visits.is_probed || intent == Intent::kProbe;
      visits.since_ms.push_back(now_ms);
      return now_ms;
    }
    if (is_stuck || deadline.passed()) {
      return fail(Code::kTimeout, "the compiler is still being looked at for another compile");
    }
    visit_ended_.wait_for_ms(mutex_, deadline.left_ms());
  }
}

void ToolchainCache::leave(const std::string& memo, Intent intent, std::int64_t since_ms) {
  const MutexLock lock(mutex_);
  const auto it = visits_.find(memo);
  Visits& visits = it->second;
  visits.since_ms.erase(std::ranges::find(visits.since_ms, since_ms));
  if (intent == Intent::kProbe) {
    visits.is_probed = false;
    visit_ended_.notify_all();
  }
  if (visits.since_ms.empty()) {
    visits_.erase(it);
  }
}

std::shared_ptr<const Toolchain> ToolchainCache::recall(const std::string& memo) {
  std::shared_ptr<const Toolchain> found;
  {
    const MutexLock lock(mutex_);
    if (const auto* known = known_.find(memo)) {
      found = *known;
    }
  }
  // Outside of the mutex: this touches the files, which may hang.
  return found != nullptr && first_change(*fs_, *found) == nullptr ? found : nullptr;
}

}  // namespace zc::engine
