#include "engine/inputs/freshness.h"

#include <algorithm>
#include <cerrno>

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/directory_names.h"
#include "engine/inputs/path_presence.h"

namespace zc::engine {

namespace {

// Names end with a NUL (input_set.h), so they can be given to the kernel as they are.
const char* c_str(std::string_view name) {
  return name.data();
}

// Above this many files, it costs less to open their directory than to resolve each one's path.
constexpr std::size_t kFewFiles = 5;

}  // namespace

// Directories and names are pointers into the table that all sets of a manifest share, so equal
// inputs have equal keys, whatever digest each set expects.
std::optional<Digest> SeenFiles::look(const os::FileSystem& fs, files::FileCache& cache,
                                      os::DirectoryHandle at, const char* path,
                                      const FileInput& file) {
  const std::pair key(file.directory, file.name);
  if (const auto it = by_path_.find(key); it != by_path_.end()) {
    return it->second;
  }
  std::optional<Digest> digest;
  os::FileStamp stamp;
  if (fs.stat(at, path, stamp) == 0) {
    if (Result<files::KnownFile> known = cache.look(at, path, stamp)) {
      digest = known->digest;
    }
  }
  by_path_.emplace(key, digest);
  return digest;
}

bool Freshness::fact_holds(const FactInput& fact, const RequestContext& context) {
  const FactName name = {.kind = fact.kind, .root = fact.root, .name = fact.name};
  const bool may_settle = fact.kind == store::InputKind::kNames && fact.root.empty() &&
                          is_absolute(fact.name) && !context.may_write_to(fact.name);
  return may_settle ? names_hold(fact, name, context) : context.fact(name, looks_) == fact.digest;
}

bool Freshness::fact_holds(const PathFact& fact, const RequestContext& context) {
  const store::Input& input = *fact.input;
  const FactName name = {.kind = input.kind, .root = input.root, .name = fact.name};
  return context.fact(name, looks_) == input.digest;
}

// Names that are made or removed change the stamp of their directory, so while that is the same,
// so are they. As with absences, the stamp is taken before the names are read, and kept only if it
// is certain to tell; and it is that of the directory that was read, for it is the same afterwards.
bool Freshness::names_hold(const FactInput& fact, const FactName& name,
                           const RequestContext& context) {
  os::FileStamp stamp;
  if (looks_.stat(fs_, fact.name, stamp) == 0 && fact.verified.matches(stamp)) {
    return true;
  }
  if (context.fact(name, looks_) != fact.digest) {
    return false;
  }
  os::OpenDirectory directory(fs_);
  os::FileStamp after;
  if (!files::is_racy(stamp, fs_.now_ns()) &&
      directory.open(os::FileSystem::kNoDirectory, fact.name.c_str()) == 0 &&
      fs_.has_times_of_its_own(directory.handle()) &&
      fs_.stat_handle(directory.handle(), after) == 0 && after.same_content_as(stamp)) {
    fact.verified.set(stamp);
  }
  return true;
}

bool Freshness::holds(const LoadedSet& set, const RequestContext& context, SeenFiles* seen) {
  OpenDirectories opened(fs_, context.working_directory());
  return std::ranges::all_of(set.facts,
                             [&](const FactInput* fact) { return fact_holds(*fact, context); }) &&
         std::ranges::all_of(
             set.groups,
             [&](const DirectoryGroup& group) { return holds(group, context, opened, seen); }) &&
         std::ranges::all_of(set.path_facts,
                             [&](const PathFact& fact) { return fact_holds(fact, context); });
}

// If the group's directory has a root, the request decides where it is. Below a root that the
// request does not have, nothing exists: absences hold, files do not.
bool Freshness::holds(const DirectoryGroup& group, const RequestContext& context,
                      OpenDirectories& opened, SeenFiles* seen) {
  const InputDirectory& directory = *group.directory;
  if (directory.root.empty()) {
    return group_holds(group, directory.path, context, opened, seen);
  }
  const std::optional<std::string> root = context.root_directory(directory.root);
  return root ? group_holds(group, str_cat(*root, directory.path), context, opened, seen)
              : group.files.empty();
}

bool Freshness::group_holds(const DirectoryGroup& group, const std::string& path,
                            const RequestContext& context, OpenDirectories& opened,
                            SeenFiles* seen) {
  const os::DirectoryHandle here = context.working_directory();
  const bool is_here = path == ".";
  const bool is_opened =
      group.shows_real || group.files.size() > (group.directory->root.empty() ? kFewFiles : 0);
  if (!is_opened && (group.absent.empty() || (!is_here && are_as_verified(group, path, context)))) {
    return std::ranges::all_of(group.files, [&](const FileInput* file) {
      return file_holds(*file, here, file->path.c_str(), seen);
    });
  }
  os::DirectoryHandle directory = here;
  const int err = is_here ? 0 : opened.open(path, group.is_real, directory);
  if (err == ENOENT) {
    return group.files.empty() && !group.is_real;  // No directory, so nothing in it.
  }
  if (err == 0 && group.is_related) {
    looks_.take(fs_, path, directory);
  }
  if (err != 0 || !absences_hold(group, directory)) {
    return false;
  }
  return std::ranges::all_of(group.files, [&](const FileInput* file) {
    return file_holds(*file, directory, c_str(file->name), seen);
  });
}

// As FileSystem::stat; what the look-up has seen at an absolute path is not looked at again.
int Freshness::stat(os::DirectoryHandle at, const char* path, os::FileStamp& out) {
  return *path == '/' ? looks_.stat(fs_, path, out) : fs_.stat(at, path, out);
}

// Whether one look at the directory is enough for its absences.
bool Freshness::are_as_verified(const DirectoryGroup& group, const std::string& path,
                                const RequestContext& context) {
  os::FileStamp stamp;
  const int err = stat(context.working_directory(), path.c_str(), stamp);
  return err == 0 ? group.absences_verified.matches(stamp) : err == ENOENT;
}

// A symlink in place of the file shows in the stamp, even if it leads to the old one: to be there
// under another name, that was renamed or linked, which changes its time.
bool Freshness::is_as_plain(const FileInput& file, os::DirectoryHandle at, const char* path) const {
  os::FileStamp stamp;
  return !file.is_plain || (fs_.stat_link(at, path, stamp) == 0 && !stamp.is_symlink());
}

// `path` leads to the file from `at`.
bool Freshness::file_holds(const FileInput& file, os::DirectoryHandle at, const char* path,
                           SeenFiles* seen) {
  if (seen != nullptr) {
    return seen->look(fs_, cache_, at, path, file) == file.digest && is_as_plain(file, at, path);
  }
  os::FileStamp stamp;
  if (stat(at, path, stamp) != 0) {
    return false;
  }
  if (file.verified.matches(stamp)) {
    return true;
  }
  const Result<files::KnownFile> known = cache_.look(at, path, stamp);
  if (!known || known->digest != file.digest || !is_as_plain(file, at, path)) {
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
  const auto names = DirectoryNames::read(fs_, directory, stamp, group.absent.size());
  for (const std::string_view name : group.absent) {
    if (names && !names->may_have(name)) {
      continue;
    }
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

std::vector<InputDifference> Freshness::differences(const LoadedSet& set,
                                                    const RequestContext& context,
                                                    std::size_t most) {
  std::vector<InputDifference> out;
  OpenDirectories opened(fs_, context.working_directory());
  for (const DirectoryGroup& group : set.groups) {
    if (out.size() < most && !holds(group, context, opened, nullptr)) {
      add_differences(group, context, out);
    }
  }
  const auto add_fact = [&](const FactInput& input, std::string_view name) {
    const FactName now = {.kind = input.kind, .root = input.root, .name = name};
    out.push_back({.input = input, .now = context.fact(now, looks_)});
  };
  for (const FactInput* fact : set.facts) {
    if (out.size() < most && !fact_holds(*fact, context)) {
      add_fact(*fact, fact->name);
    }
  }
  for (const PathFact& fact : set.path_facts) {
    if (out.size() < most && !fact_holds(fact, context)) {
      add_fact(*fact.input, fact.name);
    }
  }
  if (out.size() > most) {
    out.resize(most);
  }
  return out;
}

// Compares each member as a group of its own. If each of them holds by now, the directory is what
// people get to see.
void Freshness::add_differences(const DirectoryGroup& group, const RequestContext& context,
                                std::vector<InputDifference>& out) {
  const InputDirectory& directory = *group.directory;
  const std::size_t before = out.size();
  const auto holds_alone = [&](const DirectoryGroup& one) {
    OpenDirectories opened(fs_, context.working_directory());
    return holds(one, context, opened, nullptr);
  };
  for (const FileInput* file : group.files) {
    DirectoryGroup one;
    one.directory = group.directory;
    one.files.push_back(file);
    if (!holds_alone(one)) {
      const auto kind = file->is_plain ? store::InputKind::kPlainFile : store::InputKind::kFile;
      InputDifference found = look_again(kind, directory, file->path, context);
      found.input.digest = file->digest;
      out.push_back(std::move(found));
    }
  }
  for (const std::string_view name : group.absent) {
    DirectoryGroup one;
    one.directory = group.directory;
    one.absent.push_back(name);
    if (!holds_alone(one)) {
      out.push_back(look_again(store::InputKind::kAbsence, directory,
                               str_cat(directory.path, '/', name), context));
    }
  }
  if (out.size() == before) {
    out.push_back(look_again(store::InputKind::kDirectory, directory, directory.path, context));
  }
}

// `path` is below the root, if the directory has one.
InputDifference Freshness::look_again(store::InputKind kind, const InputDirectory& directory,
                                      std::string path, const RequestContext& context) {
  InputDifference out;
  const std::string root = directory.root.empty()
                               ? std::string()
                               : context.root_directory(directory.root).value_or(std::string());
  const std::string where = str_cat(root, path);
  os::FileStamp stamp;
  if (fs_.stat(context.working_directory(), where.c_str(), stamp) == 0) {
    out.changed_ns = stamp.mtime_ns;
    if (const auto known = cache_.look(context.working_directory(), where.c_str(), stamp)) {
      out.now = known->digest;
    }
  }
  out.input = {.kind = kind, .root = directory.root, .name = std::move(path), .digest = {}};
  return out;
}

}  // namespace zc::engine
