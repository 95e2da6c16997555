#include "engine/observed/inputs.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/path_presence.h"
#include "engine/inputs/path_stability.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/local_time.h"
#include "engine/observed/precompiled.h"
#include "engine/observed/scripts.h"
#include "engine/observed/variables.h"

namespace zc::engine {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;
using Role = ForeignCode::Role;

std::unexpected<compiler::Bypass> unrepeatable(std::string_view what) {
  return bypass(Reason::kUnrepeatableInput, std::string(what));
}

// A compiler calls it, or one of its kin, exactly when it expands __DATE__, __TIME__ or
// __TIMESTAMP__ (gcc 12, clang 14 and 19).
constexpr std::string_view kFormatsTime = "localtime";

// The database of users, as far as the C library reads it by itself.
constexpr const char* kUsers = "/etc/passwd";

constexpr std::string_view kOwnEnvironment = "/proc/self/environ";

// Functions that return random numbers, numbers of a process, or the load of the machine.
bool differs_in_each_process(std::string_view function) {
  constexpr std::array<std::string_view, 13> kFunctions = {
      "arc4random",   "get_avphys_pages", "getauxval", "getentropy", "getloadavg",
      "getpgrp",      "getpid",           "getppid",   "getrandom",  "gettid",
      "sched_getcpu", "sysconf",          "sysinfo"};
  return std::ranges::find(kFunctions, function) != kFunctions.end();
}

// Programs that write down, or print, what they are told of directories. Others look at directories
// all the time, and at those in which outputs come and go.
constexpr std::array<std::string_view, 8> kRecorders = {"bsdtar", "cpio", "pax", "rsync",
                                                        "stat",   "tar",  "zip", "7z"};

std::unexpected<compiler::Bypass> modified(std::string_view path) {
  return bypass(Reason::kModifiedInputFile, std::string(path));
}

}  // namespace

ObservedInputs::ObservedInputs(const os::FileSystem& fs, ObjectScans& scans, const ObservedRun& run,
                               InputList& list)
    : fs_(fs),
      scans_(scans),
      run_(run),
      list_(list),
      facts_(run.compile.facts),
      code_(fs, run.started_compilers != nullptr ? *run.started_compilers : *run.compile.toolchain,
            run.trace, run.rules, run.is_tool),
      path_directories_(split(run.compile.env.search_path(), ':')),
      missing_(fs, run.trace.accesses) {
  for (const ToolchainFile& file : run.compile.toolchain->files) {
    toolchain_paths_.emplace(file.path, file.present);
  }
}

OrBypass<> ObservedInputs::collect() {
  if (!run_.trace.rejection.empty()) {
    return bypass(Reason::kNotObserved, run_.trace.rejection);
  }
  TRY(check_effects());
  TRY(check_toolchain());
  TRY(check_starts());
  TRY(code_.check(scans_));
  TRY(check_times());
  TRY(check_machine());
  TRY(check_kernel_files());
  TRY(add_answers());
  TRY(check_old_outputs());
  add_variables();
  TRY(add_looks_of_messages());
  TRY(add_metadata_queries());
  TRY(add_accesses());
  add_loader_absences();
  TRY(add_preloaded_libraries());
  add_programs();
  return run_.goes_by_content
             ? OrBypass<>()
             : add_precompiled_times(fs_, run_.compile, run_.trace, run_.adopted, list_);
}

OrBypass<> ObservedInputs::check_effects() const {
  std::vector<std::string_view> changes = run_.trace.taken;
  std::ranges::transform(run_.trace.left, std::back_inserter(changes), &LeftPath::path);
  for (const std::string_view path : changes) {
    if (!is_of_kernel(path) && !run_.adopted.contains(std::string(path))) {
      return bypass(Reason::kSideEffect, std::string(path));
    }
  }
  // A script may write in place what a compiler replaces, and give it another mode.
  for (const Query& change : run_.trace.output_changes) {
    if (run_.started_compilers != nullptr && code_.role_of(change) == Role::kForeign) {
      return bypass(Reason::kSideEffect, std::string(change.about));
    }
  }
  return {};
}

