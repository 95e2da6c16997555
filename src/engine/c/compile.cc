// How a run of gcc or clang is watched, and what is learned from it. Its depfile says which inputs
// a depfile lists, and in which order; what the run depended on, its observation says.

#include "engine/c/compile.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/c/depfile.h"
#include "compiler/c/failure_messages.h"
#include "engine/c/lto_seed.h"
#include "engine/c/place.h"
#include "engine/c/time_macros.h"
#include "engine/observed/coff_stamp.h"
#include "engine/observed/failure.h"
#include "engine/observed/inputs.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/output_paths.h"
#include "engine/observed/output_text.h"
#include "engine/observed/relations.h"
#include "engine/observed/variables.h"
#include "os/file.h"

namespace zc::engine::c {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using compiler::c::DepStyle;
using store::InputKind;

// Of a list of inputs that we ask for ourselves, the target is ours to choose.
constexpr std::string_view kPrivateTarget = "x";

compiler::c::DepRequest private_request() {
  compiler::c::DepRequest request;
  request.style = DepStyle::kAll;
  request.targets.emplace_back(kPrivateTarget);
  return request;
}

// Variables that gcc and clang read without effect on a result. PWD is in the key where it is
// written into the object; the temporary directory is where files come and go during the run; the
// driver sets COLLECT_* for the programs that it starts.
constexpr std::array<std::string_view, 8> kHarmlessVariables = {
    "COLLECT_GCC",
    "COLLECT_GCC_OPTIONS",
    "COLLECT_LTO_WRAPPER",
    "COLLECT_NO_DEMANGLE",
    "PWD",
    "TEMP",
    "TMP",
    "TMPDIR",
};

// A path of the command or the depfile as the trace has it.
std::string traced_path(const Compile& compile, const std::string& spelled) {
  return is_absolute(spelled) ? without_dots(spelled)
                              : str_cat(compile.roots.relative_prefix(), without_dots(spelled));
}

class DriverRules final : public InputRules {
 public:
  DriverRules(const Compile& compile, const Trace& trace)
      : invocation_(compile.invocation),
        trace_(trace),
        source_(traced_path(compile, compile.invocation.source)) {
    std::set<std::string_view> searched;
    for (const PathAccess& seen : trace.accesses) {
      searched.insert(dir_name(seen.path));
    }
    for (const std::string_view path :
         {compile.env.get("PWD"), compile.env.get("TMPDIR"), compile.env.get("TMP"),
          compile.env.get("TEMP"), std::string_view("/var/tmp"), std::string_view("/usr/tmp"),
          std::string_view("/tmp")}) {
      if (!searched.contains(path) && !is_in_a_word(compile.invocation, path)) {
        passed_over_.push_back(path);
      }
    }
  }

  // Of the directories, as long as they are there: gcc takes the next one for temporary files in
  // place of one that is not. But not if they may be on the search path as well, where one that is
  // another one is dropped.
  bool is_passed_over(const PathAccess& seen) const override {
    if (invocation_.family == compiler::c::Family::kGcc &&
        (is_lto_seed(seen, invocation_.key_args, 1) ||
         is_early_seed(seen, trace_, source_, invocation_.key_args))) {
      return true;
    }
    std::string_view path = seen.path;
    while (path.size() > 1 && path.ends_with('/')) {
      path.remove_suffix(1);
    }
    return !seen.opened && !seen.listed && !seen.missing &&
           std::ranges::find(passed_over_, path) != passed_over_.end();
  }

  bool is_uncounted(std::string_view variable) const override {
    return std::ranges::find(kHarmlessVariables, variable) != kHarmlessVariables.end() ||
           is_terminal_variable(variable);
  }

 private:
  static bool is_in_a_word(const compiler::c::Invocation& invocation, std::string_view path) {
    return std::ranges::any_of(invocation.key_args,
                               [&](const std::string& word) { return word.contains(path); });
  }

