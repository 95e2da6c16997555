// Crates: where rustc finds the crates that a command depends on, as rules for the inputs of its
// run. rustc lists each directory of crates and takes the right names from it, so the names of all
// others do not count; but the same crate in another directory, or in a form that rustc prefers,
// would come first, so these are absences.
//
// Source: rustc's book, "-L", and the search of its crate locator.
//
// Thread: one per run. Ownership: borrows all.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "codec/digest.h"
#include "engine/input_list.h"
#include "engine/observed/inputs.h"
#include "os/file_system.h"

namespace zc::engine::rust {

// A directory that rustc was given with -L.
struct CrateDirectory {
  std::string path;                 // absolute, as it was given
  bool holds_dependencies = false;  // crates are taken from here by the name in their dependents
  bool is_searched = false;         // rustc searches here for crates by their name alone
};

class Crates final : public InputRules {
 public:
  // `named` are absolute paths of crates that rustc searches for nowhere else, since the command
  // names them or they are what a crate leads to (crate_links.h). A command that links reads all
  // forms of its crates, not only their metadata.
  Crates(const os::FileSystem& fs, const ObservedCompile& compile,
         const std::vector<CrateDirectory>& directories, const std::set<std::string>& named,
         bool links)
      : fs_(fs), compile_(compile), directories_(directories), named_(named), links_(links) {}

  bool is_passed_over(const PathAccess& seen) const override;
  std::int64_t unread_ns(const PathAccess& seen) const override;

  // Adds the directories, and the crates that must stay absent.
  compiler::OrBypass<> collect(const Trace& trace, InputList& list) const;

 private:
  const CrateDirectory* find(std::string_view path) const;
  compiler::OrBypass<> check_new_crates_in(const std::string& directory) const;
  void add_absences_of(std::string_view crate, const std::unordered_set<std::string_view>& seen,
                       InputList& list) const;

  const os::FileSystem& fs_;
  const ObservedCompile& compile_;
  const std::vector<CrateDirectory>& directories_;
  const std::set<std::string>& named_;
  const bool links_;
};

// The value of the fact InputKind::kCrateNames: which crates are in a directory. Nothing if it
// cannot be listed.
std::optional<codec::Digest> crate_names(const ObservedCompile& compile, const FactName& name);

}  // namespace zc::engine::rust
