// How a run of gcc or clang is watched, and what is learned from it. A result is stored only when
// every input is known, and when the depfile can be reproduced byte for byte.

#include "engine/c/compile.h"

#include <unistd.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/path.h"
#include "base/str.h"
#include "compiler/c/depfile.h"
#include "engine/c/absences.h"
#include "engine/c/include_walk.h"
#include "engine/c/special_inputs.h"
#include "engine/inputs/freshness.h"
#include "engine/result_builder.h"

namespace zc::engine::c {

namespace {

using compiler::Bypass;
using compiler::Reason;
using compiler::c::DepStyle;
using compiler::c::ScanFacts;

// Of a list of inputs that we ask for ourselves, the target is ours to choose.
constexpr std::string_view kPrivateTarget = "x";

compiler::c::DepRequest private_request() {
  compiler::c::DepRequest request;
  request.style = DepStyle::kAll;
  request.targets.emplace_back(kPrivateTarget);
  return request;
}

// The list of inputs in the order of the depfile, and which of them the user's depfile names.
struct InputList {
  std::vector<std::string> paths;
  std::vector<std::uint8_t> user;
};

Bypass not_understood(const char* why) {
  return Bypass{.reason = Reason::kDepfileNotUnderstood, .detail = why};
}

std::optional<std::string> read_whole(std::optional<int> fd) {
  if (!fd || ::lseek(*fd, 0, SEEK_SET) != 0) {
    return std::nullopt;
  }
  Result<std::string> text = os::read_fd(*fd, limits::kDepfileBytesMax);
  return text ? std::optional(*std::move(text)) : std::nullopt;
}

// What the depfile names, once it is certain that we could write the same one.
std::optional<Bypass> read_depfile(const compiler::c::Invocation& invocation,
                                   const RunOutputs& report, InputList& out) {
  const bool is_private = invocation.dep.style == DepStyle::kNone;
  const std::optional<std::string> text =
      is_private ? read_whole(report.memory_file) : report.depfile;
  if (!text) {
    return not_understood("the compiler wrote no depfile");
  }
  const compiler::c::DepRequest request = is_private ? private_request() : invocation.dep;
  auto listed = compiler::c::parse_depfile(*text, request, invocation.family);
  if (!listed || listed->empty()) {
    return not_understood("it could not be reproduced byte for byte");
  }
  out.paths = *std::move(listed);
  return std::nullopt;
}

// Completes the list of a -MMD compile by what the compiler read beyond it.
std::optional<Bypass> add_system_inputs(std::optional<std::vector<std::string>> all,
                                        InputList& out) {
  if (!all) {
    return not_understood("the list of system headers is missing");
  }
  out.user.assign(out.paths.size(), 1);
  std::unordered_set<std::string> known(out.paths.begin(), out.paths.end());
  for (std::string& path : *all) {
    if (known.insert(path).second) {
      out.paths.push_back(std::move(path));
      out.user.push_back(0);
    }
  }
  return std::nullopt;
}

// What no depfile tells of one input.
std::optional<Bypass> check_directives(const Compile& compile, const std::string& path,
                                       const ScanFacts& facts) {
  const auto unsupported = [&](const char* what) {
    return Bypass{Reason::kUnsupportedCodeDirective, path + ": " + what};
  };
  // gcc takes the time from SOURCE_DATE_EPOCH, which is in the key; clang only in later versions.
  const bool time_is_fixed = compile.invocation.family == compiler::c::Family::kGcc &&
                             !compile.env.get("SOURCE_DATE_EPOCH").empty();
  if ((facts.time_macro || facts.date_macro) && !time_is_fixed) {
    return unsupported("__DATE__ or __TIME__");
  }
  if (facts.timestamp_macro) {
    return unsupported("__TIMESTAMP__");
  }
  if (facts.time_macro_part) {
    return unsupported("a part of __DATE__ or __TIME__, for ## to complete");
  }
  if (facts.incbin) {
    return unsupported(".incbin or .include");
  }
  if (facts.embed) {
    return unsupported("#embed");
  }
  if (facts.has_include_computed) {
    return unsupported("__has_include of a macro");
  }
  return std::nullopt;
}

bool any_has(std::span<const ScannedInput> inputs, bool ScanFacts::* fact) {
  return std::ranges::any_of(inputs,
                             [&](const ScannedInput& input) { return (*input.facts).*fact; });
}

// Scans each input and hands it on.
std::optional<Bypass> record_inputs(const Compile& compile, ScanCache& scans,
                                    const InputList& inputs, ResultBuilder& builder,
                                    std::vector<ScannedInput>& scanned) {
  for (const std::string& path : inputs.paths) {
    const Result<ScannedFile> found = scans.look(compile.directory.handle(), path.c_str());
    if (!found) {
      const bool changing =
          found.error().code == Code::kUnavailable || found.error().code == Code::kNotFound;
      return Bypass{changing ? Reason::kModifiedInputFile : Reason::kUnreadableInput, path};
    }
    if (auto bypass = builder.add_dep(path, path, found->file, builder.unread_ns())) {
      return bypass;
    }
    if (auto bypass = check_directives(compile, path, *found->facts)) {
      return bypass;
    }
    scanned.push_back({.path = path, .facts = found->facts});
  }
  if (any_has(scanned, &ScanFacts::time_word) &&
      any_has(scanned, &ScanFacts::closing_underscores)) {
    return Bypass{Reason::kUnsupportedCodeDirective, "## may make __DATE__ or __TIME__"};
  }
  builder.set_user_deps(inputs.user);
  for (const std::string& path : compile.invocation.key_files) {
    if (auto bypass = builder.add_extra(path)) {
      return bypass;
    }
  }
  return std::nullopt;
}

// Headers named by -include and -imacros.
std::vector<std::string> forced_headers(const compiler::c::Invocation& invocation) {
  std::vector<std::string> out;
  for (const std::string_view arg : invocation.key_args) {
    for (const std::string_view option : {"-include", "-imacros"}) {
      if (arg.starts_with(option) && arg.size() > option.size() && arg[option.size()] == '\0') {
        out.emplace_back(arg.substr(option.size() + 1));
      }
    }
  }
  return out;
}

// What was not there. The run may have seen a header that has gone since, without a trace in any
// list: one that another now stands in for, or that was only asked for. In a directory of the
// system all headers come and go unlisted, and a build has no business there: so it must be as old
// as what is read from it. From the user's own directories, where outputs are made all the time,
// the depfile lists what was read. A directory that gets an output of this very run counts as the
// user's.
class AbsenceRecorder {
 public:
  AbsenceRecorder(const Compile& compile, const os::FileSystem& fs,
                  const compiler::c::SearchPath& search, ResultBuilder& builder)
      : compile_(compile), fs_(fs), builder_(builder) {
    for (const std::string& directory : search.angle_dirs) {
      if (!is_users_directory(directory)) {
        system_prefixes_.push_back(include_candidate(directory, ""));
      }
    }
  }

