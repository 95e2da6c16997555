#include "engine/inputs/freshness.h"

#include <algorithm>
#include <cerrno>

#include "base/str.h"
#include "engine/inputs/input_text.h"
#include "engine/inputs/path_presence.h"

namespace zc::engine {

namespace {

// Names end with a NUL (input_set.h), so they can be given to the kernel as they are.
const char* c_str(std::string_view name) {
  return name.data();
}

bool fact_holds(const store::Input& fact, const RequestContext& context) {
  return context.fact({.kind = fact.kind, .root = fact.root, .name = fact.name}) == fact.digest;
}

}  // namespace

// Directories and names are pointers into the table that all sets of a manifest share, so equal
// inputs have equal keys, whatever digest each set expects.
std::optional<Digest> SeenFiles::look(const os::FileSystem& fs, files::FileCache& cache,
                                      os::DirectoryHandle at, const FileInput& file) {
  const std::pair key(file.directory, file.name);
  if (const auto it = by_path_.find(key); it != by_path_.end()) {
    return it->second;
  }
  std::optional<Digest> digest;
  os::FileStamp stamp;
  if (fs.stat(at, c_str(file.name), stamp) == 0) {
    if (Result<files::KnownFile> known = cache.look(at, c_str(file.name), stamp)) {
      digest = known->digest;
    }
  }
  by_path_.emplace(key, digest);
  return digest;
}

bool Freshness::holds(const LoadedSet& set, const RequestContext& context, SeenFiles* seen) const {
  return std::ranges::all_of(
             set.facts, [&](const store::Input* fact) { return fact_holds(*fact, context); }) &&
         std::ranges::all_of(
             set.groups, [&](const DirectoryGroup& group) { return holds(group, context, seen); });
}

// If the group's directory has a root, the request decides where it is. Below a root that the
// request does not have, nothing exists: absences hold, files do not.
bool Freshness::holds(const DirectoryGroup& group, const RequestContext& context,
                      SeenFiles* seen) const {
  const InputDirectory& directory = *group.directory;
  if (directory.root.empty()) {
    return group_holds(group, directory.path.c_str(), context, seen);
  }
  const std::optional<std::string> root = context.root_directory(directory.root);
  return root ? group_holds(group, str_cat(*root, directory.path).c_str(), context, seen)
              : group.files.empty();
}

bool Freshness::group_holds(const DirectoryGroup& group, const char* path,
                            const RequestContext& context, SeenFiles* seen) const {
  if (group.files.empty() && !group.is_real && are_as_verified(group, path, context)) {
    return true;
  }
  os::OpenDirectory directory(fs_);
  const int err =
      group.is_real ? directory.open_real(path) : directory.open(context.working_directory(), path);
  if (err == ENOENT) {
    return group.files.empty() && !group.is_real;  // No directory, so nothing in it.
  }
  if (err != 0 || !absences_hold(group, directory.handle())) {
    return false;
  }
  return std::ranges::all_of(group.files, [&](const FileInput* file) {
    return file_holds(*file, directory.handle(), seen);
  });
}

// Of a group of absences alone, whether one look at the directory is enough.
bool Freshness::are_as_verified(const DirectoryGroup& group, const char* path,
                                const RequestContext& context) const {
  os::FileStamp stamp;
  const int err = fs_.stat(context.working_directory(), path, stamp);
  return err == 0 ? group.absences_verified.matches(stamp) : err == ENOENT;
}

// A symlink in place of the file shows in the stamp, even if it leads to the old one: to be there
// under another name, that was renamed or linked, which changes its time.
bool Freshness::is_as_plain(const FileInput& file, os::DirectoryHandle directory) const {
  os::FileStamp stamp;
  return !file.is_plain ||
         (fs_.stat_link(directory, c_str(file.name), stamp) == 0 && !stamp.is_symlink());
}

bool Freshness::file_holds(const FileInput& file, os::DirectoryHandle directory,
                           SeenFiles* seen) const {
  if (seen != nullptr) {
    return seen->look(fs_, cache_, directory, file) == file.digest && is_as_plain(file, directory);
  }
  os::FileStamp stamp;
  if (fs_.stat(directory, c_str(file.name), stamp) != 0) {
    return false;
  }
  if (file.verified.matches(stamp)) {
    return true;
  }
  const Result<files::KnownFile> known = cache_.look(directory, c_str(file.name), stamp);
  if (!known || known->digest != file.digest || !is_as_plain(file, directory)) {
    return false;
  }
  if (!known->racy) {
    file.verified.set(known->stamp);
  }
  return true;
}

// The directory is examined before the names in it: a name that comes in between changes its stamp,
// so the stamp that is kept does not vouch for it. On a file system that a server keeps, it may not
// change it. A name behind a dangling symlink is never settled, since its target may come without a
// change of this directory.
bool Freshness::absences_hold(const DirectoryGroup& group, os::DirectoryHandle directory) const {
  if (group.absent.empty()) {
    return true;
  }
  os::FileStamp stamp;
  if (fs_.stat_handle(directory, stamp) != 0) {
    return false;
  }
  if (group.absences_verified.matches(stamp)) {
    return true;
  }
  bool settled = !files::is_racy(stamp, fs_.now_ns()) && fs_.has_times_of_its_own(directory);
  for (const std::string_view name : group.absent) {
    const Presence presence = presence_of(fs_, directory, std::string(name));
    if (presence == Presence::kPresent) {
      return false;
    }
    settled = settled && presence == Presence::kAbsent;
  }
  if (settled) {
    group.absences_verified.set(stamp);
  }
  return true;
}

std::string Freshness::first_difference(const LoadedSet& set, const RequestContext& context) const {
  for (const DirectoryGroup& group : set.groups) {
    if (!holds(group, context, nullptr)) {
      return first_difference(group, context);
    }
  }
  for (const store::Input* fact : set.facts) {
    if (!fact_holds(*fact, context)) {
      return text_of(*fact);
    }
  }
  return {};
}

// Compares each member as a group of its own. If each of them holds by now, the directory is what
// people get to see.
std::string Freshness::first_difference(const DirectoryGroup& group,
                                        const RequestContext& context) const {
  const InputDirectory& directory = *group.directory;
  for (const FileInput* file : group.files) {
    DirectoryGroup one;
    one.directory = group.directory;
    one.files.push_back(file);
    if (!holds(one, context, nullptr)) {
      return text_of_path(directory.root, file->path);
    }
  }
  for (const std::string_view name : group.absent) {
    DirectoryGroup one;
    one.directory = group.directory;
    one.absent.push_back(name);
    if (!holds(one, context, nullptr)) {
      return text_of_path(directory.root, str_cat(directory.path, '/', name));
    }
  }
  return text_of_path(directory.root, directory.path);
}

}  // namespace zc::engine
