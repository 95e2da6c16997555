// How a run of rustc is watched, and what is learned from it. A result is stored only when all that
// the run looked at is known, and when its dep-info can be reproduced byte for byte.

#include "engine/rust/compile.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/rust/messages.h"
#include "engine/observed/failure.h"
#include "engine/observed/inputs.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/output_paths.h"
#include "engine/observed/output_text.h"
#include "engine/observed/variables.h"
#include "engine/rust/crate_files.h"
#include "engine/rust/crate_links.h"
#include "engine/rust/crates.h"
#include "engine/rust/failure_messages.h"

namespace zc::engine::rust {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

// Outputs, and the directory where rustc keeps its state between runs.
class CompilePaths final : public OutputPaths {
 public:
  explicit CompilePaths(const Compile& compile) : OutputPaths(compile, compile.fs) {
    if (!compile.invocation.incremental_dir.empty()) {
      const std::string state =
          without_dots(join_path(compile.cwd, compile.invocation.incremental_dir));
      states_ = {state, path_without_links(compile.fs, state)};
    }
  }

  Kind kind_of(std::string_view path) const override {
    const bool is_state = std::ranges::any_of(states_, [&](const std::string& state) {
      return is_at_or_below(path, state) && !has_dotdot(path.substr(state.size()));
    });
    return is_state ? Kind::kState : OutputPaths::kind_of(path);
  }

 private:
  std::vector<std::string> states_;
};

// Adds the files of the dep-info, in its order, and its variables.
class DepInfoCollector {
 public:
  DepInfoCollector(const Compile& compile, const Trace& trace, InputList& list)
      : compile_(compile), list_(list) {
    for (const PathAccess& seen : trace.accesses) {
      seen_ns_.emplace(seen.path, seen.opened ? seen.opened_ns : seen.seen_ns);
    }
  }

  OrBypass<> collect(const compiler::rust::DepInfo& info, ObservedRun& run) {
    for (const std::string& spelled : info.files) {
      TRY(add_file(spelled));
      run.recorded.insert(without_dots(join_path(compile_.cwd, spelled)));
    }
    for (const compiler::rust::EnvDep& variable : info.env) {
      if (!is_of_request(variable)) {
        return bypass(Reason::kDepfileNotUnderstood,
                      str_cat(variable.name, " had another value than in the command"));
      }
      run.tracked.insert(variable.name);
      list_.add_fact(compile_, InputKind::kTrackedVariable, variable.name);
    }
    return {};
  }

 private:
  // rustup and wrappers may have given rustc another one; what is written for the next command is
  // the value that came with it.
  bool is_of_request(const compiler::rust::EnvDep& variable) const {
    const std::optional<std::string_view> value = compile_.env.find(variable.name);
    return value ? variable.value == *value : !variable.value;
  }

  OrBypass<> add_file(const std::string& spelled) {
    const std::string path = without_dots(join_path(compile_.cwd, spelled));
    if (is_of_kernel(path)) {
      return bypass(Reason::kUnrepeatableInput, spelled);  // another file in each process
    }
    const auto seen = seen_ns_.find(path);
    if (seen == seen_ns_.end()) {
      return bypass(Reason::kNotObserved, spelled);
    }
    list_.deps.push_back(
        {.kept = compile_.keep(spelled, list_), .path = spelled, .seen_ns = seen->second});
    return {};
  }

