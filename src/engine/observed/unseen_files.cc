// What the C library and the loader read by themselves, which no event tells.

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/path_presence.h"
#include "engine/inputs/path_stability.h"
#include "engine/observed/inputs.h"
#include "engine/observed/loader_paths.h"
#include "engine/observed/local_time.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

OrBypass<> ObservedInputs::add_zone() {
  for (const std::string& path : zone_files(run_.compile.env)) {
    TRY(add_unseen_file(join_path(base_of_variables(), path)));
  }
  return {};
}

OrBypass<> ObservedInputs::add_message_files(const MessageFiles& looks) {
  for (const std::string& path : looks.files) {
    TRY(add_unseen_file(path));
  }
  for (const std::string& directory : looks.directories) {
    TRY(add_message_directory(directory));
  }
  return {};
}

// Where the paths of variables begin that are relative, so that they stay so.
const std::string& ObservedInputs::base_of_variables() const {
  const std::string& relative = run_.compile.roots.relative_prefix();
  return relative.empty() ? run_.compile.cwd : relative;
}

// One that the C library or the loader reads by itself, whether it is there or not.
OrBypass<> ObservedInputs::add_unseen_file(const std::string& path) {
  os::FileStamp stamp;
  const int error = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp);
  if (is_missing(error)) {
    add_absent(kept_file(first_missing(path)));
    return {};
  }
  if (error != 0 || !stamp.is_regular()) {
    return bypass(Reason::kUnrepeatableInput, path);
  }
  add_file(kept_file(path), path, run_.compile.unread_ns());
  return {};
}

OrBypass<> ObservedInputs::add_message_directory(const std::string& directory) {
  os::FileStamp stamp;
  const int error = fs_.stat(os::FileSystem::kNoDirectory, directory.c_str(), stamp);
  if (is_missing(error)) {
    add_absent(kept_file(first_missing(directory)));
    return {};
  }
  const auto names = fs_.list(os::FileSystem::kNoDirectory, directory.c_str());
  if (error != 0 || !names) {
    return bypass(Reason::kUnrepeatableInput, directory);
  }
  add_fact(InputKind::kNames, kept(directory));
  for (const std::string& name : *names) {
    if (is_message_file(name)) {
      TRY(add_unseen_file(str_cat(directory, '/', name)));
    }
  }
  return is_too_new(stamp, run_.compile.unread_ns()) ? bypass(Reason::kModifiedInputFile, directory)
                                                     : OrBypass<>();
}

// Libraries are looked for in LD_LIBRARY_PATH first.
void ObservedInputs::add_loader_absences() {
  for (const std::string& path : paths_before_objects(run_.compile.env.get("LD_LIBRARY_PATH"),
                                                      run_.compile.cwd, run_.trace)) {
    add_absent(run_.compile.roots.to_symbolic(path));
  }
}

// Each program reports if one of them is missing.
OrBypass<> ObservedInputs::add_preloaded_libraries() {
  constexpr const char* kList = "/etc/ld.so.preload";
  constexpr std::uint64_t kListBytesMax = 65'536;
  if (!loads_c_library(run_.trace)) {
    return {};
  }
  TRY(add_unseen_file(kList));
  TRY(add_libraries_that_are_not_loaded(run_.compile.env.get("LD_PRELOAD")));
  const auto list = fs_.read(os::FileSystem::kNoDirectory, kList, kListBytesMax);
  return list ? add_libraries_that_are_not_loaded(list->bytes) : OrBypass<>();
}

OrBypass<> ObservedInputs::add_libraries_that_are_not_loaded(std::string_view names) {
  for (const std::string& name : libraries_not_loaded(names, run_.trace)) {
    // Where a name without a directory is looked for, or what stands for a variable, only the
    // loader knows.
    if (!name.contains('/') || name.contains('$')) {
      return bypass(Reason::kNotObserved, name);
    }
    TRY(add_unseen_file(join_path(base_of_variables(), name)));
  }
  return {};
}

}  // namespace zc::engine
