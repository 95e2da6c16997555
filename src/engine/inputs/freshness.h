// Freshness: does an input set still hold? The one root that decides whether remembered inputs are
// what a compile would read now.
//
// A set holds when every input has its digest, and no path that the compiler probed in vain leads
// to a file now. Two implicit rules complete what is recorded: beside an input of gcc no
// `<input>.gch` may lie, and beside an absent path neither, since gcc takes a precompiled header
// silently, even where the header itself is missing.
//
// Cost: inputs are grouped by directory. Each directory's path is resolved anew (so a renamed or
// retargeted directory is seen), then names are looked up in it: one stat per input. Absences of a
// directory hold without a look while the directory's own stamp is the one they were verified at,
// because adding or removing a name changes it.
//
// Thread: LoadedSet and InputTable may be used by any number of threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/inputs/request_context.h"
#include "engine/inputs/stamp_cell.h"
#include "files/file_cache.h"
#include "os/file_system.h"
#include "store/store.h"

namespace zc::engine {

using codec::Digest;

// A file with an expected content, shared by all sets that name it.
struct InputEntry {
  std::string_view directory;  // as spelled, "." for a plain name; interned
  std::string_view name;
  std::string path;  // as the compiler spelled it
  Digest digest;
  mutable StampCell verified;  // at this identity the path had `digest`
};

// Interns the inputs of compile sets, so that ten thousand sets over the same headers stay small.
// Entries live as long as the table.
class InputTable {
 public:
  explicit InputTable(store::Store& store) : store_(&store) {}

  // Nothing when the store does not know the id, or knows it as an absence.
  const InputEntry* file(store::InputId id);
  // The path of an absence, split; nothing when the id is unknown or not an absence.
  struct Absence {
    std::string_view directory;
    std::string_view name;
  };
  std::optional<Absence> absence(store::InputId id);

  std::size_t size() const;

 private:
  std::string_view intern(std::string_view text);

  store::Store* store_;
  mutable std::mutex mutex_;
  std::unordered_map<store::InputId, std::unique_ptr<InputEntry>> files_;
  std::unordered_map<store::InputId, Absence> absences_;
  std::unordered_set<std::string> strings_;
};

// What must be true in one directory.
struct DirectoryGroup {
  std::string_view directory;
  std::vector<const InputEntry*> files;
  std::vector<std::string_view> absent;  // names
  mutable StampCell absences_verified;   // the directory's stamp when all absences held
};

struct LoadedSet {
  std::vector<DirectoryGroup> groups;
  std::vector<const InputEntry*> deps;  // in the order of the depfile
  std::vector<std::uint8_t> user_deps;  // parallel to deps, or empty
  Digest result;
  std::size_t bytes() const;  // approximate memory
};

struct LoadedManifest {
  std::vector<std::shared_ptr<const LoadedSet>> sets;  // newest first
  std::shared_ptr<InputTable> table;                   // keeps the entries alive
  std::size_t bytes() const;
};

// Nothing when the set names an id that the store has lost.
std::unique_ptr<LoadedSet> load_input_set(const store::InputSet& set, InputTable& table);

// What has been found out while sets of one request were compared, so that the next set does not
// ask again.
class Observations {
 public:
  // Nothing: not a readable plain file.
  std::optional<Digest> look(const os::FileSystem& fs, files::FileCache& cache,
                             os::DirectoryHandle at, const InputEntry& entry);

 private:
  std::unordered_map<std::string_view, std::optional<Digest>> by_path_;
};

class Freshness {
 public:
  // Borrows both.
  Freshness(const os::FileSystem& fs, files::FileCache& cache) : fs_(fs), cache_(cache) {}

  // `seen` is null for the first set of a request.
  bool holds(const LoadedSet& set, const RequestContext& context, Observations* seen) const;

  // What does not hold, as it is kept, for people; empty when everything does.
  std::string first_difference(const LoadedSet& set, const RequestContext& context) const;

 private:
  bool holds(const DirectoryGroup& group, const RequestContext& context, Observations* seen) const;
  bool group_holds(const DirectoryGroup& group, const char* path, const RequestContext& context,
                   Observations* seen) const;
  bool file_holds(const InputEntry& entry, os::DirectoryHandle directory, Observations* seen) const;
  bool absences_hold(const DirectoryGroup& group, os::DirectoryHandle directory,
                     bool gch_matters) const;

  const os::FileSystem& fs_;
  files::FileCache& cache_;
};

// Splits a path as groups are keyed: {".", "a.h"} for "a.h", {"/", "x"} for "/x". A slash at the
// end stays with the name ({"a", "b/"} for "a/b/"): an absence so written means that not even a
// directory may be there, because names below it were probed.
struct SplitPath {
  std::string_view directory;
  std::string_view name;
};
SplitPath split_path(std::string_view path);

// What a path that should be absent looks like now. A name that ends with a slash: see split_path.
enum class Presence : std::uint8_t {
  kAbsent,    // nothing, or a directory, which compilers skip when they look for a header
  kVolatile,  // nothing, but behind a symlink: it may appear without a trace in this directory
  kPresent,   // a file, or something that cannot be told
};
Presence presence_of(const os::FileSystem& fs, os::DirectoryHandle at, std::string_view path);

}  // namespace zc::engine