  const Compile& compile_;
  InputList& list_;
  std::unordered_map<std::string_view, std::int64_t> seen_ns_;
};

// The set keeps variables by name, without their order.
bool is_reproducible(const std::vector<compiler::rust::EnvDep>& env) {
  const bool in_order = std::ranges::adjacent_find(env, [](const auto& a, const auto& b) {
                          return a.name >= b.name;
                        }) == env.end();
  return in_order && std::ranges::none_of(env, [](const compiler::rust::EnvDep& variable) {
           return variable.name.empty() || variable.name.contains('/');
         });
}

OrBypass<> read_dep_info(const Compile& compile, const RunOutputs& outputs,
                         compiler::rust::DepInfo& out) {
  if (!outputs.depfile) {
    return bypass(Reason::kDepfileNotUnderstood, "the compiler wrote none");
  }
  auto info = compiler::rust::parse_dep_info(*outputs.depfile);
  const auto& forms = compile.invocation.dep_targets;
  if (!info || std::ranges::find(forms, info->targets) == forms.end() ||
      !is_reproducible(info->env)) {
    return bypass(Reason::kDepfileNotUnderstood, "it could not be reproduced byte for byte");
  }
  out = *std::move(info);
  return {};
}

// Of a run that failed. A source may read a file of the kernel, which rustc also opens for itself,
// so all sources must be known. They are once the macros are expanded; what fails before that fails
// fast.
OrBypass<> check_sources_of_failure(const RunOutputs& outputs) {
  const auto written =
      std::ranges::find(outputs.outputs, kFailureDepfile, &RunOutputs::Output::role);
  const auto info = written == outputs.outputs.end()
                        ? std::nullopt
                        : compiler::rust::parse_dep_info(written->bytes.value_or(std::string()));
  if (!info) {
    return bypass(Reason::kCompileFailed, "rustc has not listed its sources");
  }
  const auto of_kernel = std::ranges::find_if(
      info->files, [](const std::string& path) { return is_of_kernel(without_dots(path)); });
  return of_kernel == info->files.end() ? OrBypass<>()
                                        : bypass(Reason::kUnrepeatableInput, *of_kernel);
}

using Targets = std::vector<std::string>;

// Null when the fact names none.
const Targets* form_of(const Compile& compile, InputKind kind, std::string_view number) {
  const auto& forms = compile.invocation.dep_targets;
  for (std::size_t i = 0; kind == InputKind::kDepInfoForm && i < forms.size(); ++i) {
    if (std::to_string(i) == number) {
      return &forms[i];
    }
  }
  return nullptr;
}

// A result remembers its form as a fact that always holds, unless it is the newest one.
void add_form(const Compile& compile, const compiler::rust::DepInfo& info, InputList& list) {
  const auto& forms = compile.invocation.dep_targets;
  const auto form = std::ranges::find(forms, info.targets) - forms.begin();
  if (form != 0) {
    list.add_fact(compile, InputKind::kDepInfoForm, std::to_string(form));
  }
}

std::vector<CrateDirectory> crate_directories(const Compile& compile) {
  std::vector<CrateDirectory> out;
  for (const compiler::rust::SearchDirectory& dir : compile.invocation.search_dirs) {
    const bool is_all = dir.kind == "all";
    out.push_back({.path = without_dots(join_path(compile.cwd, dir.path)),
                   .holds_dependencies = is_all || dir.kind == "dependency",
                   .is_searched = is_all || dir.kind == "crate"});
  }
  return out;
}

std::set<std::string> named_crates(const Compile& compile) {
  std::set<std::string> out;
  for (const compiler::rust::Extern& crate : compile.invocation.externs) {
    out.insert(without_dots(join_path(compile.cwd, crate.path)));
  }
  return out;
}

// Messages may be JSON.
bool is_named_in(std::string_view messages, std::string_view directory) {
  return messages.contains(directory) || messages.contains(json_escape(directory));
}

// Linkers name the objects that rustc makes beside its outputs for the time of the link.
constexpr std::string_view kObjectOfCrate = ".rcgu.o";

bool names_a_directory(std::string_view messages, const Compile& compile) {
  return messages.contains(kObjectOfCrate) ||
         std::ranges::any_of(compile.directories(), [&](const std::string& directory) {
           return directory != "." && is_named_in(messages, directory);
         });
}

// By a source, or what else the run has read, but for code: from there it may have come to files
// that it would come to from anywhere.
bool is_named_by_an_input(const Compile& compile, const Trace& trace, std::string_view text) {
  std::set<std::string_view> code;
  for (const TracedProgram& program : trace.programs) {
    code.insert(program.path);
    code.insert(program.objects.begin(), program.objects.end());
  }
  return std::ranges::any_of(trace.accesses, [&](const PathAccess& seen) {
    if (!seen.opened || code.contains(seen.path) || is_library(base_name(seen.path))) {
      return false;
    }
    const auto file = compile.fs.read(os::FileSystem::kNoDirectory, std::string(seen.path).c_str(),
                                      limits::kInputBytesMax);
    return file && is_named_in(file->bytes, text);
  });
}

// rustc asks for these itself, so without dep-info only their names tell whether `env!` does.
bool names_uncounted(const Compile& compile, const Trace& trace) {
  const auto is_named = [&](std::string_view name) {
    return is_named_by_an_input(compile, trace, name);
  };
  return std::ranges::any_of(kJobVariables, is_named) || is_named(kOwnPrefix);
}

// What names a root of this request, as a message or in spite of its remap, is right for no other.
OrBypass<> bind_to_roots(const Compile& compile, const RunOutputs& outputs, const Trace& trace,
                         InputList& list) {
  const std::string messages = str_cat(compile.encode_messages(outputs.err), outputs.out);
  if (names_a_directory(messages, compile)) {
    list.add_fact(compile, InputKind::kSpelledPaths, "");
  }
  for (const PathRoots::Root& root : compile.roots.all()) {
    bool is_named = is_named_in(messages, root.directory);
    if (!is_named && std::ranges::count(compile.remapped, root.name) != 0) {
      const Result<bool> found = is_in_an_output(outputs, root.directory);
      if (!found) {
        return bypass(Reason::kUnreadableInput, found.error().message);
      }
      is_named = *found || is_named_by_an_input(compile, trace, root.directory);
    }
    if (is_named) {
      list.add_fact(compile, InputKind::kRoot, root.name);
    }
  }
  return {};
}

bool is_debug_info(std::string_view name) {
  return name.ends_with(".dwo") || name.ends_with(".dwp");
}

// Where rustc leaves split debug information: beside its outputs.
std::string debug_info_directory(const Compile& compile) {
  return std::string(dir_name(compile.products.front().path));
}

void adopt_debug_info(const Compile& compile, ObservedRun& run, InputList& list) {
  const std::string directory =
      without_dots(join_path(compile.cwd, debug_info_directory(compile) + "/."));
  for (const LeftPath& left : run.trace.left) {
    const std::string_view path = left.path;
    if (compile.invocation.splits_debug_info && is_debug_info(path) &&
        str_cat(dir_name(path), '/') == directory) {
      list.further_outputs.push_back(
          {.role = static_cast<std::uint8_t>(compiler::rust::Role::kDebugInfo),
           .name = std::string(base_name(path)),
           .path = std::string(path)});
      run.adopted.emplace(path);
    }
  }
}

// What lies below is taken for rustc's own.
OrBypass<> check_state_directory(const Compile& compile) {
  const std::string& spelled = compile.invocation.incremental_dir;
  const Result<std::string> state =
      compile.fs.real_path(std::string(join_path(compile.cwd, spelled)));
  const Result<std::string> cwd = compile.fs.real_path(compile.cwd);
  const bool holds_sources = !spelled.empty() && state && cwd && is_at_or_below(*cwd, *state);
  return holds_sources ? bypass(Reason::kNotObserved, spelled) : OrBypass<>();
}

OrBypass<> check_products(const Compile& compile, const RunOutputs& outputs) {
  for (const Product& product : compile.products) {
    if (std::ranges::find(outputs.outputs, product.role, &RunOutputs::Output::role) ==
        outputs.outputs.end()) {
      return bypass(Reason::kCompilerProducedNoOutput, product.path);
    }
  }
  return {};
}

}  // namespace