  const compiler::c::Invocation& invocation_;
  const Trace& trace_;
  std::string source_;
  std::vector<std::string_view> passed_over_;
};

std::unexpected<compiler::Bypass> not_understood(const char* why) {
  return bypass(Reason::kDepfileNotUnderstood, why);
}

// What the depfile names, once it is certain that we could write the same one.
OrBypass<std::vector<std::string>> read_depfile(const compiler::c::Invocation& invocation,
                                                const RunOutputs& outputs) {
  const bool is_private = invocation.dep.style == DepStyle::kNone;
  std::optional<std::string> text = outputs.depfile;
  if (is_private && outputs.memory_file) {
    if (Result<std::string> read =
            os::read_from_start(*outputs.memory_file, limits::kDepfileBytesMax)) {
      text = *std::move(read);
    }
  }
  if (!text) {
    return not_understood("the compiler wrote no depfile");
  }
  const compiler::c::DepRequest request = is_private ? private_request() : invocation.dep;
  auto listed = compiler::c::parse_depfile(*text, request, invocation.family);
  if (!listed || listed->empty()) {
    return not_understood("it could not be reproduced byte for byte");
  }
  return *std::move(listed);
}

struct PathHash {
  // NOLINTNEXTLINE(readability-identifier-naming): the map looks for this name.
  using is_transparent = void;
  std::size_t operator()(std::string_view path) const {
    return std::hash<std::string_view>()(path);
  }
};
using AccessesByPath =
    std::unordered_map<std::string, const PathAccess*, PathHash, std::equal_to<>>;

// Of all that is listed; null: the trace has no such path. A run looks at far more than it lists.
AccessesByPath accesses_to(const std::vector<std::string>& listed, const Compile& compile,
                           const Trace& trace) {
  AccessesByPath out;
  for (const std::string& spelled : listed) {
    out.emplace(traced_path(compile, spelled), nullptr);
  }
  for (const PathAccess& seen : trace.accesses) {
    if (const auto it = out.find(seen.path); it != out.end()) {
      it->second = &seen;
    }
  }
  return out;
}

OrBypass<> add_deps(const Compile& compile, const std::vector<std::string>& listed,
                    ObservedRun& run, InputList& list) {
  const AccessesByPath accesses = accesses_to(listed, compile, run.trace);
  for (const std::string& spelled : listed) {
    if (spelled == kNullDevice && spelled == compile.source) {
      continue;
    }
    const std::string absolute = without_dots(join_path(compile.cwd, spelled));
    if (is_of_kernel(absolute)) {
      return bypass(Reason::kUnrepeatableInput, spelled);  // another file in each process
    }
    const std::string path = traced_path(compile, spelled);
    const PathAccess* const seen = accesses.at(path);
    if (seen == nullptr) {
      // Of its own outputs the trace says nothing; one that is an input as well has changed by now.
      return bypass(compile.output_paths.contains(absolute) ? Reason::kModifiedInputFile
                                                            : Reason::kNotObserved,
                    spelled);
    }
    os::FileStamp stamp;
    const bool is_plain =
        compile.fs.stat_link(compile.directory.handle(), spelled.c_str(), stamp) == 0 &&
        !stamp.is_symlink();
    list.deps.push_back({.kept = compile.remap ? below_checkout(*compile.remap, spelled)
                                               : RootedPath{.root = {}, .path = spelled},
                         .path = spelled,
                         .is_plain = is_plain,
                         .seen_ns = seen->opened ? seen->opened_ns : seen->seen_ns});
    run.recorded.insert(path);
  }
  return {};
}

// The working directory is in the key where an option has it written into the object. The assembler
// also writes it for a line table that the source itself makes (`.file` and `.loc` in inline
// assembly), and messages may name it.
OrBypass<> bind_to_directory(const Compile& compile, const RunOutputs& outputs, InputList& list) {
  for (const std::string_view name : {std::string_view(compile.cwd), compile.env.get("PWD")}) {
    if (compile.invocation.cwd_leaks || name.size() < 2) {
      continue;
    }
    const Result<bool> found = is_in_an_output(outputs, name);
    if (!found) {
      return bypass(Reason::kUnreadableInput, found.error().message);
    }
    if (*found || outputs.out.contains(name) || outputs.err.contains(name)) {
      list.add_fact(compile, InputKind::kSpelledPaths, "");
      return {};
    }
  }
  return {};
}

// What was found as `../src` is compared by the way there. The compiler shows real paths of such
// directories as little as the working directory, but if it does, they count.
void bind_to_outer_directories(const Compile& compile, const RunOutputs& outputs, InputList& list) {
  if (compile.invocation.cwd_leaks) {
    return;
  }
  for (const store::Input& fact : list.facts) {
    if (fact.kind != InputKind::kRealPath || !fact.root.empty() || !has_dotdot(fact.name) ||
        is_absolute(fact.name)) {
      continue;
    }
    const Result<std::string> real = compile.fs.real_path(join_path(compile.cwd, fact.name));
    const Result<bool> found = real ? is_in_an_output(outputs, *real) : Result<bool>(true);
    if (!found.value_or(true) && !may_hide_text(outputs) && !outputs.out.contains(*real) &&
        !outputs.err.contains(*real)) {
      continue;
    }
    list.add_fact(compile, InputKind::kSpelledPaths, "");
    return;
  }
}

ObservedRun run_of(const Compile& compile, const RunOutputs& outputs, const Trace& trace,
                   const DriverRules& rules) {
  return {.compile = compile,
          .trace = trace,
          .rules = rules,
          .has_messages = outputs.has_messages(),
          .sources_are_unlisted = true,
          .writes_the_time = true,
          .real_paths_by_directory = true,
          .shows_real_paths = true,
          .goes_by_content = compile.invocation.family == compiler::c::Family::kGcc,
          .may_show_the_day = true};
}

// The date has been written, or the time.
void doubt_time_macros(const Compile& compile, const Trace& trace, InputList& list) {
  if (list.doubts.empty()) {
    return;
  }
  const compiler::Bypass why = {.reason = Reason::kUnrepeatableInput,
                                .detail = list.doubts.front()};
  list.doubts = {with_place_of_macro(compile.fs, compile, trace, why).detail};
  list.added_words.assign(kWithoutTime.begin(), kWithoutTime.end());
}

// clang removes its depfile when it fails, which may be our memory file: that cannot be removed.
bool is_removal_of_descriptor(const PathAccess& seen) {
  return seen.path.starts_with("/proc/") && base_name(dir_name(seen.path)) == "fd" &&
         seen.refused && !seen.opened && !seen.listed;
}

}  // namespace

