#include "engine/c/absences.h"

#include "base/path.h"
#include "base/str.h"
#include "engine/c/include_walk.h"
#include "engine/inputs/path_presence.h"

namespace zc::engine::c {

std::vector<std::string> AbsenceFinder::find(std::span<const ScannedInput> inputs,
                                             std::span<const std::string> forced) {
  for (const ScannedInput& input : inputs) {
    inputs_.insert(input.path);
    includer_dirs_.emplace(dir_name(input.path));
  }
  includer_dirs_.emplace(".");  // -include is looked for in the working directory first
  for (const ScannedInput& input : inputs) {
    for (const compiler::c::IncludeProbe& probe : input.facts->probes) {
      walk(input.path, probe);
    }
  }
  for (const std::string& name : forced) {
    // -include looks in the working directory first, not beside the source.
    walk("command-line", {.name = name, .kind = compiler::c::IncludeKind::kQuote, .next = false});
  }
  // The source itself is named by the command, so no search explains it.
  for (const ScannedInput& input : inputs.subspan(1)) {
    if (!explained_.contains(input.path)) {
      explain_otherwise(input.path);
    }
  }
  // Any name below a missing directory becomes the absence of the directory.
  for (const std::string& directory : search_.missing_dirs) {
    record_absence(include_candidate(directory, "any"));
  }
  return {absent_.begin(), absent_.end()};
}

void AbsenceFinder::walk(std::string_view includer, const compiler::c::IncludeProbe& probe_for) {
  walk_include(search_, includer, probe_for, [&](const std::string& path) {
    if (!probe(path)) {
      return false;
    }
    explained_.insert(path);
    if (probe_for.tested && !inputs_.contains(path)) {
      tested_.insert(path);
    }
    return true;
  });
}

// The directive may have named any tail of the path that a directory of the search is left of. It
// is not known in which directory that search began, so the name is probed in all of them.
void AbsenceFinder::explain_otherwise(const std::string& path) {
  std::vector<std::string_view> directories(includer_dirs_.begin(), includer_dirs_.end());
  directories.insert(directories.end(), search_.quote_dirs.begin(), search_.quote_dirs.end());
  directories.insert(directories.end(), search_.angle_dirs.begin(), search_.angle_dirs.end());
  for (const std::string_view directory : directories) {
    const std::string prefix = include_candidate(directory, "");
    if (!path.starts_with(prefix) || path.size() == prefix.size()) {
      continue;
    }
    const std::string_view name = std::string_view(path).substr(prefix.size());
    if (is_absolute(name)) {
      continue;
    }
    for (const std::string_view earlier : directories) {
      (void)probe(include_candidate(earlier, name));
    }
  }
}

bool AbsenceFinder::probe(const std::string& path) {
  if (inputs_.contains(path)) {
    return true;
  }
  if (const auto it = probed_.find(path); it != probed_.end()) {
    return it->second;
  }
  const bool there = presence_of(fs_, cwd_, path) == Presence::kPresent;
  probed_.emplace(path, there);
  if (there) {
    bystanders_.push_back(path);
    if (gch_matters_) {
      // Had it been taken, neither the header nor anything in it would be in the depfile.
      record_absence(path + ".gch");
    }
  } else {
    record_absence(path);
  }
  return there;
}

bool AbsenceFinder::directory_exists(std::string_view path) {
  const auto [it, is_new] = directories_.emplace(path, false);
  if (is_new) {
    os::FileStamp stamp;
    it->second = fs_.stat(cwd_, it->first.c_str(), stamp) == 0 && stamp.is_directory();
  }
  return it->second;
}

// Below a directory that is missing, its first missing part: one fact for all names there. Such a
// part ends with a slash, since there not even a directory may come (see split_path).
void AbsenceFinder::record_absence(std::string_view path) {
  std::string_view missing;
  for (std::string_view dir = dir_name(path); dir != "." && dir != "/" && !directory_exists(dir);
       dir = dir_name(dir)) {
    missing = dir;
  }
  absent_.insert(missing.empty() ? std::string(path) : str_cat(missing, '/'));
}

}  // namespace zc::engine::c
