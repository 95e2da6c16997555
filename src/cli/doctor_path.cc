// zccache doctor: what PATH and the build systems' variables lead to.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cache_names.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/finding.h"
#include "cli/path_programs.h"
#include "codec/toml.h"
#include "os/command.h"
#include "os/file.h"
#include "os/file_stamp.h"
#include "os/name.h"

namespace zc::cli {

namespace {

std::string_view variable_of(const Setup& setup, std::string_view name) {
  return view_or_empty(lifecycle::variable(setup.caller.environment, name));
}

Finding check_own_name(const Setup& setup) {
  const std::optional<std::string> found = find_program(setup.search_path, "zccache");
  const std::string directory(dir_name(setup.client));
  if (!found) {
    return warning(str_cat("zccache is not on PATH; it is in ", directory),
                   str_cat("export PATH=\"", directory,
                           ":$PATH\", in the start-up file of your "
                           "shell as well"));
  }
  if (what_stands_at(*found, setup.client) != Stands::kForUs) {
    return warning(
        str_cat("PATH leads to another zccache, ", *found, "; this one is ", setup.client),
        "remove one of them, or change the order of PATH");
  }
  return is_ok(str_cat("zccache on PATH is ", *found));
}

// The first line that the program prints about itself when it is called through a link of ours,
// with the cache off. Nothing: it cannot be run.
std::optional<std::string> name_behind(const Setup& setup, const std::string& link) {
  const Result<os::CommandOutput> output = os::PosixCommandRunner().run(
      {.args = {link, "--version"},
       .env = environment_with(setup, {"ZCCACHE_DISABLE=1", "LC_ALL=C"}),
       .cwd = "/"});
  if (!output || output->exit_code != 0) {
    return std::nullopt;
  }
  return std::string(split(output->out, '\n')[0]);
}

Result<> remove_link(const std::string& path) {
  const int err = os::remove_name(path);
  return err == 0 ? Result<>() : fail_errno(err, str_cat("cannot remove ", path));
}

// One link, given all that PATH has.
Finding check_link(const Setup& setup, const PathProgram& link,
                   const std::vector<PathProgram>& programs) {
  const auto has_name = [&](const PathProgram& program) { return program.name == link.name; };
  const auto first = std::ranges::find_if(programs, has_name);
  const bool has_target = std::ranges::any_of(programs, [&](const PathProgram& program) {
    return has_name(program) && program.stands == Stands::kForItself;
  });
  const auto unlink = [path = link.path] { return remove_link(path); };
  if (link.stands == Stands::kForOtherZccache) {
    const bool is_dangling = !os::stat_path(link.path);
    return warning(str_cat(link.path, is_dangling ? " leads to a zccache that is gone"
                                                  : " leads to another zccache"),
                   str_cat("zccache setup shims ", dir_name(link.path)),
                   is_dangling ? std::function<Result<>()>(unlink) : nullptr);
  }
  if (!has_target) {
    return warning(str_cat(link.path, " stands for a ", link.name, " that PATH does not have"),
                   str_cat("rm ", link.path), unlink);
  }
  if (first->path != link.path && first->stands == Stands::kForItself) {
    return problem(str_cat(link.path, " has no effect: ", first->path, " comes before it on PATH"),
                   str_cat("export PATH=\"", dir_name(link.path), ":$PATH\""));
  }
  const std::optional<std::string> name = name_behind(setup, link.path);
  if (!name) {
    return problem(str_cat(link.path, " --version fails"),
                   str_cat("ZCCACHE_DISABLE=1 ", link.path, " --version shows how"));
  }
  return is_ok(str_cat(link.path, " leads to ", *name));
}

struct Wrapper {
  std::string_view variable;
  std::string_view of;
};
constexpr std::array kWrapperVariables = {
    Wrapper{"RUSTC_WRAPPER", "cargo"},
    Wrapper{"RUSTC_WORKSPACE_WRAPPER", "cargo"},
    Wrapper{"CARGO_BUILD_RUSTC_WRAPPER", "cargo"},
    Wrapper{"CMAKE_C_COMPILER_LAUNCHER", "CMake"},
    Wrapper{"CMAKE_CXX_COMPILER_LAUNCHER", "CMake"},
    Wrapper{"CMAKE_C_LINKER_LAUNCHER", "CMake"},
    Wrapper{"CMAKE_CXX_LINKER_LAUNCHER", "CMake"},
    Wrapper{"CC", "make"},
    Wrapper{"CXX", "make"},
};

// `origin` names a setting with this value: a command whose first word may be a cache.
std::optional<Finding> check_wrapper(const Setup& setup, const std::string& origin,
                                     std::string_view of, std::string_view value) {
  const std::vector<std::string> words = split_words(value, " ;\t");
  if (words.empty()) {
    return std::nullopt;
  }
  const std::string_view name = base_name(words[0]);
  if (is_cache_name(name) && name != "zccache") {
    return warning(str_cat(origin, " names another cache: ", words[0]),
                   str_cat("set it to zccache, or unset it: two caches in a row keep all twice"));
  }
  if (name != "zccache") {
    return std::nullopt;
  }
  if (!find_program(setup.search_path, words[0])) {
    return problem(str_cat(origin, " is ", words[0], ", which cannot be found"),
                   str_cat("set it to ", setup.client));
  }
  return is_ok(str_cat(origin, " is ", value, ": ", of, " compiles through zccache"));
}

// `rustc-wrapper` of cargo's own configuration, if there is one.
std::optional<Finding> check_cargo_configuration(const Setup& setup) {
  constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 20;
  const std::string_view cargo_home = variable_of(setup, "CARGO_HOME");
  const std::string directory =
      cargo_home.empty() ? str_cat(variable_of(setup, "HOME"), "/.cargo") : std::string(cargo_home);
  const std::string path = directory + "/config.toml";
  const Result<std::string> text = os::read_path(path, kBytesMax);
  const Result<codec::Json> settings =
      text ? codec::parse_toml(*text) : std::unexpected(text.error());
  if (!settings) {
    return std::nullopt;
  }
  return check_wrapper(setup, str_cat("rustc-wrapper in ", path), "cargo",
                       settings->at("build").at("rustc-wrapper").as_text());
}

}  // namespace

FindingList check_path(const Setup& setup) {
  FindingList out = {check_own_name(setup)};
  const std::vector<PathProgram> programs = programs_on_path(setup.search_path, setup.client);
  for (const PathProgram& program : programs) {
    if (program.stands == Stands::kForUs || program.stands == Stands::kForOtherZccache) {
      out.push_back(check_link(setup, program, programs));
    }
  }
  if (out.size() == 1) {
    out.push_back(is_ok("no masquerade links on PATH (zccache setup shims makes them)"));
  }
  return out;
}

FindingList check_caches(const Setup& setup) {
  FindingList out;
  std::vector<std::string> seen;
  for (const PathProgram& program : programs_on_path(setup.search_path, setup.client)) {
    const bool is_first = std::ranges::find(seen, program.name) == seen.end();
    seen.push_back(program.name);
    if (is_first && program.stands == Stands::kForOtherCache) {
      out.push_back(warning(str_cat(program.path, " is another cache"),
                            str_cat("take ", dir_name(program.path),
                                    " off PATH, or put the links "
                                    "of zccache before it")));
    }
  }
  for (const Wrapper& wrapper : kWrapperVariables) {
    if (auto finding = check_wrapper(setup, std::string(wrapper.variable), wrapper.of,
                                     variable_of(setup, wrapper.variable))) {
      out.push_back(*std::move(finding));
    }
  }
  if (auto finding = check_cargo_configuration(setup)) {
    out.push_back(*std::move(finding));
  }
  if (out.empty()) {
    out.push_back(is_ok("no other cache on PATH or in RUSTC_WRAPPER and the like"));
  }
  return out;
}

FindingList check_settings(const Setup& setup) {
  FindingList out;
  struct Switch {
    std::string_view variable;
    std::string_view effect;
  };
  constexpr std::array kSwitches = {
      Switch{"ZCCACHE_DISABLE", "zccache is switched off"},
      Switch{"ZCCACHE_NO_SPAWN", "no compile starts a daemon, so none is cached unless one runs"}};
  for (const Switch& off : kSwitches) {
    if (is_truthy(variable_of(setup, off.variable))) {
      out.push_back(
          warning(str_cat(off.effect, " by ", off.variable, '=', variable_of(setup, off.variable)),
                  str_cat("unset ", off.variable)));
    }
  }
  if (out.empty()) {
    out.push_back(is_ok("no variable switches zccache off"));
  }
  return out;
}

}  // namespace zc::cli