// Its files are in the key as they were before the run.
OrBypass<> ObservedInputs::check_toolchain() const {
  const ToolchainFile* changed = first_change(fs_, *run_.compile.toolchain);
  return changed == nullptr ? OrBypass<>() : modified(changed->path);
}

// A program that the observer does not get into says nothing of itself, but one that it starts may,
// and then their number alone is right. So each that was started must be among those that began.
OrBypass<> ObservedInputs::check_starts() const {
  const Trace& trace = run_.trace;
  const std::string& tool = run_.compile.tool;
  if (!leads_to(tool, {trace.programs.front().path})) {
    return bypass(Reason::kNotObserved, tool);
  }
  std::set<std::string_view> programs;
  for (const TracedProgram& program : trace.programs) {
    programs.insert(program.path);
  }
  for (const std::string_view start : trace.started) {
    const bool is_path = start.contains('/');
    if (!leads_to(is_path ? std::string(start) : facts_.which(start), programs) &&
        !is_tool_of_compiler(start)) {
      return bypass(Reason::kNotObserved, std::string(start));
    }
  }
  return {};
}

// rustc looks for a linker by its name among its own tools before it does along PATH. They lie
// beside the directory of its libraries. If PATH leads to one as well, somebody else may have
// started that, unseen.
bool ObservedInputs::is_tool_of_compiler(std::string_view name) const {
  return facts_.which(name).empty() &&
         std::ranges::any_of(run_.trace.programs, [&](const TracedProgram& program) {
           const std::string libraries = str_cat(dir_name(dir_name(program.path)), "/lib");
           return base_name(program.path) == name && toolchain_paths_.contains(libraries);
         });
}

// Whether the program at `path` is among `programs`; of a script, the one that reads it. Our own
// client, which may go by the name of a linker, is not observed, but does nothing of its own.
bool ObservedInputs::leads_to(std::string path, const std::set<std::string_view>& programs) const {
  constexpr int kScriptsMax = 4;  // for scripts, as the kernel has it
  for (int scripts = 0; scripts <= kScriptsMax && !path.empty(); ++scripts) {
    path = join_path(run_.compile.cwd, path);
    const Result<std::string> real = fs_.real_path(path);
    if (real && (programs.contains(*real) || base_name(*real) == "zccache")) {
      return true;
    }
    path = interpreter_of(fs_, path);
  }
  return false;
}

// --- what was asked

OrBypass<> ObservedInputs::doubt(std::string_view what) {
  if (!run_.may_be_repeated) {
    return unrepeatable(what);
  }
  list_.doubts.emplace_back(what);
  return {};
}

// Of the time or the machine.
bool ObservedInputs::counts(const Query& query) const {
  if (run_.rules.is_idle_question(query)) {
    return false;
  }
  if (run_.started_compilers != nullptr && !run_.may_be_repeated &&
      code_.is_start_of_script(query)) {
    return false;
  }
  return code_.may_have_queried(query) || (run_.writes_the_time && query.about == kFormatsTime &&
                                           code_.role_of(query) == Role::kCompiler);
}

OrBypass<> ObservedInputs::check_times() {
  for (const Query& query : run_.trace.times) {
    if (code_.is_seed_of_cargo(query) || !counts(query)) {
      continue;
    }
    if (query.about == kFormatsTime && code_.role_of(query) == Role::kCompiler) {
      TRY(check_time_macro(query));
    } else {
      TRY(doubt(query.about));
    }
  }
  return {};
}