  std::optional<Bypass> record(AbsenceFinder& finder, std::span<const ScannedInput> scanned) {
    for (const std::string& path : finder.find(scanned, forced_headers(compile_.invocation))) {
      if (is_in_changed_system_directory(path)) {
        return Bypass{Reason::kModifiedInputFile, path};
      }
      builder_.add_absent(path);
    }
    for (const std::string& path : compile_.invocation.must_be_absent) {
      builder_.add_absent(path);
    }
    for (const std::string& path : finder.bystanders()) {
      if (auto bypass = builder_.check_bystander(path)) {
        return bypass;
      }
    }
    for (const std::string& path : finder.tested()) {
      if (auto bypass = builder_.add_extra(path)) {
        return bypass;
      }
    }
    return std::nullopt;
  }

 private:
  bool is_users_directory(std::string_view directory) const {
    if (std::ranges::any_of(compile_.products, [&](const Product& product) {
          return dir_name(product.path) == directory;
        })) {
      return true;
    }
    const std::vector<std::string>& args = compile_.invocation.search_args;
    for (std::size_t i = 0; i < args.size(); ++i) {
      const bool is_named = args[i] == "-I" ? i + 1 < args.size() && args[i + 1] == directory
                                            : args[i] == str_cat("-I", directory);
      if (is_named) {
        return true;
      }
    }
    const auto listed = split(compile_.env.get("CPATH"), ':');
    return std::ranges::any_of(listed, [&](std::string_view name) {
      return name == directory || (name.empty() && directory == ".");
    });
  }

  bool is_in_changed_system_directory(std::string_view path) {
    const bool is_of_system = std::ranges::any_of(
        system_prefixes_, [&](const std::string& prefix) { return path.starts_with(prefix); });
    if (!is_of_system) {
      return false;
    }
    const auto [it, is_new] = changed_.emplace(split_path(path).directory, false);
    if (is_new) {
      os::FileStamp stamp;
      it->second = fs_.stat(compile_.directory.handle(), it->first.c_str(), stamp) != 0 ||
                   ResultBuilder::is_too_new(stamp, builder_.unread_ns());
    }
    return it->second;
  }

