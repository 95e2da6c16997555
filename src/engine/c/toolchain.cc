#include "engine/c/toolchain.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"

namespace zc::engine::c {

namespace {

constexpr std::uint32_t kAllRun = 0111;

// "programs: =/usr/lib/gcc/x86_64-linux-gnu/12/:…" of -print-search-dirs, then PATH, each once.
std::vector<std::string> program_directories(std::string_view search_dirs,
                                             std::string_view search_path, const std::string& cwd) {
  constexpr std::string_view kPrograms = "programs: =";
  std::vector<std::string_view> listed;
  for (const std::string_view line : split(search_dirs, '\n')) {
    if (line.starts_with(kPrograms)) {
      listed = split(line.substr(kPrograms.size()), ':');
    }
  }
  const std::vector<std::string_view> path = split(search_path, ':');
  listed.insert(listed.end(), path.begin(), path.end());
  std::vector<std::string> out;
  for (const std::string_view directory : listed) {
    std::string absolute = join_path(cwd, directory.empty() ? "." : directory);
    if (std::ranges::find(out, absolute) == out.end()) {
      out.push_back(std::move(absolute));
    }
  }
  return out;
}

class Probe final : public ToolchainProbe {
 public:
  Probe(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner,
        const ToolchainRequest& request, const std::vector<std::string>& locating_args)
      : ToolchainProbe(fs, files, runner, request, "zccache-toolchain-1"),
        locating_args_(locating_args),
        search_path_(request.env.search_path()) {}

  Result<std::shared_ptr<const Toolchain>> run() {
    TRY(refuse_script(request_.tool));
    TRY_ASSIGN(toolchain_.version, query_driver({"--version"}));
    const std::optional<compiler::c::Family> family =
        compiler::c::family_from_version(toolchain_.version);
    if (!family) {
      return fail(Code::kInvalid, str_cat(request_.tool, " does not say that it is gcc or clang"));
    }
    key_.field("version", toolchain_.version);
    TRY(add_program(request_.tool));
    // From there it finds headers and libraries of its own.
    key_.field("real-path", fs_.real_path(request_.tool).value_or(std::string()));
    TRY(*family == compiler::c::Family::kGcc ? add_gcc_parts()
                                             : add_clang_parts(toolchain_.version));
    return finish();
  }

 private:
  Result<std::string> query_driver(const std::vector<std::string>& args) {
    std::vector<std::string> words = locating_args_;
    words.insert(words.end(), args.begin(), args.end());
    return query(request_.tool, words);
  }

  // A driver for C alone still counts the others: `gcc a.cc` runs cc1plus, `gcc a.m` cc1obj.
  // Only gfortran counts f951: those who write Fortran call it, and all others need not pay.
  Result<> add_gcc_parts() {
    TRY_ASSIGN(const std::string search_dirs, query_driver({"-print-search-dirs"}));
    const std::vector<std::string> directories =
        program_directories(search_dirs, search_path_, request_.cwd);
    std::vector<const char*> names = {"cc1", "cc1plus", "cc1obj", "cc1objplus", "as"};
    const auto driver = compiler::detect(request_.tool);
    if (driver && driver->tool == compiler::Tool::kFortran) {
      names.push_back("f951");
    }
    for (const char* name : names) {
      TRY_ASSIGN(const std::string path, find_part(name, directories));
      os::FileStamp stamp;
      if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0) {
        TRY(add_program(path));
      } else if (is_absolute(path)) {
        add_absence(path);
      }
      // A bare name that is nowhere: this compiler has no such part (a gcc without g++).
      key_.field("part", path);
    }
    // A `specs` file beside the compiler's own library overrides what is built in.
    TRY_ASSIGN(const std::string libgcc, query_driver({"-print-libgcc-file-name"}));
    const std::string specs = str_cat(dir_name(trim(libgcc)), "/specs");
    os::FileStamp stamp;
    if (fs_.stat(os::FileSystem::kNoDirectory, specs.c_str(), stamp) == 0) {
      return add_file(specs);
    }
    add_absence(specs);
    return {};
  }

