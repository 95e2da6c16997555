// The repository as lines of text, for tests that check rules about it.
//
// A rule collects its findings as "file:line: what" and compares them with an empty list, so that a
// failure names every offender at once.
//
// Thread: one.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zc::tidy {

// The repository.
inline const std::filesystem::path kTop = ZCCACHE_SOURCE_DIR;

struct SourceFile {
  std::string path;  // from the top of the repository
  std::vector<std::string> lines;

  std::string name() const;
  bool is_test() const { return path.ends_with("_test.cc"); }
  bool is_header() const { return path.ends_with(".h"); }
  // "engine" for "src/engine/c/key.cc"; empty outside src.
  std::string layer() const;
  // "engine/c" for "src/engine/c/key.cc"; empty outside src.
  std::string room() const;
};

// Files below `directories` whose path `wanted` accepts, sorted; what fuzzers chew on is left out.
std::vector<SourceFile> read_files(const std::vector<std::string>& directories,
                                   const std::function<bool(std::string_view path)>& wanted);

// In a directory of tests/cases: sources for compilers to chew on, with habits of their own.
bool is_case_data(std::string_view path);

// Our own C++ in src, tests and bench.
const std::vector<SourceFile>& cxx_files();

// Whatever people write here but pages: sources, tests, scripts and the build.
const std::vector<SourceFile>& text_files();

// The pages: docs and what lies at the top.
const std::vector<SourceFile>& pages();

// A file of the repository, by its path from the top; empty when it does not exist.
std::string read_text(const std::string& path);

// The name in `#include "name"` or `#include <name>`; empty for any other line.
std::string included_name(const std::string& line);

// "path:line: text"; lines count from 0 here and from 1 in the text.
std::string finding(const SourceFile& file, std::size_t line, std::string_view text);

// The table of docs/architecture.md: room -> the rooms it may include. A room is a directory of src
// that has a row: a layer, or a directory below one.
const std::map<std::string, std::set<std::string>>& allowed_includes();

// The room of a file by its path below src, which is also how an include names it: the longest
// directory with a row. Empty when there is none, as for headers of the system.
std::string room_of(std::string_view path);

}  // namespace zc::tidy
