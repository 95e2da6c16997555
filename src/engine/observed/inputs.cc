#include "engine/observed/inputs.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

using compiler::Bypass;
using compiler::Reason;
using Role = ForeignCode::Role;

// What linkers ask for: where their temporary files go, and how messages look in a terminal.
constexpr std::array<std::string_view, 5> kLinkerVariables = {"COLUMNS", "TEMP", "TERM", "TMP",
                                                              "TMPDIR"};

// Files of the kernel that tell how much a process may use or has used, and random numbers: no
// result is made of these. Whole names, and directories with a slash at the end.
constexpr std::array<std::string_view, 19> kHarmlessKernelFiles = {
    "/dev/null",
    "/dev/pts/",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
    "/proc/filesystems",
    "/proc/meminfo",
    "/proc/mounts",
    "/proc/self/cgroup",
    "/proc/self/exe",
    "/proc/self/maps",
    "/proc/self/mountinfo",
    "/proc/self/statm",
    "/proc/self/status",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu/",
    "/sys/fs/cgroup/",
    "/sys/kernel/mm/",
};

// Directories of descriptors. What lies below one of these is a file of anybody's.
constexpr std::array<std::string_view, 2> kDescriptors = {"/dev/fd", "/proc/self/fd"};

constexpr std::array<std::string_view, 3> kCrateForms = {".rlib", ".rmeta", ".so"};

// Where the C library's loader looks inside of a directory before it looks in the directory itself.
constexpr std::array<std::string_view, 4> kLoaderDirectories = {"glibc-hwcaps", "haswell", "tls",
                                                                "x86_64"};

// Files in shared memory are like those on any disk.
bool is_of_kernel(std::string_view path) {
  return (path.starts_with("/dev/") && !path.starts_with("/dev/shm/")) ||
         path.starts_with("/proc/") || path.starts_with("/sys/");
}

bool is_harmless_kernel_file(std::string_view path) {
  if (has_dotdot(path)) {
    return false;
  }
  for (const std::string_view directory : kDescriptors) {
    if (path == directory || dir_name(path) == directory) {
      return true;
    }
  }
  return std::ranges::any_of(kHarmlessKernelFiles, [&](std::string_view known) {
    return known.ends_with('/') ? path.starts_with(known) || str_cat(path, '/') == known
                                : path == known;
  });
}

// "libserde-12ab" of a path to one of the forms of a crate; empty for any other.
std::string_view crate_stem(std::string_view path) {
  const std::string_view name = base_name(path);
  for (const std::string_view form : kCrateForms) {
    if (name.starts_with("lib") && name.ends_with(form)) {
      return name.substr(0, name.size() - form.size());
    }
  }
  return {};
}

// What the first line of a script says that it is for; empty when it is none.
std::string interpreter_of(const os::FileSystem& fs, const std::string& path) {
  const auto script = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
  if (!script || !script->bytes.starts_with("#!")) {
    return {};
  }
  const std::string_view line =
      trim(std::string_view(script->bytes).substr(2, script->bytes.find('\n') - 2));
  return std::string(line.substr(0, line.find_first_of(" \t")));
}

Bypass unrepeatable(std::string_view what) {
  return Bypass{Reason::kUnrepeatableInput, std::string(what)};
}

Bypass modified(std::string_view path) {
  return Bypass{Reason::kModifiedInputFile, std::string(path)};
}

}  // namespace

ObservedInputs::ObservedInputs(const os::FileSystem& fs, ObjectScans& scans, const ObservedRun& run,
                               ResultBuilder& builder)
    : fs_(fs),
      scans_(scans),
      run_(run),
      builder_(builder),
      facts_(run.compile.facts),
      code_(fs, *run.compile.toolchain, run.trace),
      path_directories_(split(run.compile.env.search_path(), ':')) {
  for (const ToolchainFile& file : run.compile.toolchain->files) {
    toolchain_paths_.insert(file.path);
  }
  for (const PathAccess& seen : run.trace.accesses) {
    by_path_.emplace(seen.path, &seen);
  }
}

