// How a run of gcc or clang is watched, and what is learned from it. A result is stored only when
// every input is known, and when the depfile can be reproduced byte for byte.

#include "engine/c/compile.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/path.h"
#include "base/str.h"
#include "compiler/c/depfile.h"
#include "engine/c/absences.h"
#include "engine/c/include_walk.h"
#include "engine/c/special_inputs.h"
#include "engine/inputs/path_presence.h"
#include "engine/inputs/path_stability.h"

namespace zc::engine::c {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using compiler::c::DepStyle;
using compiler::c::ScanFacts;

// The target of a depfile that the daemon requests for itself: any word will do.
constexpr std::string_view kPrivateTarget = "x";

compiler::c::DepRequest private_request() {
  compiler::c::DepRequest request;
  request.style = DepStyle::kAll;
  request.targets.emplace_back(kPrivateTarget);
  return request;
}

std::unexpected<compiler::Bypass> not_understood(const char* why) {
  return bypass(Reason::kDepfileNotUnderstood, why);
}

std::optional<std::string> read_whole(std::optional<int> fd) {
  if (!fd) {
    return std::nullopt;
  }
  Result<std::string> text = os::read_from_start(*fd, limits::kDepfileBytesMax);
  return text ? std::optional(*std::move(text)) : std::nullopt;
}

// What the depfile names, once it is certain that we could write the same one.
OrBypass<> read_depfile(const compiler::c::Invocation& invocation, const RunOutputs& outputs,
                        ListedInputs& out) {
  const bool is_private = invocation.dep.style == DepStyle::kNone;
  const std::optional<std::string> text =
      is_private ? read_whole(outputs.memory_file) : outputs.depfile;
  if (!text) {
    return not_understood("the compiler wrote no depfile");
  }
  const compiler::c::DepRequest request = is_private ? private_request() : invocation.dep;
  auto listed = compiler::c::parse_depfile(*text, request, invocation.family);
  if (!listed || listed->empty()) {
    return not_understood("it could not be reproduced byte for byte");
  }
  out.paths = *std::move(listed);
  return {};
}

// Completes the list of a -MMD compile by what the compiler read beyond it. The user's part keeps
// its order, since the depfile of a hit is written from it.
OrBypass<> add_system_inputs(std::optional<std::vector<std::string>> all, ListedInputs& out) {
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
  return {};
}

// Reasons in the text of one input for which no depfile is enough.
OrBypass<> check_directives(const Compile& compile, const std::string& path,
                            const ScanFacts& facts) {
  const auto unsupported = [&](const char* what) {
    return bypass(Reason::kUnsupportedCodeDirective, path + ": " + what);
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
  return {};
}

bool any_has(std::span<const ScannedInput> inputs, bool ScanFacts::* fact) {
  return std::ranges::any_of(inputs,
                             [&](const ScannedInput& input) { return (*input.facts).*fact; });
}

// A file that is in no depfile.
void add_file(const Compile& compile, const std::string& path, InputList& list) {
  list.files.push_back(
      {.kept = {.root = {}, .path = path}, .path = path, .seen_ns = compile.unread_ns()});
}

// Scans each input and adds it to the list.
OrBypass<std::vector<ScannedInput>> add_inputs(const Compile& compile, ScanCache& scans,
                                               const ListedInputs& inputs, InputList& list) {
  std::vector<ScannedInput> scanned;
  for (const std::string& path : inputs.paths) {
    const Result<ScannedFile> found = scans.look(compile.directory.handle(), path.c_str());
    if (!found) {
      const bool changing =
          found.error().code == Code::kUnavailable || found.error().code == Code::kNotFound;
      return bypass(changing ? Reason::kModifiedInputFile : Reason::kUnreadableInput, path);
    }
    list.deps.push_back({.kept = {.root = {}, .path = path},
                         .path = path,
                         .seen_ns = compile.unread_ns(),
                         .known = found->file});
    TRY(check_directives(compile, path, *found->facts));
    scanned.push_back({.path = path, .facts = found->facts});
  }
  // The two halves of the macro may be in different files.
  if (any_has(scanned, &ScanFacts::time_word) &&
      any_has(scanned, &ScanFacts::closing_underscores)) {
    return bypass(Reason::kUnsupportedCodeDirective, "## may make __DATE__ or __TIME__");
  }
  list.user_deps = inputs.user;
  for (const std::string& path : compile.invocation.key_files) {
    add_file(compile, path, list);
  }
  return scanned;
}

// What was not there. The run may have seen a header that has gone since, without a trace in any
// list: one that another now stands in for, or that was only tested for. In a directory of the
// system all headers come and go unlisted, and a build has no business there: so it must be as old
// as what is read from it. From the user's own directories, where outputs are made all the time,
// the depfile lists what was read. A directory that gets an output of this very run counts as the
// user's.
class AbsenceCollector {
 public:
  AbsenceCollector(const Compile& compile, const os::FileSystem& fs,
                   const compiler::c::SearchPath& search)
      : compile_(compile), fs_(fs) {
    for (const std::string& directory : search.angle_dirs) {
      if (!is_users_directory(directory)) {
        system_prefixes_.push_back(include_candidate(directory, ""));
      }
    }
  }

  OrBypass<> collect(AbsenceFinder& finder, std::span<const ScannedInput> scanned,
                     InputList& list) {
    for (std::string& path : finder.find(scanned, compile_.invocation.forced_headers)) {
      if (is_in_changed_system_directory(path)) {
        return bypass(Reason::kModifiedInputFile, path);
      }
      list.absences.push_back({.root = {}, .path = std::move(path)});
    }
    for (const std::string& path : compile_.invocation.must_be_absent) {
      list.absences.push_back({.root = {}, .path = path});
    }
    for (const std::string& path : finder.bystanders()) {
      if (is_new(path)) {
        return bypass(Reason::kModifiedInputFile, path);
      }
    }
    for (const std::string& path : finder.tested()) {
      add_file(compile_, path, list);
    }
    return {};
  }

 private:
  // Whether what is at `path` has come or changed since the run may have looked at it.
  bool is_new(const std::string& path) const {
    os::FileStamp stamp;
    return fs_.stat(compile_.directory.handle(), path.c_str(), stamp) != 0 ||
           is_too_new(stamp, compile_.unread_ns());
  }

  bool is_users_directory(std::string_view directory) const {
    if (std::ranges::any_of(compile_.products, [&](const Product& product) {
          return dir_name(product.path) == directory;
        })) {
      return true;
    }
    const std::vector<std::string>& named = compile_.invocation.user_directories;
    if (std::ranges::find(named, directory) != named.end()) {
      return true;
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
    const auto [it, is_first] = changed_.emplace(split_path(path).directory, false);
    if (is_first) {
      it->second = is_new(it->first);
    }
    return it->second;
  }

  const Compile& compile_;
  const os::FileSystem& fs_;
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

// The search path of the time of the run, for `learn` to compare: a directory of it that goes or
// comes in between changes what the compiler found. If this fails, `learn` reports why.
void Compile::prefetch() {
  if (auto found = frontend.search_paths_.find(tool, *toolchain, invocation, env, cwd)) {
    search_before_ = *std::move(found);
  }
}

// A -MMD depfile leaves out system headers, and a compiler writes one depfile only. (-H would list
// the rest, but gcc records it in debug information, and clang's depfile changes with it.) So a
// preprocessor run after the compile lists them all: ADR 8.
std::optional<std::vector<std::string>> Compile::list_all_inputs() const {
  os::Command command{.args = {tool}, .env = env.for_probe(), .cwd = cwd};
  command.args.insert(command.args.end(), invocation.preprocess_args.begin(),
                      invocation.preprocess_args.end());
  command.args.insert(command.args.end(),
                      {invocation.source, "-M", "-MT", std::string(kPrivateTarget)});
  const Result<os::CommandOutput> output = frontend.ours_.runner.run(command);
  if (!output || output->exit_code != 0) {
    return std::nullopt;
  }
  return compiler::c::parse_depfile(output->out, private_request(), invocation.family);
}

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  // The key holds the compiler as it was before the run.
  if (const ToolchainFile* changed = first_change(frontend.ours_.fs, *toolchain)) {
    return bypass(Reason::kModifiedInputFile, changed->path);
  }
  const auto search = frontend.search_paths_.find(tool, *toolchain, invocation, env, cwd);
  if (!search) {
    return bypass(Reason::kCompilerCheckFailed, search.error().message);
  }
  if (search_before_ != nullptr && **search != *search_before_) {
    return bypass(Reason::kModifiedInputFile, "a directory of the search path");
  }
  TRY_ASSIGN(const ListedInputs listed, list_inputs(**search, outputs));
  InputList out;
  TRY_ASSIGN(const std::vector<ScannedInput> scanned,
             add_inputs(*this, frontend.scans_, listed, out));
  AbsenceFinder finder(frontend.ours_.fs, **search, directory.handle(), gch_matters());
  TRY(AbsenceCollector(*this, frontend.ours_.fs, **search).collect(finder, scanned, out));
  return out;
}

// What the depfile lists, and what a -MMD depfile leaves out.
OrBypass<ListedInputs> Compile::list_inputs(const compiler::c::SearchPath& search,
                                            const RunOutputs& outputs) const {
  ListedInputs inputs;
  TRY(read_depfile(invocation, outputs, inputs));
  if (invocation.dep.style != DepStyle::kUser) {
    return inputs;
  }
  if (const auto special =
          find_special_input(frontend.ours_.fs, frontend.scans_, search, directory.handle(),
                             inputs.paths, invocation.forced_headers)) {
    return bypass(Reason::kUnreadableInput, *special);
  }
  TRY(add_system_inputs(list_all_inputs(), inputs));
  return inputs;
}

// A precompiled header that gcc may have taken, without a trace in the depfile.
OrBypass<> Compile::why_not_holding(const InputList& inputs) const {
  if (!gch_matters()) {
    return {};
  }
  const auto check = [&](const std::string& path) -> OrBypass<> {
    const std::string gch = path.ends_with(".gch") ? path : path + ".gch";
    const bool is_there = !path.ends_with('/') && presence_of(frontend.ours_.fs, directory.handle(),
                                                              gch) != Presence::kAbsent;
    return is_there ? bypass(Reason::kCouldNotUsePrecompiledHeader, gch) : OrBypass<>();
  };
  for (const ReadFile& dep : inputs.deps) {
    TRY(check(dep.path));
  }
  for (const RootedPath& absence : inputs.absences) {
    TRY(check(absence.path));
  }
  return {};
}

// -MMD and -MD have different keys (key.cc), so a set for -MMD has `user_deps`.
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