OrBypass<> ObservedInputs::check_time_macro(const Query& query) {
  const std::optional<LocalTime> time = parse_local_time(query.value);
  // A plugin may have made anything of the time.
  if (!time || code_.is_in_compiler()) {
    return unrepeatable(query.about);
  }
  TRY(add_zone());
  TRY_ASSIGN(const MeantTime meant, add_local_time(fs_, run_.compile, run_.trace, *time, list_));
  if (meant == MeantTime::kOfFile) {
    return {};
  }
  if (!run_.may_show_the_day) {
    return doubt(query.about);
  }
  list_.doubts.emplace_back(query.about);
  return {};
}

OrBypass<> ObservedInputs::check_machine() const {
  for (const Query& query : run_.trace.machine) {
    if (!run_.may_be_repeated && counts(query)) {
      return unrepeatable(query.about);
    }
  }
  return {};
}

OrBypass<> ObservedInputs::check_kernel_files() {
  for (const Query& query : run_.trace.kernel_files) {
    const KernelReader reader =
        code_.role_of(query) == Role::kForeign ? KernelReader::kProgram : KernelReader::kLateCode;
    if (code_.has_queried(query) && query.about != kOwnEnvironment &&
        !code_.is_seed_of_cargo(query) && !run_.rules.is_idle_question(query) &&
        !is_harmless_kernel_file(query.about, reader)) {
      if (!differs_in_each_run(query.about)) {
        return unrepeatable(query.about);
      }
      TRY(doubt(query.about));
    }
  }
  return {};
}

// Where the run is can be compared, and by which tables text is converted; all else is another
// answer in the next run, or may be.
OrBypass<> ObservedInputs::add_answers() {
  for (const Query& query : run_.trace.answers) {
    if (query.about == "iconv_open") {
      TRY(add_message_files(conversion_files(run_.compile.env, base_of_variables(), run_.trace)));
      continue;
    }
    if (!code_.has_queried(query) || code_.is_seed_of_cargo(query) ||
        run_.rules.is_idle_question(query)) {
      continue;
    }
    if (run_.may_be_repeated && differs_in_each_process(query.about)) {
      TRY(doubt(query.about));
      continue;
    }
    if (run_.started_compilers != nullptr && code_.is_start_of_script(query)) {
      // A shell whose environment lacks HOME or SHELL takes them from there.
      add_file({.root = {}, .path = kUsers}, kUsers, run_.compile.unread_ns(), true);
      continue;
    }
    if (run_.may_be_repeated && query.about == "umask") {
      continue;
    }
    if (query.about != "getcwd") {
      return unrepeatable(query.about);
    }
    add_fact(InputKind::kRealPath, kept(run_.compile.cwd));
    add_fact(InputKind::kSpelledPaths, "");
  }
  return {};
}

// Linkers look at what they are about to replace, and make nothing of it. Compilers look whether it
// is there; a script may do something else then.
OrBypass<> ObservedInputs::check_old_outputs() const {
  for (const Query& query : run_.trace.old_outputs) {
    if (code_.role_of(query) != Role::kLinker) {
      return unrepeatable(query.about);
    }
  }
  for (const Query& query : run_.trace.output_looks) {
    if (code_.role_of(query) == Role::kForeign) {
      return unrepeatable(query.about);
    }
  }
  return {};
}

// PATH is asked for to find programs with, not for its text.
bool ObservedInputs::is_for_a_program(const Query& query) const {
  const Role role = code_.role_of(query);
  const bool may_be_a_macro = code_.is_in_compiler() && query.before_output;
  return query.about == "PATH" &&
         (role == Role::kLinker || (role == Role::kCompiler && !may_be_a_macro));
}

void ObservedInputs::add_variables() {
  if (code_.reads_environment()) {
    add_fact(InputKind::kEnvironment, run_.rules.environment_reader());
  } else if (code_.cargo_reads_environment()) {
    add_fact(InputKind::kEnvironment, kReadByCargo);
  }
  for (const Query& query : run_.trace.variables) {
    add_variable(query);
  }
  asks_path_ |= !run_.trace.names.empty();
}