bool Compile::is_remapped(std::string_view path) const {
  return std::ranges::any_of(remapped, [&](const std::string& name) {
    return is_at_or_below(path, *roots.directory_of(name));
  });
}

std::optional<Product> Compile::product_of(const store::Output& output) const {
  if (output.role != static_cast<std::uint8_t>(compiler::rust::Role::kDebugInfo)) {
    return CacheableCompile::product_of(output);
  }
  if (output.name.contains('/') || !is_debug_info(output.name)) {
    return std::nullopt;
  }
  return Product{.role = output.role,
                 .path = str_cat(debug_info_directory(*this), '/', output.name),
                 .old_file = wire::OldFile::kEither,
                 .may_be_empty = true};
}

std::vector<std::string> Compile::directories() const {
  std::vector<std::string> out;
  const auto add = [&](std::string_view spelled) {
    const std::string absolute = without_dots(join_path(cwd, spelled));
    const Result<std::string> real = fs.real_path(absolute);
    out.insert(out.end(), {std::string(spelled), absolute, real ? *real : absolute});
  };
  for (const compiler::rust::Output& output : invocation.outputs) {
    add(dir_name(output.path));
  }
  for (const compiler::rust::SearchDirectory& dir : invocation.search_dirs) {
    add(dir.path);
  }
  for (const compiler::rust::Extern& crate : invocation.externs) {
    add(dir_name(crate.path));
  }
  if (invocation.incremental) {
    add(invocation.incremental_dir);
  }
  return out;
}

std::optional<codec::Digest> Compile::fact(const FactName& name, Looks& looks) const {
  if (name.kind == InputKind::kCrateNames) {
    return crate_names(*this, name);
  }
  if (name.kind == InputKind::kDepInfoForm) {
    return form_of(*this, name.kind, name.name) == nullptr ? std::nullopt
                                                           : std::optional(codec::digest_of(""));
  }
  if (name.kind != InputKind::kSpelledPaths) {
    return ObservedCompile::fact(name, looks);
  }
  codec::KeyHasher key("zccache-paths-1");
  for (const std::string& spelling : directories()) {
    key.field("spelling", spelling);
  }
  return key.finish();
}

void Compile::plan(RunPlan& out) const {
  out.run.observe = true;
  add_maps(out.run);
}

