// Who may include whom. A layer that a machine does not watch rots.
#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

TEST(Layers, EveryDirectoryOfSrcHasARowInTheArchitecture) {
  const auto allowed = allowed_includes();
  Findings missing;
  for (const auto& entry : std::filesystem::directory_iterator(ZCCACHE_SOURCE_DIR "/src")) {
    const std::string layer = entry.path().filename().string();
    if (entry.is_directory() && !allowed.contains(layer)) {
      missing.push_back(layer);
    }
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST(Layers, TheArchitectureHasNoCycles) {
  const auto allowed = allowed_includes();
  ASSERT_FALSE(allowed.empty());
  // Whatever a layer may include must be allowed to include strictly less.
  for (const auto& [layer, below] : allowed) {
    for (const std::string& other : below) {
      ASSERT_TRUE(allowed.contains(other)) << layer << " may include unknown " << other;
      EXPECT_TRUE(std::ranges::includes(below, allowed.at(other)))
          << layer << " may include " << other << " but not all that " << other << " includes";
      EXPECT_FALSE(allowed.at(other).contains(layer)) << layer << " <-> " << other;
    }
    EXPECT_FALSE(below.contains(layer)) << layer << " lists itself";
  }
}

TEST(Layers, IncludesFollowTheArchitecture) {
  const auto allowed = allowed_includes();
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    const std::string layer = file.layer();
    if (layer.empty()) {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string name = included_name(file.lines[i]);
      const std::string other = name.substr(0, name.find('/'));
      if (allowed.contains(other) && other != layer && !allowed.at(layer).contains(other)) {
        findings.push_back(finding(file, i, layer + " must not include " + name));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// Links must not reach further than includes do.
TEST(Layers, CMakeLinksNoMoreThanTheArchitectureAllows) {
  const auto allowed = allowed_includes();
  const std::string text = read_text("src/CMakeLists.txt");
  const std::regex row("zc_(?:layer|preload_library)\\(([a-z]+)(?: DEPS ([a-z ]+))?");
  std::size_t layers = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
    const std::string layer = (*it)[1];
    ASSERT_TRUE(allowed.contains(layer)) << layer;
    std::istringstream deps((*it)[2]);
    for (std::string dep; deps >> dep;) {
      EXPECT_TRUE(allowed.at(layer).contains(dep)) << layer << " links " << dep;
    }
    ++layers;
  }
  EXPECT_EQ(layers, allowed.size());
}

// A library that one file wraps can be replaced by editing one file; its headers, and their compile
// time, stay there too.
TEST(Layers, ThirdPartyHeadersHaveOneIncluderEach) {
  // How the build asks for a library, and what its headers look like.
  const std::vector<std::pair<std::string, std::string>> libraries = {
      {"Blake3", "blake3\\.h"},
      {"FlatBuffersCompiler", "flatbuffers/.*|.*_generated\\.h"},
      {"Lmdb", "lmdb\\.h"},
      {"nlohmann_json", "nlohmann/.*"},
  };
  const std::string build = read_text("CMakeLists.txt");
  for (const auto& [package, headers] : libraries) {
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
    const bool wanted = build.find("find_package(" + package + " ") != std::string::npos ||
                        build.find("pkg_check_modules(" + package + " ") != std::string::npos;
    EXPECT_EQ(includers.size(), wanted ? 1U : 0U)
        << package << ": " << ::testing::PrintToString(includers);
  }
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