// Any program may ask for a terminal where there is none, and sort by the rules of a language; such
// a question is not reported. (A terminal that is found is, and cannot be compared.)
OrBypass<> ObservedInputs::add_looks_of_messages() {
  if (!run_.has_messages && !code_.has_program()) {
    return {};
  }
  add_fact(InputKind::kTerminal, "");
  return add_message_files(message_files(run_.compile.env, base_of_variables(), run_.trace));
}

void ObservedInputs::add_variable(const Query& query) {
  const std::string name(query.about);
  const Role role = code_.role_of(query);
  if (role == Role::kCompiler && query.by_late_code) {
    add_fact(InputKind::kVariable, name);
    return;
  }
  if (is_for_a_program(query)) {
    asks_path_ = true;
    return;
  }
  const bool is_of_linker = role == Role::kLinker && is_linker_variable(query.about);
  const bool is_uncounted =
      (role == Role::kCompiler && run_.rules.is_uncounted(name)) ||
      (is_uncounted_variable(name) && !(role == Role::kCompiler && run_.names_uncounted));
  if (is_of_linker || is_uncounted || run_.tracked.contains(name)) {
    return;
  }
  // What only the compiler has asked for is compared by the root it leads to.
  const bool is_path = role == Role::kCompiler && !code_.is_in_compiler() &&
                       run_.tracks_variables && !run_.shows_real_paths;
  add_fact(is_path ? InputKind::kPathVariable : InputKind::kVariable, name);
}

// --- what was looked at

bool ObservedInputs::is_of_toolchain(const PathAccess& seen) const {
  if (toolchain_paths_.contains(seen.path)) {
    return true;
  }
  // Missing from a directory whose names all count. One that the compiler wants to be missing may
  // come without being another compiler.
  const auto directory = toolchain_paths_.find(dir_name(seen.path));
  return seen.missing && directory != toolchain_paths_.end() && directory->second;
}

// A look in vain into a directory of PATH is explained by where PATH leads for that name. What was
// found there is an input as well: it may be a symlink to one of several programs.
bool ObservedInputs::is_along_path(const PathAccess& seen) {
  if (!asks_path_ || seen.opened || seen.listed) {
    return false;
  }
  const auto position_of = [&](std::string_view path) {
    return std::ranges::find(path_directories_, dir_name(path));
  };
  const auto here = position_of(seen.path);
  if (here == path_directories_.end()) {
    return false;
  }
  const std::string found = facts_.which(base_name(seen.path));
  const bool is_explained = (seen.missing || seen.refused) && !seen.looked_at &&
                            (found.empty() || here < position_of(found));
  if (is_explained || found == seen.path) {
    names_.emplace(base_name(seen.path));
  }
  return is_explained;
}

OrBypass<> ObservedInputs::add_accesses() {
  for (const PathAccess& seen : run_.trace.accesses) {
    if (is_of_kernel(seen.path)) {
      TRY(add_kernel_file(seen));
      continue;
    }
    if (run_.recorded.contains(seen.path) || is_of_toolchain(seen) || is_along_path(seen) ||
        run_.rules.is_passed_over(seen)) {
      continue;
    }
    TRY(add_access(seen));
  }
  return {};
}

OrBypass<> ObservedInputs::add_kernel_file(const PathAccess& seen) {
  if (seen.path == kOwnEnvironment) {
    add_fact(InputKind::kEnvironment, "");
    return {};
  }
  if (seen.path == kNullDevice) {
    return {};
  }
  // The table holds for what programs read for themselves. A source may read any of these as data.
  const bool may_be_data =
      run_.sources_are_unlisted && seen.opened &&
      !(run_.may_be_repeated && is_harmless_kernel_file(seen.path, KernelReader::kProgram));
  if (leads_elsewhere(seen.path)) {
    return unrepeatable(seen.path);
  }
  if (differs_in_each_run(seen.path) && run_.rules.is_passed_over(seen)) {
    return {};
  }
  if (may_be_data) {
    return differs_in_each_run(seen.path) ? doubt(seen.path) : unrepeatable(seen.path);
  }
  if (is_harmless_kernel_file(seen.path, KernelReader::kCompiler) ||
      (seen.missing && !seen.opened && !seen.looked_at)) {
    return {};
  }
  return unrepeatable(seen.path);
}