void Compile::plan(RunPlan& out) const {
  out.run.observe = true;
  add_maps(out.run);
  if (invocation.dep.style == DepStyle::kNone) {
    out.run.private_depfile = true;
    out.run.inject.insert(out.run.inject.end(), {"-MT", kPrivateTarget});
  }
}

void Compile::add_maps(wire::RunOrder& order) const {
  if (remap) {
    order.inject.assign(remap->injected.begin(), remap->injected.end());
  }
}

// A client that has gone on runs nothing again.
OrBypass<std::vector<FurtherOutput>> Compile::find_outputs(const RunOutputs& /*outputs*/) {
  client_waits |= observation && observation->contains("localtime ");
  return std::vector<FurtherOutput>();
}

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  TRY_ASSIGN(const Trace trace, read_observation(OutputPaths(*this, fs), fs));
  const DriverRules rules(*this, trace);
  ObservedRun run = run_of(*this, outputs, trace, rules);
  InputList list;
  TRY(check_messages(outputs, trace));
  TRY(check_coff_stamps(trace, outputs));
  TRY_ASSIGN(const std::vector<std::string> listed, read_depfile(invocation, outputs));
  TRY(add_deps(*this, listed, run, list));
  TRY(bind_to_directory(*this, outputs, list));
  if (remap) {
    TRY(bind_to_checkout(*this, outputs, trace, rules, list));
  }
  if (const auto collected = ObservedInputs(fs, scans, run, list).collect(); !collected) {
    return std::unexpected(with_place_of_macro(fs, *this, trace, collected.error()));
  }
  doubt_time_macros(*this, trace, list);
  bind_to_outer_directories(*this, outputs, list);
  relate_directories(*this, list);
  relate_files(*this, files, list);
  TRY(times.refuse(*this, list));
  return list;
}

