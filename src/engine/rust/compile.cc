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
#include "engine/observed/inputs.h"
#include "engine/observed/report.h"
#include "os/file.h"

namespace zc::engine::rust {

namespace {

using compiler::Bypass;
using compiler::Reason;

// What the names of all variables contain that are no inputs otherwise.
constexpr std::array<std::string_view, 3> kUncountedNames = {"MAKEFLAGS", "MFLAGS", "ZCCACHE_"};

// Outputs, and the directory where rustc keeps its state between runs.
class CompilePaths final : public OwnPaths {
 public:
  explicit CompilePaths(const Compile& compile) {
    for (const std::string& output : compile.outputs) {
      outputs_.insert(output);
      outputs_.insert(without_links(compile.fs, output));
    }
    if (!compile.invocation.incremental_dir.empty()) {
      const std::string state =
          without_dots(join_path(compile.cwd, compile.invocation.incremental_dir));
      states_ = {state, without_links(compile.fs, state)};
    }
  }

  Kind kind_of(std::string_view path) const override {
    const bool is_state = std::ranges::any_of(states_, [&](const std::string& state) {
      return is_at_or_below(path, state) && !has_dotdot(path.substr(state.size()));
    });
    return is_state                               ? Kind::kState
           : outputs_.contains(std::string(path)) ? Kind::kOutput
                                                  : Kind::kStranger;
  }

 private:
  // The file may be missing, the directory has been made by now.
  static std::string without_links(const os::FileSystem& fs, const std::string& path) {
    const Result<std::string> directory = fs.real_path(std::string(dir_name(path)));
    return directory ? str_cat(*directory, '/', base_name(path)) : path;
  }

  std::set<std::string> outputs_;
  std::vector<std::string> states_;
};

// Files of the dep-info, in its order.
class DepInfoRecorder {
 public:
  DepInfoRecorder(const Compile& compile, const Trace& trace, ResultBuilder& builder)
      : compile_(compile), builder_(builder) {
    for (const PathAccess& seen : trace.accesses) {
      seen_ns_.emplace(seen.path, seen.opened ? seen.opened_ns : seen.seen_ns);
    }
  }

  std::optional<Bypass> record(const compiler::rust::DepInfo& info, ObservedRun& run) {
    for (const std::string& spelled : info.files) {
      if (auto bypass = record_file(spelled)) {
        return bypass;
      }
      run.recorded.insert(without_dots(join_path(compile_.cwd, spelled)));
    }
    for (const compiler::rust::EnvDep& variable : info.env) {
      if (!is_of_request(variable)) {
        return Bypass{Reason::kDepfileNotUnderstood,
                      str_cat(variable.name, " had another value than in the command")};
      }
      run.tracked.insert(variable.name);
      builder_.add_fact(str_cat(fact::kTrackedVariable, variable.name));
    }
    return std::nullopt;
  }

 private:
  // rustup and wrappers may have given rustc another one; what is written for the next command is
  // the value that came with it.
  bool is_of_request(const compiler::rust::EnvDep& variable) const {
    const auto& all = compile_.env.all();
    const auto it = all.find(variable.name);
    return it == all.end() ? !variable.value : variable.value == it->second;
  }

  std::optional<Bypass> record_file(const std::string& spelled) {
    const auto seen = seen_ns_.find(without_dots(join_path(compile_.cwd, spelled)));
    if (seen == seen_ns_.end()) {
      return Bypass{Reason::kNotObserved, spelled};
    }
    const auto file = compile_.files.look(compile_.directory.handle(), spelled.c_str());
    if (!file) {
      return Bypass{Reason::kModifiedInputFile, spelled};
    }
    if (spelled == compile_.source && file->digest != compile_.source_digest) {
      return Bypass{Reason::kModifiedInputFile, spelled};
    }
    const PathRoots::Kept kept = compile_.roots.keep(spelled);
    if (!kept.bound_to.empty()) {
      builder_.add_fact(str_cat(fact::kPlace, kept.bound_to));
    }
    return builder_.add_dep(kept.path, spelled, *file, seen->second);
  }