  // clang compiles and assembles by itself, so there are no other programs to find. Its
  // configuration files hold options that come before those of the command.
  Result<> add_clang_parts(std::string_view version_text) {
    constexpr std::string_view kConfiguration = "Configuration file: ";
    std::string target;
    for (const std::string_view line : split(version_text, '\n')) {
      if (line.starts_with(kConfiguration)) {
        TRY(add_file(std::string(trim(line.substr(kConfiguration.size())))));
      } else if (line.starts_with("Target: ")) {
        target = trim(line.substr(8));
      }
    }
    // Where clang looks for configuration files by default (clang user's manual): beside the
    // driver.
    TRY_ASSIGN(const std::string resources, query_driver({"-print-prog-name=clang"}));
    const std::string_view directory = dir_name(trim(resources));
    if (is_absolute(directory)) {
      for (const std::string_view name : {"clang", "clang++"}) {
        for (const std::string& file : {str_cat(directory, '/', name, ".cfg"),
                                        str_cat(directory, '/', target, '-', name, ".cfg")}) {
          if (!has(file)) {
            add_absence(file);
          }
        }
      }
      const std::string by_target = str_cat(directory, '/', target, ".cfg");
      if (!has(by_target)) {
        add_absence(by_target);
      }
    }
    return {};
  }

  // Where the driver finds a program of its own. `directories` are those that it prints, and those
  // of PATH; in every one before the right one, the program must stay absent, or it would be taken.
  // The driver prints a bare name for a program that it leaves to PATH.
  Result<std::string> find_part(const std::string& name,
                                const std::vector<std::string>& directories) {
    TRY_ASSIGN(const std::string answer, query_driver({str_cat("-print-prog-name=", name)}));
    const std::string_view told = trim(answer);
    const bool is_left_to_path = told.find('/') == std::string_view::npos;
    std::string right = is_left_to_path ? std::string(told) : join_path(request_.cwd, told);
    for (const std::string& directory : directories) {
      std::string path = join_path(directory, name);
      if (path == right) {
        return path;
      }
      os::FileStamp stamp;
      if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
        add_search(path);
        continue;
      }
      // Whether this user may run a file depends on owner, groups and access lists. Only a file
      // that every user may run, or no user, is certain.
      const std::uint32_t runners = stamp.is_regular() ? stamp.mode & kAllRun : 0;
      if (is_left_to_path && runners != 0) {
        if (runners != kAllRun) {
          return fail(Code::kInvalid, str_cat("only some users may run ", path));
        }
        return path;  // The driver leaves it to PATH.
      }
      TRY(add_stamp(path));
    }
    return right;
  }

  const std::vector<std::string>& locating_args_;
  const std::string search_path_;
};

}  // namespace

namespace {

// Besides PATH, what parts of a compiler and their libraries are found by: lists of directories or
// files.
struct Locating {
  const char* name;
  std::string_view separators;
  bool empty_is_cwd;  // gcc takes an empty list for one empty entry, the dynamic linker for nothing
};
constexpr std::array kLocating = {
    Locating{"COMPILER_PATH", ":", true}, Locating{"GCC_EXEC_PREFIX", ":", true},
    Locating{"LD_LIBRARY_PATH", ":;", false}, Locating{"LD_PRELOAD", ": ", false}};

// An empty entry is the cwd: at the beginning, at the end, or between two separators.
bool has_relative_entry(std::string_view list, std::string_view separators) {
  bool is_begin = true;
  for (const char c : list) {
    if (is_begin && c != '/') {
      return true;
    }
    is_begin = separators.contains(c);
  }
  return is_begin;
}

// Whether one of the directories depends on the cwd.
bool names_relative_directory(const RequestEnvironment& env) {
  return has_relative_entry(env.search_path(), ":") ||
         std::ranges::any_of(kLocating, [&](const Locating& variable) {
           const std::string_view value = env.get(variable.name);
           return value.empty() ? variable.empty_is_cwd && env.has(variable.name)
                                : has_relative_entry(value, variable.separators);
         });
}

}  // namespace

compiler::c::Family family_of(const Toolchain& toolchain) {
  // The probe has refused what is neither.
  return compiler::c::family_from_version(toolchain.version).value_or(compiler::c::Family::kGcc);
}

Result<std::shared_ptr<const Toolchain>> Toolchains::identify(
    const ToolchainRequest& request, const std::vector<std::string>& locating_args) {
  std::string memo = request.tool;
  for (const std::string& arg : locating_args) {
    str_append(memo, '\0', arg);
  }
  str_append(memo, '\0', request.env.search_path());
  str_append(memo, '\0', request.env.get("CLANG_NO_DEFAULT_CONFIG"));
  for (const Locating& variable : kLocating) {
    str_append(memo, '\0', request.env.has(variable.name) ? "=" : "",
               request.env.get(variable.name));
  }
  // -B may be relative, as may the directories of a list: then each working directory is probed.
  if (!locating_args.empty() || names_relative_directory(request.env)) {
    str_append(memo, '\0', request.cwd);
  }
  return cache_.find(memo,
                     [&] { return Probe(fs_, files_, runner_, request, locating_args).run(); });
}

}  // namespace zc::engine::c
