// Who may include whom. A layer that a machine does not watch rots.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

// The rooms whose files include something of another room: room -> what it includes.
std::map<std::string, std::set<std::string>> used_includes() {
  std::map<std::string, std::set<std::string>> used;
  for (const SourceFile& file : cxx_files()) {
    const std::string room = file.room();
    if (room.empty()) {
      continue;
    }
    for (const std::string& line : file.lines) {
      const std::string other = room_of(included_name(line));
      if (!other.empty() && other != room) {
        used[room].insert(other);
      }
    }
  }
  return used;
}

// A cycle of rooms that include each other, starting with `path`; empty when there is none.
std::vector<std::string> cycle_from(std::vector<std::string> path) {
  const auto row = allowed_includes().find(path.back());
  if (row == allowed_includes().end()) {
    return {};
  }
  for (const std::string& next : row->second) {
    const bool closes = std::ranges::find(path, next) != path.end();
    path.push_back(next);
    const std::vector<std::string> cycle = closes ? path : cycle_from(path);
    if (!cycle.empty()) {
      return cycle;
    }
    path.pop_back();
  }
  return {};
}

TEST(Layers, EveryDirectoryOfSrcHasARowInTheArchitecture) {
  const std::filesystem::path src = ZCCACHE_SOURCE_DIR "/src";
  std::set<std::string> directories;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(src)) {
    if (entry.is_directory()) {
      directories.insert(std::filesystem::relative(entry.path(), src).string());
    }
  }
  std::set<std::string> rows;
  for (const auto& [room, below] : allowed_includes()) {
    rows.insert(room);
  }
  EXPECT_EQ(rows, directories);
}

TEST(Layers, TheArchitectureHasNoCycles) {
  ASSERT_FALSE(allowed_includes().empty());
  for (const auto& [room, below] : allowed_includes()) {
    EXPECT_THAT(cycle_from({room}), IsEmpty());
    for (const std::string& other : below) {
      EXPECT_TRUE(allowed_includes().contains(other)) << room << " may include unknown " << other;
    }
  }
}