// Foreign code may make something of a file's time, its mode, or the order of a directory. The
// compiler and the linkers make nothing of these; rustfmt of where its files really are.
OrBypass<> ObservedInputs::add_metadata_queries() {
  using At = MetadataQuery::At;
  for (const MetadataQuery& look : run_.trace.metadata_queries) {
    std::string_view path = look.query.about;
    const bool is_foreign = code_.has_queried(look.query);
    const bool counts = is_foreign || (look.at == At::kRealPath && run_.shows_real_paths);
    if (run_.real_paths_by_directory && look.at == At::kRealPath && !is_foreign &&
        !is_symlink(path)) {
      path = directory_of(path);
    }
    if (!counts || is_of_kernel(path) || run_.adopted.contains(std::string(path)) ||
        run_.rules.is_idle_look(look)) {
      continue;
    }
    // Programs look at files to find out whether they are there.
    if (is_foreign && look.at == At::kMetadata && code_.role_of(look.query) == Role::kCompiler) {
      TRY(add_time_of_access(path));
    }
    TRY(add_metadata_query(look.at, path));
    if (is_foreign && is_recorded(look)) {
      TRY(add_metadata_query(look.at, texts_.emplace_back(str_cat(path, kItself))));
    }
  }
  return {};
}

// A file that somebody has read since the run began, be it the run itself, had another time then. A
// time yet to come was set.
OrBypass<> ObservedInputs::add_time_of_access(std::string_view path) {
  os::FileStamp stamp;
  os::FileDetails details;
  const std::string name(path);
  if (fs_.stat(os::FileSystem::kNoDirectory, name.c_str(), stamp) != 0 ||
      fs_.look_closely(name.c_str(), os::LastLink::kFollow, details) != 0) {
    return modified(path);
  }
  if (stamp.is_directory()) {
    return {};
  }
  add_fact(InputKind::kTimeOfAccess, kept(path));
  const bool was_read =
      details.read_ns >= run_.compile.unread_ns() && details.read_ns <= fs_.now_ns();
  return was_read ? modified(path) : OrBypass<>();
}

bool ObservedInputs::is_recorded(const MetadataQuery& look) const {
  const auto is_recorder = [](const TracedProgram& program) {
    return std::ranges::find(kRecorders, base_name(program.path)) != kRecorders.end();
  };
  const std::vector<TracedProgram>& programs = run_.trace.programs;
  const bool is_known = !look.query.is_forked && look.query.program < programs.size();
  os::FileStamp stamp;
  return look.at == MetadataQuery::At::kMetadata &&
         (is_known ? is_recorder(programs[look.query.program])
                   : std::ranges::any_of(programs, is_recorder)) &&
         fs_.stat(os::FileSystem::kNoDirectory, std::string(look.query.about).c_str(), stamp) ==
             0 &&
         stamp.is_directory();
}

bool ObservedInputs::is_symlink(std::string_view path) const {
  os::FileStamp stamp;
  return fs_.stat_link(os::FileSystem::kNoDirectory, std::string(path).c_str(), stamp) == 0 &&
         stamp.is_symlink();
}

// The directory of a path; of one that is relative and a bare name, the working directory.
std::string_view ObservedInputs::directory_of(std::string_view path) {
  const std::string& relative = run_.compile.roots.relative_prefix();
  const std::string_view directory = dir_name(path);
  if (!relative.empty() && path.starts_with(relative) && directory.size() < relative.size()) {
    return texts_.emplace_back(str_cat(relative, '.'));
  }
  return directory;
}

