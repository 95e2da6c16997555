#include "engine/rust/crates.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/path_stability.h"
#include "engine/rust/crate_files.h"

namespace zc::engine::rust {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

namespace {

bool is_crate(std::string_view name) {
  return !crate_stem(name).empty();
}

}  // namespace

const CrateDirectory* Crates::find(std::string_view path) const {
  const auto it = std::ranges::find(directories_, path, &CrateDirectory::path);
  return it == directories_.end() ? nullptr : &*it;
}

// rustc lists its crate directories, and looks for the real path of each form of a crate that it
// might need; a library is made of the metadata alone. The other forms may be just being written.
// Where a symlink leads counts: what it led to when rustc opened that may be another file by now.
bool Crates::is_passed_over(const PathAccess& seen) const {
  if (seen.listed && find(seen.path) != nullptr) {
    return true;
  }
  os::FileStamp stamp;
  return !links_ && seen.looked_at && !seen.opened && !seen.tried && is_crate(seen.path) &&
         find(dir_name(seen.path)) != nullptr &&
         fs_.stat_link(os::FileSystem::kNoDirectory, std::string(seen.path).c_str(), stamp) == 0 &&
         !stamp.is_symlink();
}

// Cargo has rustc search for crates while cargo still moves their times, so what counts is when
// rustc opened them.
std::int64_t Crates::unread_ns(const PathAccess& seen) const {
  return seen.opened && !seen.missing && is_crate(seen.path) ? seen.opened_ns : seen.seen_ns;
}

// rustc has listed the directory some time during the run: a crate that came later was not among
// those it chose from.
OrBypass<> Crates::check_new_crates_in(const std::string& directory) const {
  for (const std::string& name : fs_.list(os::FileSystem::kNoDirectory, directory.c_str())
                                     .value_or(std::vector<std::string>())) {
    const std::string path = str_cat(directory, '/', name);
    os::FileStamp stamp;
    if (is_crate(name) && !compile_.output_paths.contains(path) &&
        fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 &&
        is_too_new(stamp, compile_.unread_ns())) {
      return bypass(Reason::kModifiedInputFile, path);
    }
  }
  return {};
}

OrBypass<> Crates::collect(const Trace& trace, InputList& list) const {
  MovedDirectories moved(fs_, compile_.directory.handle(), compile_.cwd, compile_.unread_ns());
  for (const CrateDirectory& directory : directories_) {
    if (moved.are_on_way_to(directory.path)) {
      return bypass(Reason::kModifiedInputFile, directory.path);
    }
    list.add_fact(compile_, directory.is_searched ? InputKind::kCrateNames : InputKind::kDirectory,
                  compile_.roots.to_symbolic(directory.path));
    if (directory.is_searched) {
      TRY(check_new_crates_in(directory.path));
    }
  }
  std::unordered_set<std::string_view> seen;
  for (const PathAccess& access : trace.accesses) {
    seen.insert(access.path);
  }
  for (const PathAccess& access : trace.accesses) {
    if (access.opened && is_crate(access.path) && !named_.contains(std::string(access.path))) {
      add_absences_of(access.path, seen, list);
    }
  }
  return {};
}

// The same crate in another directory, or in a form that rustc prefers.
void Crates::add_absences_of(std::string_view crate,
                             const std::unordered_set<std::string_view>& seen,
                             InputList& list) const {
  const bool has_metadata = crate.ends_with(".rmeta");
  for (const CrateDirectory& directory : directories_) {
    const bool is_here = dir_name(crate) == directory.path;
    if (!directory.holds_dependencies || (is_here && has_metadata && !links_)) {
      continue;
    }
    for (const std::string_view form : kCrateForms) {
      const std::string other = str_cat(directory.path, '/', crate_stem(crate), form);
      if (!seen.contains(other)) {
        // With the slash, not even a directory of this name may be there.
        RootedPath absence = compile_.roots.to_symbolic(other);
        absence.path += '/';
        list.absences.push_back(std::move(absence));
      }
    }
  }
}

std::optional<codec::Digest> crate_names(const ObservedCompile& compile, const FactName& name) {
  const std::optional<std::string> path = compile.roots.to_absolute(name.root, name.name);
  return path ? compile.facts.names(*path, is_crate) : std::nullopt;
}

}  // namespace zc::engine::rust