std::optional<Bypass> ObservedInputs::record() {
  if (!run_.trace.rejection.empty()) {
    return Bypass{Reason::kNotObserved, run_.trace.rejection};
  }
  if (auto bypass = check_effects()) {
    return bypass;
  }
  if (auto bypass = check_toolchain()) {
    return bypass;
  }
  if (auto bypass = check_starts()) {
    return bypass;
  }
  if (auto bypass = code_.check(scans_)) {
    return bypass;
  }
  for (const auto* queries : {&run_.trace.times, &run_.trace.machine}) {
    if (auto bypass = check_queries(*queries)) {
      return bypass;
    }
  }
  if (auto bypass = check_old_outputs()) {
    return bypass;
  }
  add_variables();
  if (auto bypass = add_metadata_queries()) {
    return bypass;
  }
  if (auto bypass = add_accesses()) {
    return bypass;
  }
  add_crate_absences();
  add_loader_absences();
  return add_programs();
}

std::optional<Bypass> ObservedInputs::check_effects() const {
  for (const auto* paths : {&run_.trace.left, &run_.trace.taken}) {
    for (const std::string_view path : *paths) {
      if (!is_of_kernel(path) && !run_.adopted.contains(std::string(path))) {
        return Bypass{Reason::kSideEffect, std::string(path)};
      }
    }
  }
  return std::nullopt;
}

// Its files are in the key as they were before the run.
std::optional<Bypass> ObservedInputs::check_toolchain() const {
  const ToolchainFile* changed = first_change(fs_, *run_.compile.toolchain);
  return changed == nullptr ? std::nullopt : std::optional(modified(changed->path));
}

// A program that the observer does not get into says nothing of itself, but one that it starts may,
// and then their number alone is right. So each that was started must be among those that began.
std::optional<Bypass> ObservedInputs::check_starts() const {
  const Trace& trace = run_.trace;
  const std::string& tool = run_.compile.tool;
  if (!leads_to(tool, {trace.programs.front().path})) {
    return Bypass{Reason::kNotObserved, tool};
  }
  std::set<std::string_view> programs;
  for (const TracedProgram& program : trace.programs) {
    programs.insert(program.path);
  }
  for (const std::string_view start : trace.started) {
    const bool is_path = start.contains('/');
    if (!leads_to(is_path ? std::string(start) : facts_.which(start), programs)) {
      return Bypass{Reason::kNotObserved, std::string(start)};
    }
  }
  return std::nullopt;
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

std::optional<Bypass> ObservedInputs::check_queries(const std::vector<Query>& queries) const {
  const auto it = std::ranges::find_if(
      queries, [&](const Query& query) { return code_.may_have_asked(query); });
  return it == queries.end() ? std::nullopt : std::optional(unrepeatable(it->about));
}

// Linkers look at what they are about to replace, and make nothing of it.
std::optional<Bypass> ObservedInputs::check_old_outputs() const {
  const auto& queries = run_.trace.old_outputs;
  const auto it = std::ranges::find_if(
      queries, [&](const Query& query) { return code_.role_of(query) != Role::kLinker; });
  return it == queries.end() ? std::nullopt : std::optional(unrepeatable(it->about));
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
    builder_.add_fact(fact::kEnvironment);
  }
  for (const Query& query : run_.trace.variables) {
    add_variable(query);
  }
  asks_path_ |= !run_.trace.names.empty();
}

void ObservedInputs::add_variable(const Query& query) {
  const std::string name(query.about);
  const Role role = code_.role_of(query);
  if (role == Role::kCompiler && query.by_late_code) {
    builder_.add_fact(str_cat(fact::kVariable, name));
    return;
  }
  if (is_for_a_program(query)) {
    asks_path_ = true;
    return;
  }
  const bool is_of_linker =
      role == Role::kLinker &&
      std::ranges::find(kLinkerVariables, query.about) != kLinkerVariables.end();
  const bool is_uncounted =
      Facts::is_uncounted(name) && !(role == Role::kCompiler && run_.names_uncounted);
  if (is_of_linker || is_uncounted || run_.tracked.contains(name)) {
    return;
  }
  // What only the compiler has asked for is compared by the root it leads to.
  const bool is_path = role == Role::kCompiler && !code_.is_in_compiler() &&
                       run_.tracks_variables && !run_.shows_real_paths;
  builder_.add_fact(str_cat(is_path ? fact::kPathVariable : fact::kVariable, name));
}