// An object that is not there before a failure is not there after it, whatever its name: makefiles
// try options under names of their own.
bool Compile::fails_under_any_name() const {
  return products.size() == 1 && products.front().before.ino == 0 && !depfile &&
         !invocation.output_name_leaks;
}

// The messages may name the working directory and the outputs, and the depfile is kept as it is.
std::optional<Digest> Compile::failure_key() const {
  if (!takes_failures) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-failure-3");
  if (fails_under_any_name()) {
    key.field("manifest", manifest_key.view());
    key.field("cwd", cwd);
  } else {
    add_failure(key);
  }
  key.field("pwd", pwd());
  if (depfile) {
    key.field("style", static_cast<std::uint64_t>(invocation.dep.style));
    key.field("phony", std::uint64_t{invocation.dep.phony});
    for (const std::string& target : invocation.dep.targets) {
      key.field("target", target);
    }
  }
  return key.finish();
}

// All inputs come from the observation, since the compiler may have listed none.
OrBypass<InputList> Compile::learn_failure(const RunOutputs& outputs) {
  TRY_ASSIGN(Trace trace, read_observation(OutputPaths(*this, fs), fs));
  TRY(check_messages(outputs, trace));
  if (invocation.dep.style == DepStyle::kNone) {
    std::erase_if(trace.accesses, is_removal_of_descriptor);
  }
  TRY(check_failure(compiler::c::are_about_sources(outputs.err), trace));
  if (fails_under_any_name() && outputs.err.contains(products.front().path)) {
    return bypass(Reason::kCompileFailed, "its messages may name the output");
  }
  const DriverRules rules(*this, trace);
  InputList list;
  ObservedRun run = run_of(*this, outputs, trace, rules);
  run.may_show_the_day = false;
  TRY(ObservedInputs(fs, scans, run, list).collect());
  relate_directories(*this, list);
  relate_files(*this, files, list);
  TRY(times.refuse(*this, list));
  return list;
}

// A PWD that leads elsewhere, perhaps since a symlink turned, no compiler takes.
std::string_view Compile::pwd() const {
  const std::string_view pwd = env.get("PWD");
  os::FileStamp here;
  os::FileStamp there;
  const bool leads_here =
      pwd == cwd || (is_absolute(pwd) && fs.stat_handle(directory.handle(), here) == 0 &&
                     fs.stat(os::FileSystem::kNoDirectory, std::string(pwd).c_str(), there) == 0 &&
                     here.same_file_as(there));
  return leads_here ? pwd : std::string_view();
}

std::optional<codec::Digest> Compile::fact(const FactName& name, Looks& looks) const {
  if (name.kind != InputKind::kSpelledPaths) {
    return ObservedCompile::fact(name, looks);
  }
  codec::KeyHasher key("zccache-working-directory-1");
  key.field("cwd", cwd);
  key.field("pwd", pwd());
  return key.finish();
}

std::string Compile::generate_depfile(const LoadedSet& set) const {
  std::vector<std::string> paths;
  for (const FileInput* dep : set.deps) {
    const std::string& root = dep->directory->root;
    paths.push_back(root.empty() ? std::string(dep->path)
                                 : str_cat(root_directory(root).value_or(""), dep->path));
  }
  const std::vector<std::string_view> deps(paths.begin(), paths.end());
  return compiler::c::write_depfile(invocation.dep, deps, invocation.family);
}

}  // namespace zc::engine::c