void Compile::add_maps(wire::RunOrder& order) const {
  order.inject_at = inject_at;
  order.inject.assign(injected.begin(), injected.end());
}

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  if (has_terminal && !(outputs.err.empty() && outputs.out.empty())) {
    return bypass(Reason::kUnrepeatableInput, "messages have the width of a terminal");
  }
  TRY(check_products(*this, outputs));
  TRY(check_state_directory(*this));
  const CompilePaths own(*this);
  TRY_ASSIGN(Trace trace, read_observation(own, fs));
  // Their names are those of the crate and its parts, the same in each run.
  std::erase_if(trace.passing,
                [](std::string_view path) { return path.ends_with(kObjectOfCrate); });
  TRY(check_messages(outputs, trace));
  const std::vector<CrateDirectory> directories = crate_directories(*this);
  std::set<std::string> named = named_crates(*this);
  named.merge(open_as_spelled(fs, directories, trace));
  const Crates crates(fs, *this, directories, named, invocation.links);
  ObservedRun run = {.compile = *this,
                     .trace = trace,
                     .rules = crates,
                     // Those of rustc are the same everywhere; those of a linker are not.
                     .has_messages = outputs.has_messages() && trace.programs.size() > 1,
                     .recorded = {},
                     .tracked = {},
                     .adopted = {},
                     .tracks_variables = depfile.has_value(),
                     .names_uncounted = !depfile && names_uncounted(*this, trace),
                     .looks_at_links = true};
  InputList list;
  adopt_debug_info(*this, run, list);
  if (depfile) {
    compiler::rust::DepInfo info;
    TRY(read_dep_info(*this, outputs, info));
    add_form(*this, info, list);
    TRY(DepInfoCollector(*this, trace, list).collect(info, run));
  }
  TRY(bind_to_roots(*this, outputs, trace, list));
  TRY(ObservedInputs(fs, scans, run, list).collect());
  TRY(crates.collect(trace, list));
  return list;
}

// Its messages may have the width of a terminal.
std::optional<codec::Digest> Compile::failure_key() const {
  if (!takes_failures || has_terminal) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-rust-failure-1");
  add_failure(key);
  return key.finish();
}

// All inputs come from the observation.
OrBypass<InputList> Compile::learn_failure(const RunOutputs& outputs) {
  TRY(check_state_directory(*this));
  TRY(check_sources_of_failure(outputs));
  const CompilePaths own(*this);
  TRY_ASSIGN(Trace trace, read_observation(own, fs));
  TRY(check_failure(are_about_sources(outputs.err), trace));
  TRY(check_messages(outputs, trace));
  const std::vector<CrateDirectory> directories = crate_directories(*this);
  std::set<std::string> named = named_crates(*this);
  named.merge(open_as_spelled(fs, directories, trace));
  const Crates crates(fs, *this, directories, named, invocation.links);
  const ObservedRun run = {.compile = *this,
                           .trace = trace,
                           .rules = crates,
                           .has_messages = trace.programs.size() > 1,
                           .recorded = {},
                           .tracked = {},
                           .adopted = {},
                           .names_uncounted = names_uncounted(*this, trace),
                           .looks_at_links = true};
  InputList list;
  list.add_fact(*this, InputKind::kSpelledPaths, "");
  TRY(ObservedInputs(fs, scans, run, list).collect());
  TRY(crates.collect(trace, list));
  return list;
}

std::string Compile::generate_depfile(const LoadedSet& set) const {
  compiler::rust::DepInfo info;
  info.targets = invocation.dep_targets.front();
  for (const FileInput* dep : set.deps) {
    info.files.push_back(
        roots.to_absolute(dep->directory->root, dep->path).value_or(std::string()));
  }
  for (const store::Input* fact : set.facts) {
    if (const Targets* form = form_of(*this, fact->kind, fact->name)) {
      info.targets = *form;
    } else if (fact->kind == InputKind::kTrackedVariable) {
      std::optional<std::string> value;
      if (fact->digest) {
        value = env.get(fact->name);
      }
      info.env.push_back({.name = fact->name, .value = std::move(value)});
    }
  }
  std::ranges::sort(info.env, {}, &compiler::rust::EnvDep::name);
  return compiler::rust::write_dep_info(info);
}

std::string Compile::encode_messages(std::string_view err) const {
  return compiler::rust::pack_messages(compiler::rust::split_messages(
      err, invocation.artifact_notifications ? std::span(invocation.outputs)
                                             : std::span<const compiler::rust::Output>()));
}

std::optional<std::string> Compile::decode_messages(std::string kept) const {
  const auto parts = compiler::rust::unpack_messages(kept);
  return parts ? compiler::rust::join_messages(*parts, invocation.outputs) : std::nullopt;
}

}  // namespace zc::engine::rust
