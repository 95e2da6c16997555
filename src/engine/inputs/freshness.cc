#include "engine/inputs/freshness.h"

#include <algorithm>
#include <cerrno>
#include <map>

#include "base/path.h"

namespace zc::engine {

SplitPath split_path(std::string_view path) {
  const bool strict = path.size() > 1 && path.ends_with('/');
  const std::string_view plain = strict ? path.substr(0, path.size() - 1) : path;
  const std::string_view name = base_name(plain);
  return {.directory = dir_name(plain), .name = path.substr(plain.size() - name.size())};
}

namespace {

// A compiler goes on to the next directory. What is merely in the way (a directory that may not be
// searched, a circle of symlinks) is an error for it.
bool is_missing(int err) {
  return err == ENOENT || err == ENOTDIR;
}

}  // namespace

Presence presence_of(const os::FileSystem& fs, os::DirectoryHandle at, std::string_view path) {
  const bool strict = path.ends_with('/');
  const std::string plain(strict ? path.substr(0, path.size() - 1) : path);
  os::FileStamp stamp;
  const int err = fs.stat_link(at, plain.c_str(), stamp);
  if (is_missing(err) || (err == 0 && !strict && stamp.is_directory())) {
    return Presence::kAbsent;
  }
  if (err == 0 && stamp.is_symlink()) {
    const int target_err = fs.stat(at, plain.c_str(), stamp);
    if (is_missing(target_err) || (target_err == 0 && !strict && stamp.is_directory())) {
      return Presence::kVolatile;
    }
  }
  return Presence::kPresent;
}

std::string_view InputTable::intern(std::string_view text) {
  return *strings_.emplace(text).first;
}

const InputEntry* InputTable::file(store::InputId id) {
  const std::lock_guard lock(mutex_);
  if (const auto it = files_.find(id); it != files_.end()) {
    return it->second.get();
  }
  std::optional<store::Input> input = store_->input(id);
  if (!input || !input->digest) {
    return nullptr;
  }
  auto entry = std::make_unique<InputEntry>();
  entry->path = std::move(input->path);
  const SplitPath split = split_path(entry->path);
  entry->directory = intern(split.directory);
  entry->name = split.name;
  entry->digest = *input->digest;
  return files_.emplace(id, std::move(entry)).first->second.get();
}

std::optional<InputTable::Absence> InputTable::absence(store::InputId id) {
  const std::lock_guard lock(mutex_);
  if (const auto it = absences_.find(id); it != absences_.end()) {
    return it->second;
  }
  const std::optional<store::Input> input = store_->input(id);
  if (!input || input->digest) {
    return std::nullopt;
  }
  const SplitPath split = split_path(input->path);
  const Absence out{.directory = intern(split.directory), .name = intern(split.name)};
  absences_.emplace(id, out);
  return out;
}

std::size_t InputTable::size() const {
  const std::lock_guard lock(mutex_);
  return files_.size() + absences_.size();
}

std::unique_ptr<LoadedSet> load_input_set(const store::InputSet& set, InputTable& table) {
  if (!set.user_deps.empty() && set.user_deps.size() != set.deps.size()) {
    return nullptr;
  }
  auto out = std::make_unique<LoadedSet>();
  out->result = set.result;
  out->user_deps = set.user_deps;
  struct Members {
    std::vector<const InputEntry*> files;
    std::vector<std::string_view> absent;
  };
  std::map<std::string_view, Members> by_directory;
  std::unordered_set<const InputEntry*> unique;
  const auto add = [&](store::InputId id) -> const InputEntry* {
    const InputEntry* entry = table.file(id);
    if (entry != nullptr && unique.insert(entry).second) {
      by_directory[entry->directory].files.push_back(entry);
    }
    return entry;
  };
  for (const store::InputId id : set.deps) {
    const InputEntry* entry = add(id);
    if (entry == nullptr) {
      return nullptr;
    }
    out->deps.push_back(entry);
  }
  for (const store::InputId id : set.extra) {
    if (add(id) == nullptr) {
      return nullptr;
    }
  }
  for (const store::InputId id : set.absent) {
    const std::optional<InputTable::Absence> absence = table.absence(id);
    if (!absence) {
      return nullptr;
    }
    by_directory[absence->directory].absent.push_back(absence->name);
  }
  out->groups = std::vector<DirectoryGroup>(by_directory.size());
  std::size_t at = 0;
  for (auto& [directory, members] : by_directory) {
    DirectoryGroup& group = out->groups[at++];
    group.directory = directory;
    group.files = std::move(members.files);
    group.absent = std::move(members.absent);
  }
  return out;
}

std::size_t LoadedSet::bytes() const {
  std::size_t out = sizeof *this + deps.size() * sizeof(const InputEntry*) + user_deps.size();
  for (const DirectoryGroup& group : groups) {
    out += sizeof group + group.files.size() * sizeof(const InputEntry*) +
           group.absent.size() * sizeof(std::string_view);
  }
  return out;
}

std::size_t LoadedManifest::bytes() const {
  std::size_t out = sizeof *this;
  for (const auto& set : sets) {
    out += set->bytes();
  }
  return out;
}

std::optional<Digest> Observations::look(const os::FileSystem& fs, files::FileCache& cache,
                                         os::DirectoryHandle at, const InputEntry& entry) {
  if (const auto it = by_path_.find(entry.path); it != by_path_.end()) {
    return it->second;
  }
  std::optional<Digest> digest;
  os::FileStamp stamp;
  const std::string name(entry.name);
  if (fs.stat(at, name.c_str(), stamp) == 0) {
    if (Result<files::KnownFile> known = cache.look(at, name.c_str(), stamp)) {
      digest = known->digest;
    }
  }
  by_path_.emplace(entry.path, digest);
  return digest;
}

namespace {

// Names are the tails of NUL-terminated strings (InputEntry::path, interned strings), so they can
// be given to the kernel as they are.
const char* c_str(std::string_view tail) {
  return tail.data();
}

// Facts are told, not looked up.
bool facts_hold(const DirectoryGroup& group, const RequestContext& context) {
  const auto fact = [&](std::string_view path) { return context.fact(path.substr(1)); };
  return std::ranges::all_of(
             group.files,
             [&](const InputEntry* entry) { return fact(entry->path) == entry->digest; }) &&
         std::ranges::none_of(group.absent, [&](std::string_view name) {
           return fact(std::string(group.directory) + '/' + std::string(name)).has_value();
         });
}

}  // namespace

bool Freshness::file_holds(const InputEntry& entry, os::DirectoryHandle directory,
                           Observations* seen) const {
  if (seen != nullptr) {
    return seen->look(fs_, cache_, directory, entry) == entry.digest;
  }
  os::FileStamp stamp;
  if (fs_.stat(directory, c_str(entry.name), stamp) != 0) {
    return false;
  }
  if (entry.verified.matches(stamp)) {
    return true;
  }
  const Result<files::KnownFile> known = cache_.look(directory, c_str(entry.name), stamp);
  if (!known || known->digest != entry.digest) {
    return false;
  }
  if (!known->racy) {
    entry.verified.set(known->stamp);
  }
  return true;
}

bool Freshness::absences_hold(const DirectoryGroup& group, os::DirectoryHandle directory,
                              bool gch_matters) const {
  os::FileStamp stamp;
  if (fs_.stat_handle(directory, stamp) != 0) {
    return false;
  }
  if (group.absences_verified.matches(stamp)) {
    return true;
  }
  bool settled = !files::is_racy(stamp, fs_.now_ns());
  const auto absent = [&](const std::string& name) {
    const Presence presence = presence_of(fs_, directory, name);
    settled = settled && presence == Presence::kAbsent;
    return presence != Presence::kPresent;
  };
  const auto no_gch = [&](std::string_view name) {
    return !gch_matters || name.ends_with('/') || absent(std::string(name) + ".gch");
  };
  for (const std::string_view name : group.absent) {
    if (!absent(std::string(name)) || !no_gch(name)) {
      return false;
    }
  }
  for (const InputEntry* entry : group.files) {
    if (!no_gch(entry->name)) {
      return false;
    }
  }
  if (settled) {
    group.absences_verified.set(stamp);
  }
  return true;
}

bool Freshness::holds(const LoadedSet& set, const RequestContext& context,
                      Observations* seen) const {
  return std::ranges::all_of(
      set.groups, [&](const DirectoryGroup& group) { return holds(group, context, seen); });
}

bool Freshness::holds(const DirectoryGroup& group, const RequestContext& context,
                      Observations* seen) const {
  const bool has_marks = context.has_marks();
  if (has_marks && group.directory.starts_with(kFactMark)) {
    return facts_hold(group, context);
  }
  if (!has_marks || !group.directory.starts_with(kPlaceMark)) {
    return group_holds(group, c_str(group.directory), context, seen);
  }
  const std::string_view spelled = group.directory.substr(1);
  const std::string_view name = spelled.substr(0, spelled.find('/'));
  const std::optional<std::string> root = context.root_directory(name);
  return root ? group_holds(group, (*root + std::string(spelled.substr(name.size()))).c_str(),
                            context, seen)
              : group.files.empty();
}

std::string Freshness::first_difference(const LoadedSet& set, const RequestContext& context) const {
  for (const DirectoryGroup& group : set.groups) {
    if (holds(group, context, nullptr)) {
      continue;
    }
    for (const InputEntry* entry : group.files) {
      DirectoryGroup one;
      one.directory = group.directory;
      one.files.push_back(entry);
      if (!holds(one, context, nullptr)) {
        return entry->path;
      }
    }
    for (const std::string_view name : group.absent) {
      DirectoryGroup one;
      one.directory = group.directory;
      one.absent.push_back(name);
      if (!holds(one, context, nullptr)) {
        return std::string(group.directory) + '/' + std::string(name);
      }
    }
    return std::string(group.directory);
  }
  return {};
}

// `path` is where the group's directory is for this request.
bool Freshness::group_holds(const DirectoryGroup& group, const char* path,
                            const RequestContext& context, Observations* seen) const {
  os::OpenDirectory directory(fs_);
  const int err = directory.open(context.working_directory(), path);
  if (is_missing(err)) {
    return group.files.empty();  // No directory, so nothing in it.
  }
  const bool gch_matters = context.gch_matters();
  if (err != 0 || ((gch_matters || !group.absent.empty()) &&
                   !absences_hold(group, directory.handle(), gch_matters))) {
    return false;
  }
  return std::ranges::all_of(group.files, [&](const InputEntry* entry) {
    return file_holds(*entry, directory.handle(), seen);
  });
}

}  // namespace zc::engine
