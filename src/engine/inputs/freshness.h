// Freshness: does an input set still hold? The one place that decides whether remembered inputs are
// what a compile would read now.
//
// A set holds when every file has its digest, every fact its value, and no path that the compiler
// probed in vain leads to a file now.
//
// Cost: inputs are grouped by directory. Each directory's path is resolved anew (so a renamed or
// retargeted directory is seen), then names are looked up in it: one stat per input. Absences of a
// directory hold without a look while the directory's own stamp is the one they were verified at,
// because adding or removing a name changes it. What facts and groups have in common is looked at
// once (looks.h): the facts about directories come last, since most of these have been opened by
// then.
//
// Thread: one; an object serves one look-up. Errors: whatever cannot be looked at does not hold.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/inputs/input_set.h"
#include "engine/inputs/looks.h"
#include "engine/inputs/open_directories.h"
#include "engine/inputs/request_context.h"
#include "files/file_cache.h"
#include "os/file_system.h"

namespace zc::engine {

// What was found out while sets of one request were compared, so that the next set does not look
// again. Thread: one.
class SeenFiles {
 public:
  // Nothing: not a readable plain file.
  std::optional<Digest> look(const os::FileSystem& fs, files::FileCache& cache,
                             os::DirectoryHandle at, const char* path, const FileInput& file);

 private:
  std::map<std::pair<const InputDirectory*, std::string_view>, std::optional<Digest>> by_path_;
};

// An input that is not what a set says.
struct InputDifference {
  store::Input input;           // of the set
  std::optional<Digest> now;    // its content or value; nothing: there is none
  std::int64_t changed_ns = 0;  // of a path that is there: the time of its content
};

class Freshness {
 public:
  // Borrows all. `known` as for Looks.
  Freshness(const os::FileSystem& fs, files::FileCache& cache, const LooksByPath* known = nullptr)
      : fs_(fs), cache_(cache), looks_(known) {}

  // `seen` is null for the first set of a request: the stamps in the set answer most looks then.
  // With `seen`, what the request has seen before is not looked at again.
  bool holds(const LoadedSet& set, const RequestContext& context, SeenFiles* seen);

  // What does not hold, up to `most` inputs; empty when everything does. Compares input by input,
  // so it takes longer than `holds`; only for people.
  std::vector<InputDifference> differences(const LoadedSet& set, const RequestContext& context,
                                           std::size_t most);

 private:
  bool fact_holds(const FactInput& fact, const RequestContext& context);
  bool fact_holds(const PathFact& fact, const RequestContext& context);
  bool names_hold(const FactInput& fact, const FactName& name, const RequestContext& context);
  bool holds(const DirectoryGroup& group, const RequestContext& context, OpenDirectories& opened,
             SeenFiles* seen);
  bool group_holds(const DirectoryGroup& group, const std::string& path,
                   const RequestContext& context, OpenDirectories& opened, SeenFiles* seen);
  int stat(os::DirectoryHandle at, const char* path, os::FileStamp& out);
  bool are_as_verified(const DirectoryGroup& group, const std::string& path,
                       const RequestContext& context);
  bool is_as_plain(const FileInput& file, os::DirectoryHandle at, const char* path) const;
  bool file_holds(const FileInput& file, os::DirectoryHandle at, const char* path, SeenFiles* seen);
  bool absences_hold(const DirectoryGroup& group, os::DirectoryHandle directory) const;
  void add_differences(const DirectoryGroup& group, const RequestContext& context,
                       std::vector<InputDifference>& out);
  InputDifference look_again(store::InputKind kind, const InputDirectory& directory,
                             std::string path, const RequestContext& context);

  const os::FileSystem& fs_;
  files::FileCache& cache_;
  Looks looks_;
};

}  // namespace zc::engine