OrBypass<> ObservedInputs::add_metadata_query(MetadataQuery::At at, std::string_view path) {
  using At = MetadataQuery::At;
  if (!known_looks_.emplace(path, at).second) {
    return {};
  }
  add_fact(at == At::kMetadata   ? InputKind::kMetadata
           : at == At::kRealPath ? InputKind::kRealPath
                                 : InputKind::kListing,
           kept(path));
  os::FileStamp stamp;
  if (fs_.stat_link(os::FileSystem::kNoDirectory, std::string(path).c_str(), stamp) != 0) {
    return modified(path);
  }
  // Of most directories no time counts, and a listing is of the time at which it was seen.
  const bool tells_time =
      stamp.is_symlink() ||
      (at == At::kMetadata && (!stamp.is_directory() || path.ends_with(kItself)));
  return tells_time && is_too_new(stamp, run_.compile.unread_ns()) ? modified(path) : OrBypass<>();
}

OrBypass<> ObservedInputs::add_access(const PathAccess& seen) {
  if (seen.refused) {
    return unrepeatable(seen.path);
  }
  const bool was_there = seen.opened || seen.looked_at || seen.listed;
  if (!was_there && missing_.is_gone(seen.path)) {
    add_missing(seen, std::string(seen.path));
    return {};
  }
  const std::string path(seen.path);
  os::FileStamp stamp;
  const int error = fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp);
  if (is_missing(error)) {
    const bool is_obstructed = error == ENOTDIR;
    if (was_there || (seen.missing && seen.obstructed != is_obstructed)) {
      return modified(path);
    }
    if (is_obstructed) {
      return add_obstacle(seen);
    }
    add_missing(seen, first_missing(path));
    return {};
  }
  if (error != 0 || (seen.missing && !was_there && !stamp.is_symlink())) {
    return modified(path);
  }
  return stamp.is_symlink() ? add_link(seen) : add_present(seen, stamp);
}

// A symlink that leads nowhere is nothing to a program that follows it, but can be removed, and
// looked at. Below a directory that is missing there is none.
void ObservedInputs::add_missing(const PathAccess& seen, const std::string& first) {
  add_absent(kept_file(first));
  if (first == seen.path && (seen.removed || (seen.examined && run_.looks_at_links))) {
    add_fact(InputKind::kLink, kept_file(first));
  }
}

// The step of the way that is there and is no directory. While it is, nothing can be at the path.
OrBypass<> ObservedInputs::add_obstacle(const PathAccess& seen) {
  PathAccess step = {.path = seen.path, .seen_ns = seen.seen_ns, .looked_at = true};
  os::FileStamp stamp;
  do {
    step.path = dir_name(step.path);
  } while (fs_.stat_link(os::FileSystem::kNoDirectory, std::string(step.path).c_str(), stamp) ==
           ENOTDIR);
  return add_access(step);
}

OrBypass<> ObservedInputs::add_link(const PathAccess& seen) {
  const std::string path(seen.path);
  add_fact(InputKind::kLink, kept(path));
  os::FileStamp stamp;
  if (fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 ||
      is_too_new(stamp, unread_ns(seen))) {
    return modified(path);
  }
  const int error = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp);
  const bool is_dangling = error != 0;
  // Who looks at a symlink itself sees it even where it leads nowhere.
  const bool led_somewhere = seen.opened || seen.listed || (seen.looked_at && !seen.missing);
  if (is_dangling ? led_somewhere : seen.missing && !led_somewhere) {
    return modified(path);
  }
  if (is_dangling && error != ENOENT) {
    return unrepeatable(path);  // through a file, say: what is there instead shows in no absence
  }
  if (is_dangling) {
    add_absent(kept_file(path));
    return {};
  }
  return add_present(seen, stamp);
}