  const Compile& compile_;
  ResultBuilder& builder_;
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

std::optional<Bypass> read_dep_info(const Compile& compile, const RunOutputs& report,
                                    compiler::rust::DepInfo& out) {
  if (!report.depfile) {
    return Bypass{Reason::kDepfileNotUnderstood, "the compiler wrote none"};
  }
  auto info = compiler::rust::parse_dep_info(*report.depfile);
  if (!info || info->targets != compile.invocation.dep_targets || !is_reproducible(info->env)) {
    return Bypass{Reason::kDepfileNotUnderstood, "it could not be reproduced byte for byte"};
  }
  out = *std::move(info);
  return std::nullopt;
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

// Whether `text` is somewhere in the file. Errors: kIo.
Result<bool> file_contains(int fd, std::string_view text) {
  constexpr std::size_t kPartBytes = std::size_t{1} << 20;
  std::string part(kPartBytes + text.size(), '\0');
  std::size_t kept = 0;  // of the part before, since `text` may lie across
  for (std::uint64_t offset = 0;;) {
    TRY_ASSIGN(const std::size_t n, os::read_at(fd, part.data() + kept, kPartBytes, offset));
    const std::string_view bytes(part.data(), kept + n);
    if (n == 0 || bytes.contains(text)) {
      return n != 0;
    }
    kept = std::min(bytes.size(), text.size() - 1);
    part.replace(0, kept, bytes.substr(bytes.size() - kept));
    offset += n;
  }
}

// Messages may be JSON.
bool is_named_in(std::string_view messages, std::string_view directory) {
  return messages.contains(directory) || messages.contains(json_escape(directory));
}

// Linkers name the objects that rustc makes beside its outputs for the time of the link.
bool names_a_directory(std::string_view messages, const Compile& compile) {
  return messages.contains(".rcgu.o") ||
         std::ranges::any_of(compile.directories(), [&](const std::string& directory) {
           return directory != "." && is_named_in(messages, directory);
         });
}

// Errors: kIo.
Result<bool> is_named_by_an_output(const RunOutputs& report, std::string_view directory) {
  for (const RunOutputs::Output& output : report.outputs) {
    Result<bool> found = output.bytes ? Result<bool>(output.bytes->contains(directory))
                                      : file_contains(output.fd, directory);
    if (!found || *found) {
      return found;
    }
  }
  return false;
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
  return std::ranges::any_of(kUncountedNames, [&](std::string_view name) {
    return is_named_by_an_input(compile, trace, name);
  });
}

// What names a root of this request, as a message or in spite of its remap, is right for no other.
std::optional<Bypass> bind_to_roots(const Compile& compile, const RunOutputs& report,
                                    const Trace& trace, ResultBuilder& builder) {
  const std::string messages = str_cat(compile.encode_messages(report.err), report.out);
  if (names_a_directory(messages, compile)) {
    builder.add_fact(fact::kPaths);
  }
  for (const PathRoots::Root& root : compile.roots.all()) {
    bool is_named = is_named_in(messages, root.directory);
    if (!is_named && std::ranges::count(compile.remapped, root.name) != 0) {
      const Result<bool> found = is_named_by_an_output(report, root.directory);
      if (!found) {
        return Bypass{Reason::kUnreadableInput, found.error().message};
      }
      is_named = *found || is_named_by_an_input(compile, trace, root.directory);
    }
    if (is_named) {
      builder.add_fact(str_cat(fact::kPlace, root.name));
    }
  }
  return std::nullopt;
}

bool is_debug_info(std::string_view name) {
  return name.ends_with(".dwo") || name.ends_with(".dwp");
}

// Where rustc leaves split debug information: beside its outputs.
std::string debug_info_directory(const Compile& compile) {
  return std::string(dir_name(compile.products.front().path));
}

void adopt_debug_info(const Compile& compile, ObservedRun& run, ResultBuilder& builder) {
  const std::string directory =
      without_dots(join_path(compile.cwd, debug_info_directory(compile) + "/."));
  for (const std::string_view path : run.trace.left) {
    if (compile.invocation.splits_debug_info && is_debug_info(path) &&
        str_cat(dir_name(path), '/') == directory) {
      builder.add_further_output(static_cast<std::uint8_t>(compiler::rust::Role::kDebugInfo),
                                 std::string(base_name(path)), std::string(path));
      run.adopted.emplace(path);
    }
  }
}

// What lies below is taken for rustc's own.
std::optional<Bypass> check_state_directory(const Compile& compile) {
  const std::string& spelled = compile.invocation.incremental_dir;
  const Result<std::string> state =
      compile.fs.real_path(std::string(join_path(compile.cwd, spelled)));
  const Result<std::string> cwd = compile.fs.real_path(compile.cwd);
  const bool holds_sources = !spelled.empty() && state && cwd && is_at_or_below(*cwd, *state);
  return holds_sources ? std::optional(Bypass{Reason::kNotObserved, spelled}) : std::nullopt;
}

std::optional<Bypass> check_products(const Compile& compile, const RunOutputs& report) {
  for (const Product& product : compile.products) {
    if (std::ranges::find(report.outputs, product.role, &RunOutputs::Output::role) ==
        report.outputs.end()) {
      return Bypass{Reason::kCompilerProducedNoOutput, product.path};
    }
  }
  return std::nullopt;
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

std::optional<codec::Digest> Compile::fact(std::string_view name) const {
  if (name != fact::kPaths) {
    return ObservedCompile::fact(name);
  }
  codec::KeyHasher key("zccache-paths-1");
  for (const std::string& spelling : directories()) {
    key.field("spelling", spelling);
  }
  return key.finish();
}

void Compile::plan(RunPlan& out) const {
  out.run.observe = true;
  out.run.inject_at = inject_at;
  out.run.inject.assign(injected.begin(), injected.end());
}

std::optional<Bypass> Compile::learn(const RunOutputs& report, ResultBuilder& builder) {
  if (has_terminal && !(report.err.empty() && report.out.empty())) {
    return Bypass{Reason::kUnrepeatableInput, "messages have the width of a terminal"};
  }
  if (auto bypass = check_products(*this, report)) {
    return bypass;
  }
  if (auto bypass = check_state_directory(*this)) {
    return bypass;
  }
  const CompilePaths own(*this);
  ObservedReport observed;
  if (auto bypass = observed.read(*this, own, fs)) {
    return bypass;
  }
  ObservedRun run = {.compile = *this,
                     .trace = observed.trace,
                     .recorded = {},
                     .tracked = {},
                     .named = named_crates(*this),
                     .crate_directories = crate_directories(*this),
                     .adopted = {},
                     .links = invocation.links,
                     .tracks_variables = depfile.has_value(),
                     .names_uncounted = !depfile && names_uncounted(*this, observed.trace)};
  adopt_debug_info(*this, run, builder);
  if (depfile) {
    compiler::rust::DepInfo info;
    if (auto bypass = read_dep_info(*this, report, info)) {
      return bypass;
    }
    if (auto bypass = DepInfoRecorder(*this, observed.trace, builder).record(info, run)) {
      return bypass;
    }
  }
  if (auto bypass = bind_to_roots(*this, report, observed.trace, builder)) {
    return bypass;
  }
  return ObservedInputs(fs, scans, run, builder).record();
}

std::string Compile::generate_depfile(const LoadedSet& set) const {
  compiler::rust::DepInfo info;
  info.targets = invocation.dep_targets;
  for (const InputEntry* dep : set.deps) {
    info.files.push_back(roots.to_absolute(dep->path).value_or(std::string()));
  }
  const std::string tracked = str_cat(kFactMark, fact::kTrackedVariable);
  for (const DirectoryGroup& group : set.groups) {
    if (str_cat(group.directory, '/') != tracked) {
      continue;
    }
    for (const InputEntry* entry : group.files) {
      info.env.push_back(
          {.name = std::string(entry->name), .value = std::string(env.get(entry->name))});
    }
    for (const std::string_view name : group.absent) {
      info.env.push_back({.name = std::string(name), .value = std::nullopt});
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
