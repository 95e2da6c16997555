#include "engine/observed/foreign_code.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "engine/observed/scripts.h"

namespace zc::engine {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// What rustc starts to link, and what that starts. They copy the environment for the programs that
// they start, and read variables by name.
constexpr std::array<std::string_view, 17> kLinkers = {
    "as",     "collect2", "dwp",      "ld",       "ld.bfd",       "ld.gold",
    "ld.lld", "ld.mold",  "ld64.lld", "lld",      "llvm-objcopy", "lto-wrapper",
    "lto1",   "mold",     "objcopy",  "rust-lld", "rust-objcopy",
};

// The shell that queries the time and the machine's name as it starts.
constexpr std::string_view kAskingShell = "bash";

bool is_linker(std::string_view path) {
  const std::string_view name = base_name(path);
  if (std::ranges::find(kLinkers, name) != kLinkers.end()) {
    return true;
  }
  // "x86_64-linux-gnu-ld.bfd" is ld.bfd for that target; a driver of C has a rule of its own.
  const std::size_t dash = name.rfind('-');
  const bool is_for_target = dash != std::string_view::npos && std::ranges::count(name, '-') >= 2 &&
                             std::ranges::find(kLinkers, name.substr(dash + 1)) != kLinkers.end();
  const auto driver = compiler::detect(path);
  return is_for_target || (driver && driver->tool == compiler::Tool::kCc);
}

// The observer sees the calls of it. Besides the toolchain's there may be a second one: that of a
// wrapper which was linked elsewhere.
bool is_c_library(std::string_view path) {
  constexpr std::array<std::string_view, 7> kNames = {
      "ld-linux-x86-64.so.2", "ld-musl-x86_64.so.1", "libc.so.6",  "libdl.so.2",
      "libpthread.so.0",      "libresolv.so.2",      "librt.so.1",
  };
  return std::ranges::find(kNames, base_name(path)) != kNames.end();
}

// A repository is opened by its HEAD, wherever it lies.
bool is_of_git(const PathAccess& seen) {
  return seen.opened && (seen.path.contains("/.git/") || base_name(seen.path) == "HEAD");
}

}  // namespace

// By path, or as the same file under another path: rustc may be run through a symlink.
bool ForeignCode::is_of_toolchain(std::string_view path) const {
  const auto by_path = std::ranges::find(toolchain_.files, path, &ToolchainFile::path);
  if (by_path != toolchain_.files.end()) {
    return by_path->present;
  }
  os::FileStamp stamp;
  return fs_.stat(os::FileSystem::kNoDirectory, std::string(path).c_str(), stamp) == 0 &&
         std::ranges::any_of(toolchain_.files, [&](const ToolchainFile& file) {
           return file.present && file.stamp.same_file_as(stamp);
         });
}

ForeignCode::ForeignCode(const os::FileSystem& fs, const Toolchain& toolchain, const Trace& trace,
                         const InputRules& rules, IsTool is_tool)
    : fs_(fs), toolchain_(toolchain) {
  // What is not examined may read all variables.
  const auto examine = [&](std::size_t program, std::string_view path) {
    if (rules.is_trusted(program, path)) {
      reads_environment_ = true;
    } else {
      files_.emplace_back(path);
    }
  };
  // The first program is the one that the user runs. A wrapper does not become a linker by its
  // name.
  for (const TracedProgram& program : trace.programs) {
    const Role role = is_of_toolchain(program.path)                 ? Role::kCompiler
                      : is_tool != nullptr && is_tool(program.path) ? Role::kLinker
                      : is_linker(program.path) && !roles_.empty()  ? Role::kLinker
                                                                    : Role::kForeign;
    roles_.push_back(role);
    are_cargo_.push_back(role == Role::kForeign && is_cargo(program.path));
    reads_script_.push_back(base_name(program.path) == kAskingShell &&
                            !interpreter_of(fs, std::string(program.first_read)).empty());
    const auto is_known = [&](std::string_view object) {
      return is_c_library(object) || is_of_toolchain(object);
    };
    const auto first = std::ranges::find_if_not(program.objects, is_known);
    own_objects_.push_back(static_cast<std::size_t>(first - program.objects.begin()));
    if (role == Role::kLinker) {
      continue;
    }
    const std::size_t index = roles_.size() - 1;
    if (role == Role::kForeign) {
      examine(index, program.path);
    }
    for (const std::string_view object : program.objects) {
      if (!is_known(object)) {
        examine(index, object);
        is_in_compiler_ |= role == Role::kCompiler;
      }
    }
  }
  looks_into_git_ = std::ranges::any_of(trace.accesses, is_of_git);
  std::ranges::sort(files_);
  const auto repeats = std::ranges::unique(files_);
  files_.erase(repeats.begin(), repeats.end());
}

bool ForeignCode::has_program() const {
  return std::ranges::find(roles_, Role::kForeign) != roles_.end();
}

// A process that began no program was forked by one that is not known. If any stranger runs, it may
// be the parent.
ForeignCode::Role ForeignCode::role_of(const Query& query) const {
  return query.is_forked && has_program() ? Role::kForeign : role_of(query.program);
}

bool ForeignCode::may_have_queried(const Query& query) const {
  switch (role_of(query)) {
    case Role::kCompiler:
      return query.before_output && query.objects > own_objects_.at(query.program);
    case Role::kLinker:
      return false;
    case Role::kForeign:
      return true;
  }
  return true;
}

bool ForeignCode::is_seed_of_cargo(const Query& query) const {
  constexpr std::array<std::string_view, 5> kSeeds = {"time", "/dev/urandom", "getrandom",
                                                      "getentropy", "arc4random"};
  return std::ranges::find(kSeeds, query.about) != kSeeds.end() && !query.is_forked &&
         are_cargo_.at(query.program);
}

bool ForeignCode::is_start_of_script(const Query& query) const {
  return !query.is_forked && query.before_read && reads_script_.at(query.program);
}

bool ForeignCode::has_queried(const Query& query) const {
  const Role role = role_of(query);
  return role == Role::kForeign ||
         (role == Role::kCompiler &&
          (query.by_late_code || (asks_by_rust_library_ && may_have_queried(query))));
}

// The one that comes with the compiler.
bool ForeignCode::is_cargo(std::string_view path) const {
  return base_name(path) == "cargo" && is_of_toolchain(join_path(dir_name(path), "rustc"));
}

// System calls that cargo makes by itself are about the terminal; or about a file that it has made
// through the C library, which is then left behind, for all that the trace knows; or about the
// files of a git repository, after it has opened that through the C library.
bool ForeignCode::can_be_unseen(std::string_view path, binary::SystemCalls calls) const {
  const bool is_known =
      calls == binary::SystemCalls::kOfCargo && is_cargo(path) && !looks_into_git_;
  return calls != binary::SystemCalls::kNone && !is_known;
}

OrBypass<> ForeignCode::check(ObjectScans& scans) {
  for (const std::string& path : files_) {
    const Result<binary::ObjectTraits> traits = scans.look(path);
    if (!traits) {
      return bypass(Reason::kModifiedInputFile, path);
    }
    if (can_be_unseen(path, traits->system_calls)) {
      return bypass(Reason::kNotObserved, str_cat(path, " can make system calls by itself"));
    }
    (is_cargo(path) ? cargo_reads_environment_ : reads_environment_) |= traits->reads_environment;
    asks_by_rust_library_ |= traits->asks_by_rust_library;
  }
  return {};
}

}  // namespace zc::engine