// --- what was looked at

bool ObservedInputs::is_of_toolchain(std::string_view path) const {
  return toolchain_paths_.contains(path) ||
         // Missing from a directory whose names all count.
         (toolchain_paths_.contains(dir_name(path)) && by_path_.at(path)->missing);
}

// A look in vain into a directory of PATH is explained by where PATH leads for that name. What was
// found there is an input as well: it may be a symlink to one of several programs.
bool ObservedInputs::is_along_path(const PathAccess& seen) {
  if (!asks_path_ || seen.opened || seen.listed) {
    return false;
  }
  const auto root_of = [&](std::string_view path) {
    return std::ranges::find(path_directories_, dir_name(path));
  };
  const auto here = root_of(seen.path);
  if (here == path_directories_.end()) {
    return false;
  }
  const std::string found = facts_.which(base_name(seen.path));
  const bool is_explained =
      (seen.missing || seen.refused) && !seen.looked_at && (found.empty() || here < root_of(found));
  if (is_explained || found == seen.path) {
    names_.emplace(base_name(seen.path));
  }
  return is_explained;
}

// rustc lists its crate directories, and looks for the real path of each form of a crate that it
// might need; a library is made of the metadata alone. The other forms may be just being written.
bool ObservedInputs::is_passed_over(const PathAccess& seen) const {
  const auto directory = [&](std::string_view path) {
    return std::ranges::find(run_.crate_directories, path, &CrateDirectory::path);
  };
  if (const auto it = directory(seen.path); it != run_.crate_directories.end() && seen.listed) {
    return true;
  }
  return !run_.links && seen.looked_at && !seen.opened && !seen.tried &&
         !crate_stem(seen.path).empty() &&
         directory(dir_name(seen.path)) != run_.crate_directories.end();
}

std::optional<Bypass> ObservedInputs::add_accesses() {
  for (const PathAccess& seen : run_.trace.accesses) {
    if (is_of_kernel(seen.path)) {
      if (auto bypass = add_kernel_file(seen)) {
        return bypass;
      }
      continue;
    }
    if (run_.recorded.contains(std::string(seen.path)) || is_of_toolchain(seen.path) ||
        is_along_path(seen) || is_passed_over(seen)) {
      continue;
    }
    if (auto bypass = add_access(seen)) {
      return bypass;
    }
  }
  for (const CrateDirectory& directory : run_.crate_directories) {
    if (auto bypass = directory.is_searched ? check_crates_in(directory.path) : std::nullopt) {
      return bypass;
    }
    const std::string path = to_symbolic(directory.path);
    builder_.add_fact(str_cat(directory.is_searched ? fact::kCrates : fact::kDirectory, path));
  }
  return std::nullopt;
}

// rustc has listed the directory some time during the run: a crate that came later was not among
// those it chose from.
std::optional<Bypass> ObservedInputs::check_crates_in(const std::string& directory) const {
  for (const std::string& name : fs_.list(directory).value_or(std::vector<std::string>())) {
    const std::string path = str_cat(directory, '/', name);
    os::FileStamp stamp;
    if (!crate_stem(name).empty() && !run_.compile.outputs.contains(path) &&
        fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 &&
        ResultBuilder::is_too_new(stamp, builder_.unread_ns())) {
      return modified(path);
    }
  }
  return std::nullopt;
}

std::optional<Bypass> ObservedInputs::add_kernel_file(const PathAccess& seen) {
  if (seen.path == "/proc/self/environ") {
    builder_.add_fact(fact::kEnvironment);
    return std::nullopt;
  }
  if (is_harmless_kernel_file(seen.path) || (seen.missing && !seen.opened && !seen.looked_at)) {
    return std::nullopt;
  }
  return unrepeatable(seen.path);
}

