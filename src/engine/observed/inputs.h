// Inputs of an observed run: each thing in its trace becomes part of the input list, or a reason
// not to store the result. Nothing is passed over but what the rules here name:
//
//   of the toolchain       its files are in its identity
//   of the kernel          a table says what reveals nothing about the result; the rest is
//                          unrepeatable
//   along PATH             the search for a program depends on where PATH leads, not on its text
//   of the frontend        its InputRules say what of its own files reaches no result
//   of known linkers       some variables that shape their temporary files and colours only
//
// Thread: one per run. Ownership: borrows all.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/input_list.h"
#include "engine/observed/compile.h"
#include "engine/observed/foreign_code.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/message_files.h"
#include "engine/observed/missing_names.h"
#include "engine/observed/object_scans.h"
#include "engine/observed/trace.h"

namespace zc::engine {

struct ObservedRun {
  const ObservedCompile& compile;
  const Trace& trace;
  const InputRules& rules;
  bool has_messages = false;                    // which may look otherwise elsewhere
  std::set<std::string, std::less<>> recorded;  // absolute paths that are inputs already
  std::set<std::string> tracked;                // variables likewise
  std::set<std::string> adopted;                // what the run has left that is an output after all
  bool tracks_variables = false;                // all that a source asks for are in `tracked`
  bool names_uncounted = false;       // a source may ask for variables that are no inputs otherwise
  bool sources_are_unlisted = false;  // no depfile lists the files that a source names
  bool writes_the_time = false;       // the compiler itself, when it asks libc to format it
  // The real path of a file is compared by that of its directory, besides the file's own link.
  bool real_paths_by_directory = false;
  bool shows_real_paths = false;  // in what it prints
  // Its programs may look at a symlink itself, where compilers look at what it leads to.
  bool looks_at_links = false;
  bool goes_by_content = false;  // reads precompiled files without a look at times, as gcc does
  // What differs in each run is a doubt (InputList) in place of a reason not to store. The name of
  // the machine, its kernel and the umask are in the key.
  bool may_be_repeated = false;
  // A second run tells whether the time of day shows in its outputs, or the day alone.
  bool may_show_the_day = false;
  // Of a program that starts compilers, what they are; null: the toolchain of `compile` is all. The
  // name of the machine is in the key then.
  const Toolchain* started_compilers = nullptr;
  ForeignCode::IsTool is_tool = nullptr;  // as ForeignCode has it
};

class ObservedInputs {
 public:
  ObservedInputs(const os::FileSystem& fs, ObjectScans& scans, const ObservedRun& run,
                 InputList& list);

  // Adds to the list.
  compiler::OrBypass<> collect();

 private:
  using Outcome = compiler::OrBypass<>;

  Outcome doubt(std::string_view what);
  Outcome check_effects() const;
  Outcome check_toolchain() const;
  Outcome check_starts() const;
  bool leads_to(std::string path, const std::set<std::string_view>& programs) const;
  Outcome check_kernel_files();
  Outcome add_answers();
  bool is_tool_of_compiler(std::string_view name) const;
  Outcome check_old_outputs() const;
  bool counts(const Query& query) const;
  Outcome check_times();
  Outcome check_time_macro(const Query& query);
  Outcome check_machine() const;
  void add_variables();
  Outcome add_looks_of_messages();
  Outcome add_message_files(const MessageFiles& looks);
  Outcome add_zone();
  Outcome add_unseen_file(const std::string& path);
  Outcome add_message_directory(const std::string& directory);
  const std::string& base_of_variables() const;
  void add_variable(const Query& query);
  void add_programs();
  Outcome add_metadata_queries();
  Outcome add_time_of_access(std::string_view path);
  bool is_symlink(std::string_view path) const;
  std::string_view directory_of(std::string_view path);
  bool is_recorded(const MetadataQuery& look) const;
  Outcome add_metadata_query(MetadataQuery::At at, std::string_view path);
  Outcome add_accesses();
  Outcome add_access(const PathAccess& seen);
  Outcome add_obstacle(const PathAccess& seen);
  Outcome add_link(const PathAccess& seen);
  Outcome add_kernel_file(const PathAccess& seen);
  Outcome add_present(const PathAccess& seen, const os::FileStamp& stamp);
  Outcome add_way_to(const PathAccess& directory);
  Outcome add_directory(const PathAccess& seen);
  void add_loader_absences();
  Outcome add_preloaded_libraries();
  Outcome add_libraries_that_are_not_loaded(std::string_view names);
  void add_absent(RootedPath path);
  void add_missing(const PathAccess& seen, const std::string& first);
  std::string first_missing(const std::string& path);
  void add_file(RootedPath kept, std::string path, std::int64_t seen_ns, bool is_plain = false);
  template <class About>
  void add_fact(store::InputKind kind, const About& about) {
    list_.add_fact(run_.compile, kind, about);
  }

  // A path as it is kept, for a fact or for a file; its root is bound where that has to be.
  RootedPath kept(std::string_view path);
  RootedPath kept_file(std::string_view path);
  // The root's directory itself, as it is spelled: it has no name below the root, so its place is
  // bound.
  RootedPath at_root(const std::string& root);

  bool is_of_toolchain(const PathAccess& seen) const;
  bool is_for_a_program(const Query& query) const;
  bool is_along_path(const PathAccess& seen);
  std::int64_t unread_ns(const PathAccess& seen) const;

  const os::FileSystem& fs_;
  ObjectScans& scans_;
  const ObservedRun& run_;
  InputList& list_;
  const Facts& facts_;
  ForeignCode code_;
  std::vector<std::string_view> path_directories_;              // of PATH
  std::unordered_map<std::string_view, bool> toolchain_paths_;  // whether each is to be there
  MissingNames missing_;
  std::unordered_map<std::string, std::string> first_missing_;  // by directory; "" when it is there
  std::deque<std::string> texts_;
  std::set<std::pair<std::string_view, MetadataQuery::At>> known_looks_;
  std::set<std::string> names_;  // that were looked for along PATH
  bool asks_path_ = false;       // a program that may do so without PATH becoming an input
};

}  // namespace zc::engine