  const Compile& compile_;
  const os::FileSystem& fs_;
  ResultBuilder& builder_;
  std::vector<std::string> system_prefixes_;
  std::unordered_map<std::string, bool> changed_;  // by directory
};

}  // namespace

void Compile::plan(RunPlan& out) const {
  if (forces_colour) {
    out.run.inject.push_back(invocation.family == compiler::c::Family::kGcc
                                 ? "-fdiagnostics-color=always"
                                 : "-fcolor-diagnostics");
  }
  if (invocation.dep.style == DepStyle::kNone) {
    out.run.private_depfile = true;
    out.run.inject.insert(out.run.inject.end(), {"-MT", kPrivateTarget});
  }
}

void Compile::prefetch() {
  if (auto found = family.search_paths_.find(tool, *toolchain, invocation, env, cwd)) {
    search_before_ = *std::move(found);
  }
}

// A -MMD depfile leaves out system headers, and a compiler writes one depfile only. (-H would tell,
// but gcc records it in debug information, and clang's depfile changes with it.) So the full list
// is asked for after the compile, by a preprocessor run: ADR 8.
std::optional<std::vector<std::string>> Compile::list_all_inputs() const {
  os::Command command{.args = {tool}, .env = env.for_probe(), .cwd = cwd};
  command.args.insert(command.args.end(), invocation.driver_args.begin(),
                      invocation.driver_args.end());
  std::erase_if(command.args, [](const std::string& arg) { return arg == "-S" || arg == "-c"; });
  command.args.insert(command.args.end(),
                      {invocation.source, "-M", "-MT", std::string(kPrivateTarget)});
  const Result<os::CommandOutput> output = family.runner_.run(command);
  if (!output || output->exit_code != 0) {
    return std::nullopt;
  }
  return compiler::c::parse_depfile(output->out, private_request(), invocation.family);
}

std::optional<Bypass> Compile::learn(const RunOutputs& report, ResultBuilder& builder) {
  // The key holds the compiler as it was before the run.
  if (const ToolchainFile* changed = first_change(family.fs_, *toolchain)) {
    return Bypass{Reason::kModifiedInputFile, changed->path};
  }
  const auto search = family.search_paths_.find(tool, *toolchain, invocation, env, cwd);
  if (!search) {
    return Bypass{Reason::kCompilerCheckFailed, search.error().message};
  }
  if (search_before_ != nullptr && **search != *search_before_) {
    return Bypass{Reason::kModifiedInputFile, "a directory of the search path"};
  }
  InputList inputs;
  if (auto bypass = read_depfile(invocation, report, inputs)) {
    return bypass;
  }
  if (invocation.dep.style == DepStyle::kUser) {
    if (const auto special =
            find_special_input(family.fs_, family.scans_, **search, directory.handle(),
                               inputs.paths, forced_headers(invocation))) {
      return Bypass{Reason::kUnreadableInput, *special};
    }
    if (auto bypass = add_system_inputs(list_all_inputs(), inputs)) {
      return bypass;
    }
  }
  std::vector<ScannedInput> scanned;
  if (auto bypass = record_inputs(*this, family.scans_, inputs, builder, scanned)) {
    return bypass;
  }
  AbsenceFinder finder(family.fs_, **search, directory.handle(), gch_matters());
  AbsenceRecorder absences(*this, family.fs_, **search, builder);
  return absences.record(finder, scanned);
}

// A precompiled header that gcc may have taken, without a trace in the depfile.
std::optional<Bypass> Compile::why_not_holding(const ResultBuilder& builder) const {
  if (!gch_matters()) {
    return std::nullopt;
  }
  for (const auto* ids : {&builder.set().deps, &builder.set().absent}) {
    for (const store::InputId id : *ids) {
      const std::optional<store::Input> input = builder.input(id);
      if (!input || input->path.ends_with('/')) {
        continue;
      }
      const std::string gch = input->path.ends_with(".gch") ? input->path : input->path + ".gch";
      if (presence_of(family.fs_, directory.handle(), gch) != Presence::kAbsent) {
        return Bypass{Reason::kCouldNotUsePrecompiledHeader, gch};
      }
    }
  }
  return std::nullopt;
}

std::string Compile::generate_depfile(const LoadedSet& set) const {
  std::vector<std::string_view> deps;
  deps.reserve(set.deps.size());
  for (std::size_t i = 0; i < set.deps.size(); ++i) {
    if (invocation.dep.style == DepStyle::kAll || set.user_deps.at(i) != 0) {
      deps.push_back(set.deps[i]->path);
    }
  }
  return compiler::c::write_depfile(invocation.dep, deps, invocation.family);
}

}  // namespace zc::engine::c