// Foreign code may make something of a file's time, its mode, or the order of a directory. The
// compiler and the linkers make nothing of these; rustfmt of where its files really are.
std::optional<Bypass> ObservedInputs::add_metadata_queries() {
  using At = MetadataQuery::At;
  std::set<std::pair<std::string_view, At>> known;
  for (const MetadataQuery& look : run_.trace.metadata_queries) {
    const std::string_view path = look.query.about;
    const bool counts =
        code_.has_asked(look.query) || (look.at == At::kRealPath && run_.shows_real_paths);
    if (!counts || is_of_kernel(path) || !known.emplace(path, look.at).second) {
      continue;
    }
    if (auto bypass = add_metadata_query(look.at, path)) {
      return bypass;
    }
  }
  return std::nullopt;
}

std::optional<Bypass> ObservedInputs::add_metadata_query(MetadataQuery::At at,
                                                         std::string_view path) {
  os::FileStamp stamp;
  if (fs_.stat_link(os::FileSystem::kNoDirectory, std::string(path).c_str(), stamp) != 0) {
    return modified(path);
  }
  // Of directories no time counts, and a listing is of the time at which it was seen.
  const bool tells_time =
      stamp.is_symlink() || (at == MetadataQuery::At::kMetadata && !stamp.is_directory());
  if (tells_time && ResultBuilder::is_too_new(stamp, builder_.unread_ns())) {
    return modified(path);
  }
  const std::string_view fact = at == MetadataQuery::At::kMetadata   ? fact::kMetadata
                                : at == MetadataQuery::At::kRealPath ? fact::kReal
                                                                     : fact::kListing;
  builder_.add_fact(str_cat(fact, kept(path)));
  return std::nullopt;
}

std::optional<Bypass> ObservedInputs::add_access(const PathAccess& seen) {
  if (seen.refused) {
    return unrepeatable(seen.path);
  }
  const std::string path(seen.path);
  const bool was_there = seen.opened || seen.looked_at || seen.listed;
  os::FileStamp stamp;
  const int error = fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp);
  if (error == ENOENT || error == ENOTDIR) {
    if (was_there) {
      return modified(path);
    }
    add_absent(kept_file(path));
    return std::nullopt;
  }
  if (error != 0 || (seen.missing && !was_there && !stamp.is_symlink())) {
    return modified(path);
  }
  return stamp.is_symlink() ? add_link(seen, stamp) : add_present(seen, stamp);
}

std::optional<Bypass> ObservedInputs::add_link(const PathAccess& seen, os::FileStamp stamp) {
  const std::string path(seen.path);
  if (ResultBuilder::is_too_new(stamp, unread_ns(seen))) {
    return modified(path);
  }
  builder_.add_fact(str_cat(fact::kLink, kept(path)));
  const bool is_dangling = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0;
  // Who looks at a symlink itself sees it even where it leads nowhere.
  const bool led_somewhere = seen.opened || seen.listed || (seen.looked_at && !seen.missing);
  if (is_dangling ? led_somewhere : seen.missing && !led_somewhere) {
    return modified(path);
  }
  if (is_dangling) {
    add_absent(kept_file(path));
    return std::nullopt;
  }
  return add_present(seen, stamp);
}

// Before this, nobody has read it. Cargo has crates looked for while it still moves their times, so
// of these it is what was opened that counts.
std::int64_t ObservedInputs::unread_ns(const PathAccess& seen) const {
  if (seen.told_late) {
    return std::min(seen.seen_ns, builder_.unread_ns());
  }
  return seen.opened && !seen.missing && !crate_stem(seen.path).empty() ? seen.opened_ns
                                                                        : seen.seen_ns;
}

// Strictly: not even a directory may be there.
void ObservedInputs::add_absent(std::string path) {
  while (path.ends_with('/')) {
    path.pop_back();
  }
  builder_.add_absent(path + '/');
}

std::string ObservedInputs::kept(std::string_view path) {
  PathRoots::Kept out = run_.compile.roots.keep(path);
  if (!out.bound_to.empty()) {
    builder_.add_fact(str_cat(fact::kPlace, out.bound_to));
  }
  return std::move(out.path);
}