TEST(Layers, IncludesFollowTheArchitecture) {
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    const std::string room = file.room();
    if (room.empty()) {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string name = included_name(file.lines[i]);
      const std::string other = room_of(name);
      if (!other.empty() && other != room && !allowed_includes().at(room).contains(other)) {
        findings.push_back(finding(file, i, room + " must not include " + name));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// clang-tidy does not look for it, because the units that it reads do nothing else.
TEST(Layers, SourcesAreNotIncluded) {
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (included_name(file.lines[i]).ends_with(".cc")) {
        findings.push_back(finding(file, i, file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// A permission that nobody uses is a door that stands open: the next include through it is one that
// nobody thought about.
TEST(Layers, EveryPermissionIsUsed) {
  auto used = used_includes();
  Findings unused;
  for (const auto& [room, below] : allowed_includes()) {
    for (const std::string& other : below) {
      if (!used[room].contains(other)) {
        unused.push_back(room + " may include " + other + " and does not");
      }
    }
  }
  EXPECT_THAT(unused, IsEmpty());
}

// Links reach as far as includes do. A library is made of a layer with all of its rooms.
TEST(Layers, CMakeLinksWhatTheArchitectureAllows) {
  const auto layer_of = [](const std::string& room) { return room.substr(0, room.find('/')); };
  std::map<std::string, std::set<std::string>> allowed;
  for (const auto& [room, below] : allowed_includes()) {
    std::set<std::string>& layers = allowed[layer_of(room)];
    for (const std::string& other : below) {
      if (layer_of(other) != layer_of(room)) {
        layers.insert(layer_of(other));
      }
    }
  }
  const std::string text = read_text("src/CMakeLists.txt");
  const std::regex row("zc_(?:layer|preload_library)\\(([a-z]+)(?:\\s+DEPS ([a-z\\s]+))?");
  std::map<std::string, std::set<std::string>> linked;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
    std::set<std::string>& layers = linked[(*it)[1]];
    std::istringstream deps((*it)[2]);
    for (std::string dep; deps >> dep;) {
      layers.insert(dep);
    }
  }
  EXPECT_EQ(linked, allowed);
}

// How the build asks for a library, and what its headers look like.
const std::vector<std::pair<std::string, std::string>>& third_party_libraries() {
  static const std::vector<std::pair<std::string, std::string>> kLibraries = {
      {"Blake3", "blake3\\.h"},
      {"FlatBuffersCompiler", "flatbuffers/.*|.*_generated\\.h"},
      {"LibElf", "libelf\\.h|gelf\\.h|libelf/.*"},
      {"Lmdb", "lmdb\\.h"},
      {"nlohmann_json", "nlohmann/.*"},
      {"tomlplusplus", "toml\\+\\+/.*"},
      {"zydis", "Zydis/.*|Zycore/.*"},
  };
  return kLibraries;
}

// A library that one file wraps can be replaced by editing one file; its headers, and their compile
// time, stay there too.
TEST(Layers, ThirdPartyHeadersHaveOneIncluderEach) {
  for (const auto& [package, headers] : third_party_libraries()) {
    const std::regex pattern(headers);
    Findings includers;
    for (const SourceFile& file : cxx_files()) {
      const bool includes = std::ranges::any_of(file.lines, [&](const std::string& line) {
        return std::regex_match(included_name(line), pattern);
      });
      if (includes && !file.layer().empty() && !file.is_test()) {
        EXPECT_FALSE(file.is_header()) << file.path << " passes " << package << " on";
        includers.push_back(file.path);
      }
    }
    EXPECT_EQ(includers.size(), 1U) << package << ": " << ::testing::PrintToString(includers);
  }
}

TEST(Layers, EveryLibraryOfTheBuildIsKnown) {
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  // PkgConfig finds others; threads and the test framework are for everybody.
  std::set<std::string> known = {"gtest", "pkgconfig", "threads"};
  for (const auto& [package, headers] : third_party_libraries()) {
    known.insert(lower(package));
  }
  const std::string build = read_text("CMakeLists.txt");
  const std::regex request("\\b(?:find_package|pkg_check_modules)\\((\\w+)");
  Findings unknown;
  for (std::sregex_iterator it(build.begin(), build.end(), request), end; it != end; ++it) {
    if (!known.contains(lower((*it)[1]))) {
      unknown.push_back((*it)[1]);
    }
  }
  EXPECT_THAT(unknown, IsEmpty());
}

// The client links these without iostreams, locales or formatting libraries.
TEST(Layers, TheClientsLayersStaySmall) {
  const std::regex heavy(
      "iostream|istream|ostream|sstream|fstream|iomanip|locale|format|print|filesystem|regex|"
      "syncstream|fmt/.*|spdlog/.*|nlohmann/.*|CLI/.*|boost/.*");
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    const std::string layer = file.layer();
    if (file.is_test() ||
        (layer != "base" && layer != "os" && layer != "wire" && layer != "client")) {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (std::regex_match(included_name(file.lines[i]), heavy)) {
        findings.push_back(finding(file, i, "too heavy for the client: " + file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// clang proves that a guarded member is only touched under its mutex, if the mutex has annotations.
TEST(Layers, SharedStateIsBehindTheAnnotatedMutex) {
  const std::regex bare(
      "\\bstd::((shared_|recursive_|timed_|shared_timed_|recursive_timed_)?mutex|lock_guard|"
      "unique_lock|scoped_lock|shared_lock|condition_variable(_any)?)\\b");
  // One that guards an order of steps, not a member, says in a comment when it is held.
  const std::regex own("\\bMutex (\\w+);$");
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (file.path == "src/base/mutex.h") {
      continue;
    }
    std::string text;
    for (const std::string& line : file.lines) {
      text += line + "\n";
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      std::smatch match;
      if (line.find("std::") != std::string::npos && std::regex_search(line, bare)) {
        findings.push_back(finding(file, i, line));
      } else if (line.find("Mutex ") != std::string::npos && std::regex_search(line, match, own) &&
                 text.find("ZC_GUARDED_BY(" + match[1].str() + ")") == std::string::npos) {
        findings.push_back(finding(file, i, match[1].str() + " guards nothing that says so"));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

TEST(Layers, PlatformsAreToldApartInOsOnly) {
  const std::regex platform(
      "\\s*#.*(__linux__|__gnu_linux__|__APPLE__|_WIN32|__FreeBSD__|__unix__|__CYGWIN__).*");
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (file.layer().empty() || file.layer() == "os") {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (std::regex_match(file.lines[i], platform)) {
        findings.push_back(finding(file, i, file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