// The first step of the way to a missing path that is missing. Nothing can be at the path while it
// is, and all names below it share that one look. A root is never left: without it, nothing below
// it is compared at all.
std::string ObservedInputs::first_missing(const std::string& path) {
  const PathRoots& roots = run_.compile.roots;
  const std::string directory(dir_name(path));
  if (directory == path || roots.to_symbolic(directory).root != roots.to_symbolic(path).root) {
    return path;
  }
  if (const auto known = first_missing_.find(directory); known != first_missing_.end()) {
    return known->second.empty() ? path : known->second;
  }
  os::FileStamp stamp;
  const bool is_gone = is_missing(fs_.stat(os::FileSystem::kNoDirectory, directory.c_str(), stamp));
  const std::string first = is_gone ? first_missing(directory) : std::string();
  first_missing_.emplace(directory, first);
  return is_gone ? first : path;
}

std::int64_t ObservedInputs::unread_ns(const PathAccess& seen) const {
  return seen.reported_late ? std::min(seen.seen_ns, run_.compile.unread_ns())
                            : run_.rules.unread_ns(seen);
}

// Strictly: not even a directory may be there.
void ObservedInputs::add_absent(RootedPath path) {
  while (path.path.ends_with('/')) {
    path.path.pop_back();
  }
  if (!path.root.empty() && path.path.empty()) {
    path = at_root(path.root);
  }
  path.path += '/';
  list_.absences.push_back(std::move(path));
}

RootedPath ObservedInputs::kept(std::string_view path) {
  return run_.compile.keep(path, list_);
}

RootedPath ObservedInputs::kept_file(std::string_view path) {
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  RootedPath out = kept(path);
  if (!out.root.empty() && out.path.empty()) {
    return at_root(out.root);
  }
  return out;
}

RootedPath ObservedInputs::at_root(const std::string& root) {
  add_fact(InputKind::kRoot, root);
  return {.root = {}, .path = run_.compile.roots.directory_of(root).value_or(std::string())};
}

void ObservedInputs::add_file(RootedPath kept, std::string path, std::int64_t seen_ns,
                              bool is_plain) {
  list_.files.push_back(
      {.kept = std::move(kept), .path = std::move(path), .is_plain = is_plain, .seen_ns = seen_ns});
}

OrBypass<> ObservedInputs::add_present(const PathAccess& seen, const os::FileStamp& stamp) {
  if (stamp.is_directory()) {
    return add_directory(seen);
  }
  if (!stamp.is_regular()) {
    return unrepeatable(seen.path);
  }
  add_file(kept_file(seen.path), std::string(seen.path), unread_ns(seen), !is_symlink(seen.path));
  return {};
}

// What was found through a directory that was opened, or entered, is told by its path without
// symlinks. If that is another path, the way there is an input.
OrBypass<> ObservedInputs::add_way_to(const PathAccess& directory) {
  const Result<std::string> real = fs_.real_path(std::string(directory.path));
  if (!real) {
    return modified(directory.path);
  }
  if (*real != without_dots(std::string(directory.path))) {
    add_fact(InputKind::kRealPath, kept(directory.path));
  }
  return {};
}

OrBypass<> ObservedInputs::add_directory(const PathAccess& seen) {
  if (seen.opened) {
    TRY(add_way_to(seen));
  }
  if (!seen.listed) {
    add_fact(InputKind::kDirectory, kept(seen.path));
    return {};
  }
  add_fact(InputKind::kNames, kept(seen.path));
  os::FileStamp stamp;
  const std::string path(seen.path);
  const bool is_there = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0;
  return is_there && !is_too_new(stamp, seen.seen_ns) ? OrBypass<>() : modified(seen.path);
}

void ObservedInputs::add_programs() {
  for (const std::string_view name : run_.trace.names) {
    const std::string path = facts_.which(name);
    if (!path.empty()) {
      add_file({.root = {}, .path = path}, path, run_.compile.unread_ns(), !is_symlink(path));
    }
    names_.emplace(name);
  }
  for (const std::string& name : names_) {
    add_fact(InputKind::kProgram, name);
  }
}

}  // namespace zc::engine