// A root itself is kept as it is spelled: without a name below it, its own would be taken for that
// of a file in the cwd.
std::string ObservedInputs::kept_file(std::string_view path) {
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  std::string out = kept(path);
  if (!out.starts_with(kPlaceMark) || out.contains('/')) {
    return out;
  }
  builder_.add_fact(str_cat(fact::kPlace, std::string_view(out).substr(1)));
  return std::string(path);
}

std::optional<Bypass> ObservedInputs::add_present(const PathAccess& seen,
                                                  const os::FileStamp& stamp) {
  const std::string path(seen.path);
  if (stamp.is_directory()) {
    return add_directory(seen, stamp);
  }
  if (!stamp.is_regular()) {
    return unrepeatable(path);
  }
  return builder_.add_extra(kept_file(path), path, unread_ns(seen));
}

std::optional<Bypass> ObservedInputs::add_directory(const PathAccess& seen,
                                                    const os::FileStamp& stamp) {
  const std::string path = kept(seen.path);
  if (!seen.listed) {
    builder_.add_fact(str_cat(fact::kDirectory, path));
    return std::nullopt;
  }
  if (ResultBuilder::is_too_new(stamp, seen.seen_ns)) {
    return modified(seen.path);
  }
  builder_.add_fact(str_cat(fact::kNames, path));
  return std::nullopt;
}

std::optional<Bypass> ObservedInputs::add_programs() {
  for (const std::string_view name : run_.trace.names) {
    const std::string path = facts_.which(name);
    if (!path.empty()) {
      if (auto bypass = builder_.add_extra(path, path, builder_.unread_ns())) {
        return bypass;
      }
    }
    names_.emplace(name);
  }
  for (const std::string& name : names_) {
    builder_.add_fact(str_cat(fact::kWhich, name));
  }
  return std::nullopt;
}

// --- what would have come first

// The same crate in another directory, or in a form that is preferred.
void ObservedInputs::add_absences_of(const PathAccess& crate) {
  const std::string_view stem = crate_stem(crate.path);
  const bool has_metadata = crate.path.ends_with(".rmeta");
  for (const CrateDirectory& directory : run_.crate_directories) {
    const bool is_here = dir_name(crate.path) == directory.path;
    if (!directory.holds_dependencies || (is_here && has_metadata && !run_.links)) {
      continue;
    }
    for (const std::string_view form : kCrateForms) {
      const std::string other = str_cat(directory.path, '/', stem, form);
      if (!by_path_.contains(other)) {
        add_absent(to_symbolic(other));
      }
    }
  }
}

void ObservedInputs::add_crate_absences() {
  for (const PathAccess& seen : run_.trace.accesses) {
    if (seen.opened && !crate_stem(seen.path).empty() &&
        !run_.named.contains(std::string(seen.path))) {
      add_absences_of(seen);
    }
  }
}

// LD_LIBRARY_PATH as the loader takes it: either sign parts two directories, and an empty one is
// the cwd.
std::vector<std::string> ObservedInputs::library_path() const {
  std::vector<std::string> out;
  std::string text(run_.compile.env.get("LD_LIBRARY_PATH"));
  if (text.empty()) {
    return out;
  }
  std::ranges::replace(text, ';', ':');
  for (const std::string_view directory : split(text, ':')) {
    std::string& path = out.emplace_back(join_path(run_.compile.cwd, directory));
    while (path.size() > 1 && path.ends_with('/')) {
      path.pop_back();
    }
  }
  return out;
}

// Libraries are looked for in LD_LIBRARY_PATH first.
void ObservedInputs::add_loader_absences() {
  const std::vector<std::string> directories = library_path();
  std::set<std::string_view> objects;
  for (const TracedProgram& program : run_.trace.programs) {
    objects.insert(program.objects.begin(), program.objects.end());
  }
  for (const std::string_view object : objects) {
    for (const std::string& directory : directories) {
      if (directory == dir_name(object)) {
        break;
      }
      add_absent(to_symbolic(str_cat(directory, '/', base_name(object))));
    }
  }
  for (const std::string& directory : directories) {
    for (const std::string_view inner : kLoaderDirectories) {
      add_absent(to_symbolic(str_cat(directory, '/', inner)));
    }
  }
}

}  // namespace zc::engine
