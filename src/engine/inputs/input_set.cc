#include "engine/inputs/input_set.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/path_presence.h"
#include "engine/inputs/real_paths.h"

namespace zc::engine {

namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

// What the groups have seen when it is compared helps to compare it.
bool is_path_fact(const store::Input& fact) {
  return fact.kind == store::InputKind::kRealPath || fact.kind == store::InputKind::kSameFiles;
}

// Builds the groups of one set. A file may be listed twice (by the depfile and as a further input);
// it is compared once. The groups are in the order of their paths, whatever the order of the
// inputs.
class Grouping {
 public:
  void add(const FileInput* file) {
    if (known_.insert(file).second) {
      members_[file->directory].files.push_back(file);
    }
  }
  void add(const AbsentInput& absence) {
    last_absent_ = &members_[absence.directory].absent;
    last_absent_->push_back(absence.name);
  }
  // False: it has no directory.
  bool add(const AbsentName& absence) {
    if (last_absent_ != nullptr) {
      last_absent_->push_back(absence.name);
    }
    return last_absent_ != nullptr;
  }

  // Takes the facts out that say that a path is where it says, if other looks tell: that no symlink
  // leads to a directory of this set is seen when it is opened, and one that leads to a directory
  // leads to all below it. Then those that follow from these. Returns what they said.
  RealPaths take_real_paths(std::vector<const FactInput*>& facts) {
    std::set<std::string_view> names;
    for (const FactInput* fact : facts) {
      if (is_real(*fact)) {
        names.insert(fact->name);
      }
    }
    RealPaths real;
    std::erase_if(facts, [&](const FactInput* fact) {
      const std::string below = fact->name + '/';
      const auto next = names.lower_bound(below);
      const bool has_real_below = next != names.end() && next->starts_with(below);
      const bool is_shown = is_real(*fact) && is_shown_real(fact->name, has_real_below);
      if (is_real(*fact)) {
        real.add(fact->name, is_shown);
      }
      return is_shown || (is_real(*fact) && has_real_below);
    });
    std::erase_if(facts, [&](const FactInput* fact) { return follows_from(*fact, real); });
    return real;
  }

  // The paths of such a fact are compared in the form that costs least.
  void relate(PathFact& fact, const RealPaths& real, InputTable& table) {
    std::string names;
    for (const std::string_view name : split(fact.name, '\0')) {
      const auto path = is_absolute(name) && has_dotdot(name) ? real.without_dots(name)
                                                              : std::optional<std::string>();
      str_append(names, names.empty() ? "" : std::string_view("\0", 1), path ? *path : name);
      relate(path ? *path : name);
    }
    if (names != fact.name) {
      fact.name = table.keep_name(names);
    }
  }

  std::vector<DirectoryGroup> finish() {
    std::vector<DirectoryGroup> out(members_.size());
    std::size_t at = 0;
    for (auto& [directory, members] : members_) {
      DirectoryGroup& group = out[at++];
      group.directory = directory;
      group.files = std::move(members.files);
      group.absent = std::move(members.absent);
      group.is_real = members.is_real;
      group.shows_real = members.shows_real;
      group.is_related = members.is_related;
    }
    return out;
  }

 private:
  struct Members {
    std::vector<const FileInput*> files;
    std::vector<std::string_view> absent;
    bool is_real = false;
    bool shows_real = false;
    bool is_related = false;
  };
  struct ByName {
    bool operator()(const InputDirectory* a, const InputDirectory* b) const { return *a < *b; }
  };

  static bool is_real(const store::Input& fact) {
    return fact.kind == store::InputKind::kRealPath && fact.root.empty() &&
           is_absolute(fact.name) && fact.digest == codec::digest_of(fact.name);
  }

  static bool follows_from(const store::Input& fact, const RealPaths& real) {
    if (fact.kind != store::InputKind::kRealPath || !fact.root.empty() || !has_dotdot(fact.name)) {
      return false;
    }
    const std::optional<std::string> path = real.without_dots(fact.name);
    return path && real.is_directory(*path) && fact.digest == codec::digest_of(*path);
  }

  void relate(std::string_view path) {
    const InputDirectory directory = {.root = {}, .path = std::string(path)};
    const auto found = members_.find(&directory);
    if (is_absolute(path) && found != members_.end()) {
      found->second.is_related = true;
    }
  }

  // Whether there is a group that can show it.
  bool is_shown_real(const std::string& path, bool is_shown_below) {
    const InputDirectory directory = {.root = {}, .path = path};
    const auto found = members_.find(&directory);
    if (found == members_.end()) {
      return false;
    }
    found->second.is_real = true;
    found->second.shows_real = !is_shown_below;
    return true;
  }

  std::map<const InputDirectory*, Members, ByName> members_;
  std::unordered_set<const FileInput*> known_;
  std::vector<std::string_view>* last_absent_ = nullptr;  // of the absence that came last
};

}  // namespace

