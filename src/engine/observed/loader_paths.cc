#include "engine/observed/loader_paths.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

// Where the loader looks inside of a directory before it looks in the directory itself. ld.so(8),
// "Hardware capabilities": glibc-hwcaps, and the older ones of x86-64.
constexpr std::array<std::string_view, 4> kSubdirectories = {"glibc-hwcaps", "haswell", "tls",
                                                             "x86_64"};

constexpr std::string_view kBetweenLibraries = " :\t\n";

bool is_loaded(std::string_view library, const Trace& trace) {
  return std::ranges::any_of(trace.programs, [&](const TracedProgram& program) {
    return std::ranges::find(program.objects, library, base_name) != program.objects.end();
  });
}

}  // namespace

std::vector<std::string> loader_directories(std::string_view library_path, std::string_view cwd) {
  std::vector<std::string> out;
  if (library_path.empty()) {
    return out;
  }
  std::string text(library_path);
  std::ranges::replace(text, ';', ':');
  for (const std::string_view directory : split(text, ':')) {
    std::string& path = out.emplace_back(join_path(cwd, directory));
    while (path.size() > 1 && path.ends_with('/')) {
      path.pop_back();
    }
  }
  return out;
}

std::vector<std::string> paths_before(const std::vector<std::string>& directories,
                                      const std::set<std::string_view>& objects) {
  std::vector<std::string> out;
  for (const std::string_view object : objects) {
    for (const std::string& directory : directories) {
      if (directory == dir_name(object)) {
        break;
      }
      out.push_back(str_cat(directory, '/', base_name(object)));
    }
  }
  for (const std::string& directory : directories) {
    for (const std::string_view inner : kSubdirectories) {
      out.push_back(str_cat(directory, '/', inner));
    }
  }
  return out;
}

std::vector<std::string> paths_before_objects(std::string_view library_path, std::string_view cwd,
                                              const Trace& trace) {
  std::set<std::string_view> objects;
  for (const TracedProgram& program : trace.programs) {
    objects.insert(program.objects.begin(), program.objects.end());
  }
  return paths_before(loader_directories(library_path, cwd), objects);
}

bool loads_c_library(const Trace& trace) {
  return is_loaded("libc.so.6", trace);
}

std::vector<std::string> libraries_not_loaded(std::string_view names, const Trace& trace) {
  std::string text(names);
  std::ranges::replace_if(text, [](char c) { return kBetweenLibraries.contains(c); }, ' ');
  std::vector<std::string> out;
  for (const std::string_view name : split(text, ' ')) {
    if (!name.empty() && !is_loaded(base_name(name), trace)) {
      out.emplace_back(name);
    }
  }
  return out;
}

}  // namespace zc::engine
