// Absences: the paths a compile probed in vain, which must stay empty for its result to hold.
//
// A depfile names what was read, not where the compiler looked first. So each input is scanned for
// its include directives (and __has_include), and each name is walked along the search path as the
// compiler would: every candidate before the first that exists is an absence. Directives in
// branches that were not taken give more absences than needed; that costs a miss at worst. An input
// that no literal directive explains (a computed include, -include, #include_next) is taken as
// findable under every split of its path. Names below a directory that does not exist become one
// absence of that directory.
//
// Thread: any; one per run.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/c/search_path.h"
#include "compiler/c/source_scan.h"
#include "os/file_system.h"

namespace zc::engine::c {

struct ScannedInput {
  std::string path;  // as spelled
  std::shared_ptr<const compiler::c::ScanFacts> facts;
};

class AbsenceFinder {
 public:
  // `cwd` is an open handle for relative paths. `gch_matters`: the compiler is gcc. Borrows the
  // first two.
  AbsenceFinder(const os::FileSystem& fs, const compiler::c::SearchPath& search,
                os::DirectoryHandle cwd, bool gch_matters)
      : fs_(fs), search_(search), cwd_(cwd), gch_matters_(gch_matters) {}

  // All absences of a compile that read `inputs`, the source first, with headers named on the
  // command line in `forced`. Afterwards `bystanders()` has the files that were found on the way
  // but are not inputs: the compiler passed over them, or took a precompiled header in their place.
  // Those among them that __has_include tested are in `tested()`: that they are there has decided
  // something.
  std::vector<std::string> find(std::span<const ScannedInput> inputs,
                                std::span<const std::string> forced = {});

  const std::vector<std::string>& bystanders() const { return bystanders_; }
  const std::set<std::string>& tested() const { return tested_; }

 private:
  void walk(std::string_view includer, const compiler::c::IncludeProbe& probe);
  void explain_otherwise(const std::string& path);
  // True when a file is at `path`; else the absence has been recorded.
  bool probe(const std::string& path);
  void record_absence(std::string_view path);
  bool directory_exists(std::string_view path);

  const os::FileSystem& fs_;
  const compiler::c::SearchPath& search_;
  const os::DirectoryHandle cwd_;
  const bool gch_matters_;
  std::unordered_set<std::string_view> inputs_;
  std::set<std::string> includer_dirs_;
  std::unordered_set<std::string> explained_;
  std::unordered_map<std::string, bool> probed_;
  std::unordered_map<std::string, bool> directories_;
  std::unordered_set<std::string> absent_;
  std::vector<std::string> bystanders_;
  std::set<std::string> tested_;
};

}  // namespace zc::engine::c
