// Input sets in memory: what a manifest of the store names by numbers, ready to be compared.
//
// Ten thousand sets name the same headers, so what they name is shared: an InputTable holds each
// input once, and each directory once. Within a set, files and absences are grouped by directory,
// since a directory is resolved once for all names in it.
//
// Thread: any. Ownership: a set borrows from its table, which a LoadedManifest keeps alive.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/mutex.h"
#include "engine/inputs/stamp_cell.h"
#include "store/store.h"

namespace zc::engine {

using codec::Digest;

// Where the names of a group are: `path` as spelled, "." for plain names; below `root`, if any. A
// relative path is against the cwd of the request.
struct InputDirectory {
  std::string root;
  std::string path;
  auto operator<=>(const InputDirectory&) const = default;
};

// A file with an expected content. All sets that name it share one FileInput, so a file that one
// look-up has verified is verified for all of them.
struct FileInput {
  const InputDirectory* directory = nullptr;
  std::string path;       // below the root, if its directory has one
  std::string_view name;  // the tail of `path`, so that it ends with a NUL
  Digest digest;
  bool is_plain = false;       // and no symlink to a file of that content
  mutable StampCell verified;  // at this identity the path had `digest`; never a racy one
};

// A path where no file may be. A slash at the end: no directory, either (path_presence.h).
struct AbsentInput {
  const InputDirectory* directory = nullptr;
  std::string_view name;  // ends with a NUL
};

// A name beside the absence before it in the set: many compiles look for one name in many
// directories, so names and directories are kept apart. Ends with a NUL.
struct AbsentName {
  std::string_view name;
};

// What the request is compared by (request_context.h). All sets that name a fact share it.
struct FactInput : store::Input {
  mutable StampCell verified;  // of kNames: at this identity the directory had the names
};

// Entries live as long as the table, and stay where they are, so that sets may point to them. The
// table only grows; its owner replaces it when it is too large.
class InputTable {
 public:
  explicit InputTable(store::Store& store) : store_(&store) {}

  using Entry = std::variant<const FileInput*, AbsentInput, AbsentName, const FactInput*>;

  // Reads the store if the entry is new. Nothing when the store does not
  // know the id.
  std::optional<Entry> find(store::InputId id);
  // What the store has just called `id`. An entry that exists is left alone: no id is ever given to
  // another input.
  void add(store::InputId id, const store::Input& input);

  // A copy that lives as long as the table. Ends with a NUL.
  std::string_view keep_name(const std::string& name);

  std::size_t size() const;

 private:
  using Kept =
      std::variant<std::unique_ptr<FileInput>, AbsentInput, AbsentName, std::unique_ptr<FactInput>>;

  Entry keep(store::InputId id, const store::Input& input) ZC_REQUIRES(mutex_);
  const InputDirectory* directory(std::string_view root, std::string_view path) ZC_REQUIRES(mutex_);

  store::Store* store_;
  mutable Mutex mutex_;
  std::unordered_map<store::InputId, Kept> entries_ ZC_GUARDED_BY(mutex_);
  std::set<InputDirectory> directories_ ZC_GUARDED_BY(mutex_);
  std::unordered_set<std::string> names_ ZC_GUARDED_BY(mutex_);  // of absences, and of facts
};

// What must be true in one directory. `absences_verified` belongs to this set alone, since other
// sets name other absences of the directory.
struct DirectoryGroup {
  const InputDirectory* directory = nullptr;
  std::vector<const FileInput*> files;
  std::vector<std::string_view> absent;  // names that end with a NUL
  bool is_real = false;                  // no symlink lies on the way to it
  bool shows_real = false;               // and no other group shows that
  bool is_related = false;               // a fact of kind kSameFiles is about it, too
  mutable StampCell absences_verified;   // the directory's stamp when all absences held
};

// A fact that is easier to compare when the groups hold. `name` is that of the input, or leads to
// the same files then. Ends with a NUL.
struct PathFact {
  const FactInput* input = nullptr;
  std::string_view name;
};

// An input set in the form in which it is compared. Const but for its StampCells, which any thread
// may read and write.
struct LoadedSet {
  std::vector<DirectoryGroup> groups;
  std::vector<const FactInput*> facts;  // but for those of kinds
  std::vector<PathFact> path_facts;     // kRealPath and kSameFiles
  std::vector<const FileInput*> deps;   // in the order of the depfile
  Digest result;                        // the key of its result in the store
  std::size_t bytes() const;            // approximate memory, without the table's
};

struct LoadedManifest {
  std::vector<std::shared_ptr<const LoadedSet>> sets;  // newest first
  std::shared_ptr<InputTable> table;                   // keeps the entries alive
  std::size_t bytes() const;
};

// Nothing when the set names an id that the store has lost, lists as a dependency what is no file,
// or names a name before any absence.
std::unique_ptr<LoadedSet> load_input_set(const store::InputSet& set, InputTable& table);

}  // namespace zc::engine
