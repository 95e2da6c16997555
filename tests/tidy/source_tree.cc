#include "tidy/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace zc::tidy {

namespace fs = std::filesystem;

namespace {

bool is_test_data(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) {
    return part == "corpus" || part == "data" || part == "__pycache__";
  });
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::string SourceFile::name() const {
  return fs::path(path).filename().string();
}

std::string SourceFile::layer() const {
  static const std::regex kLayer("src/([a-z]+)/.*");
  std::smatch match;
  return std::regex_match(path, match, kLayer) ? match[1].str() : std::string();
}

std::string SourceFile::room() const {
  constexpr std::string_view kSource = "src/";
  return path.starts_with(kSource) ? room_of(std::string_view(path).substr(kSource.size()))
                                   : std::string();
}

std::string read_text(const std::string& path) {
  std::ifstream in(kTop / path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<SourceFile> read_files(const std::vector<std::string>& directories,
                                   const std::function<bool(std::string_view)>& wanted) {
  std::vector<SourceFile> files;
  for (const std::string& directory : directories) {
    if (!fs::exists(kTop / directory)) {
      continue;
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kTop / directory)) {
      const fs::path path = fs::relative(entry.path(), kTop);
      if (entry.is_regular_file() && !is_test_data(path) && wanted(path.string())) {
        files.push_back({.path = path.string(), .lines = lines_of(read_text(path.string()))});
      }
    }
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

bool is_case_data(std::string_view path) {
  constexpr std::string_view kCases = "tests/cases/";
  return path.starts_with(kCases) && path.find('/', kCases.size()) != std::string_view::npos;
}

const std::vector<SourceFile>& cxx_files() {
  static const std::vector<SourceFile> kFiles =
      read_files({"src", "tests", "bench"}, [](std::string_view path) {
        const bool is_cxx = path.ends_with(".cc") || path.ends_with(".h");
        return is_cxx && !is_case_data(path);
      });
  return kFiles;
}

const std::vector<SourceFile>& text_files() {
  static const std::vector<SourceFile> kFiles = [] {
    std::vector<SourceFile> files =
        read_files({"src", "tests", "bench", "cmake", "schema", ".ci"},
                   [](std::string_view path) { return !is_case_data(path); });
    for (const char* path : {"dev", "CMakeLists.txt"}) {
      files.push_back({.path = path, .lines = lines_of(read_text(path))});
    }
    return files;
  }();
  return kFiles;
}

const std::vector<SourceFile>& pages() {
  static const std::vector<SourceFile> kPages = [] {
    std::vector<SourceFile> files =
        read_files({"docs"}, [](std::string_view path) { return path.ends_with(".md"); });
    for (const char* path : {"CHANGELOG.md", "CONTRIBUTING.md", "README.md"}) {
      files.push_back({.path = path, .lines = lines_of(read_text(path))});
    }
    return files;
  }();
  return kPages;
}

std::string included_name(const std::string& line) {
  static const std::regex kInclude("\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*");
  std::smatch match;
  return std::regex_match(line, match, kInclude) ? match[1].str() : std::string();
}

std::string finding(const SourceFile& file, std::size_t line, std::string_view text) {
  return file.path + ":" + std::to_string(line + 1) + ": " + std::string(text);
}

const std::map<std::string, std::set<std::string>>& allowed_includes() {
  static const auto kAllowed = [] {
    const std::regex row_pattern("\\| `src/([a-z/]+)` \\|.*\\| ([a-z/ ]+) \\|");
    std::map<std::string, std::set<std::string>> allowed;
    for (const std::string& line : lines_of(read_text("docs/architecture.md"))) {
      std::smatch row;
      if (std::regex_match(line, row, row_pattern)) {
        std::istringstream names(row[2]);
        std::set<std::string>& rooms = allowed[row[1]];
        for (std::string name; names >> name;) {
          if (name != "nothing") {
            rooms.insert(name);
          }
        }
      }
    }
    return allowed;
  }();
  return kAllowed;
}

std::string room_of(std::string_view path) {
  std::string_view directory = path;
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos;
       slash = directory.rfind('/')) {
    directory = directory.substr(0, slash);
    if (allowed_includes().contains(std::string(directory))) {
      return std::string(directory);
    }
  }
  return {};
}

}  // namespace zc::tidy