const InputDirectory* InputTable::directory(std::string_view root, std::string_view path) {
  return &*directories_.insert({.root = std::string(root), .path = std::string(path)}).first;
}

// A file's name is the tail of its path; an absence has no path, so the table owns its name. Both
// are strings with a NUL behind them, ready for the kernel.
InputTable::Entry InputTable::keep(store::InputId id, const store::Input& input) {
  const SplitPath split = split_path(input.name);
  switch (input.kind) {
    case store::InputKind::kFile:
    case store::InputKind::kPlainFile: {
      auto file = std::make_unique<FileInput>();
      file->directory = directory(input.root, split.directory);
      file->path = input.name;
      file->name = std::string_view(file->path).substr(file->path.size() - split.name.size());
      file->digest = input.digest.value_or(Digest{});
      file->is_plain = input.kind == store::InputKind::kPlainFile;
      const FileInput* const out = file.get();
      entries_.emplace(id, std::move(file));
      return out;
    }
    case store::InputKind::kAbsence: {
      const AbsentInput absence = {.directory = directory(input.root, split.directory),
                                   .name = *names_.emplace(split.name).first};
      entries_.emplace(id, absence);
      return absence;
    }
    case store::InputKind::kAbsentName: {
      const AbsentName absence = {.name = *names_.emplace(input.name).first};
      entries_.emplace(id, absence);
      return absence;
    }
    default: {
      auto fact = std::make_unique<FactInput>(input);
      const FactInput* const out = fact.get();
      entries_.emplace(id, std::move(fact));
      return out;
    }
  }
}

// The store is read under the mutex, so that two threads that need one id get the same entry.
std::optional<InputTable::Entry> InputTable::find(store::InputId id) {
  const MutexLock lock(mutex_);
  if (const auto it = entries_.find(id); it != entries_.end()) {
    return std::visit(Overloaded{[](const AbsentInput& absence) { return Entry(absence); },
                                 [](const AbsentName& absence) { return Entry(absence); },
                                 [](const std::unique_ptr<FileInput>& file) {
                                   return Entry(static_cast<const FileInput*>(file.get()));
                                 },
                                 [](const std::unique_ptr<FactInput>& fact) {
                                   return Entry(static_cast<const FactInput*>(fact.get()));
                                 }},
                      it->second);
  }
  const std::optional<store::Input> input = store_->input(id);
  return input ? std::optional(keep(id, *input)) : std::nullopt;
}

std::string_view InputTable::keep_name(const std::string& name) {
  const MutexLock lock(mutex_);
  return *names_.insert(name).first;
}

void InputTable::add(store::InputId id, const store::Input& input) {
  const MutexLock lock(mutex_);
  if (!entries_.contains(id)) {
    (void)keep(id, input);
  }
}

std::size_t InputTable::size() const {
  const MutexLock lock(mutex_);
  return entries_.size();
}

std::unique_ptr<LoadedSet> load_input_set(const store::InputSet& set, InputTable& table) {
  auto out = std::make_unique<LoadedSet>();
  out->result = set.result;
  Grouping groups;
  std::vector<const FactInput*> path_facts;
  for (const store::InputId id : set.deps) {
    const std::optional<InputTable::Entry> entry = table.find(id);
    const auto* file = entry ? std::get_if<const FileInput*>(&*entry) : nullptr;
    if (file == nullptr) {
      return nullptr;
    }
    groups.add(*file);
    out->deps.push_back(*file);
  }
  for (const store::InputId id : set.others) {
    const std::optional<InputTable::Entry> entry = table.find(id);
    if (!entry) {
      return nullptr;
    }
    const bool has_place =
        std::visit(Overloaded{[&](const FactInput* fact) {
                                (is_path_fact(*fact) ? path_facts : out->facts).push_back(fact);
                                return true;
                              },
                              [&](const AbsentName& name) { return groups.add(name); },
                              [&](const auto& path) {
                                groups.add(path);
                                return true;
                              }},
                   *entry);
    if (!has_place) {
      return nullptr;
    }
  }
  const RealPaths real = groups.take_real_paths(path_facts);
  for (const FactInput* fact : path_facts) {
    PathFact& added = out->path_facts.emplace_back(PathFact{.input = fact, .name = fact->name});
    if (fact->kind == store::InputKind::kSameFiles) {
      groups.relate(added, real, table);
    }
  }
  out->groups = groups.finish();
  return out;
}

std::size_t LoadedSet::bytes() const {
  std::size_t out = sizeof *this + deps.size() * sizeof(const FileInput*) +
                    facts.size() * sizeof(const FactInput*) + path_facts.size() * sizeof(PathFact);
  for (const DirectoryGroup& group : groups) {
    out += sizeof group + group.files.size() * sizeof(const FileInput*) +
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

}  // namespace zc::engine
