// What a run of any command depended on, and what it wrote: all that was seen of it.

#include "engine/command/compile.h"

#include <algorithm>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "engine/command/listed_files.h"
#include "engine/command/written_paths.h"
#include "engine/observed/inputs.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/precompiled.h"
#include "engine/observed/relations.h"
#include "engine/wrapper/started.h"

namespace zc::engine::command {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

// Before a run, nobody knows what it will write.
class NoOwnPaths final : public OwnPaths {
 public:
  Kind kind_of(std::string_view) const override { return Kind::kOther; }
};

// Not what else a tool starts, nor the code that a user has it load.
class IdleLooks final : public InputRules {
 public:
  IdleLooks(const std::vector<std::string>& names, const Trace& trace)
      : names_(names), trace_(trace) {}

  bool is_idle_look(const MetadataQuery& look) const override {
    return look.at == MetadataQuery::At::kMetadata && !look.query.is_forked &&
           !look.query.by_late_code && is_tool(look.query.program);
  }

 private:
  bool is_tool(std::size_t program) const {
    return program < trace_.programs.size() &&
           std::ranges::find(names_, compiler::without_version(
                                         base_name(trace_.programs[program].path))) != names_.end();
  }

  const std::vector<std::string>& names_;
  const Trace& trace_;
};

OrBypass<> check_descriptors(const Trace& trace) {
  const auto found = std::ranges::find_if(
      trace.openings, [](const Opening& opening) { return is_descriptor(opening.path); });
  return found == trace.openings.end() ? OrBypass<>()
                                       : bypass(Reason::kOpenDescriptors, std::string(found->path));
}

}  // namespace

OrBypass<std::vector<FurtherOutput>> Compile::find_outputs(const RunOutputs& /*outputs*/) {
  TRY_ASSIGN(trace_, read_observation(NoOwnPaths(), fs));
  if (!trace_.rejection.empty()) {
    return bypass(trace_.connects ? Reason::kNetworkUse : Reason::kNotObserved, trace_.rejection);
  }
  if (inherits_unknown) {
    TRY(check_descriptors(trace_));
  }
  new_paths_.clear();
  for (const LeftPath& left : trace_.left) {
    if (!left.was_there && !is_of_kernel(left.path)) {
      new_paths_.emplace_back(left.path);
    }
  }
  std::ranges::reverse(new_paths_);
  TRY_ASSIGN(rules_, rules_for(trace_));
  TRY_ASSIGN(written_,
             find_written_paths(fs, trace_, *rules_, options.keeps_cwd ? std::string() : cwd));
  // Whether the command must run again is known later.
  client_waits = !trace_.times.empty() || !trace_.answers.empty() || !trace_.kernel_files.empty();
  return written_.outputs;
}

OrBypass<std::unique_ptr<InputRules>> Compile::rules_for(const Trace& trace) const {
  const bool compares_times = std::ranges::any_of(trace.accesses, [](const PathAccess& seen) {
    return seen.opened && is_precompiled(seen.path);
  });
  return idle_lookers.empty() || compares_times
             ? std::make_unique<InputRules>()
             : std::unique_ptr<InputRules>(std::make_unique<IdleLooks>(idle_lookers, trace));
}

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  TRY(take_messages(outputs));
  const Toolchain compilers = wrapper::started_compilers(drivers, *this, trace_);
  const ObservedRun run = {.compile = *this,
                           .trace = trace_,
                           .rules = *rules_,
                           .has_messages = outputs.has_messages(),
                           .recorded = {written_.paths.begin(), written_.paths.end()},
                           .adopted = written_.paths,
                           .sources_are_unlisted = true,
                           .writes_the_time = true,
                           .real_paths_by_directory = true,
                           .shows_real_paths = true,
                           .looks_at_links = true,
                           .may_be_repeated = true,
                           .started_compilers = &compilers};
  InputList list;
  for (const auto& [path, value] : written_.old) {
    list.add_fact(*this, InputKind::kOldOutput, path);
  }
  TRY(add_declared(list));
  TRY(wrapper::add_starts(fs, *this, trace_, list));
  TRY(ObservedInputs(fs, scans, run, list).collect());
  relate_directories(*this, list);
  relate_files(*this, files, list);
  if (compared_times != nullptr) {
    TRY(compared_times->refuse(*this, list));
  }
  return list;
}

std::optional<codec::Digest> Compile::fact(const FactName& name, Looks& looks) const {
  if (name.kind == InputKind::kOldOutput) {
    if (const auto it = written_.old.find(name.name); it != written_.old.end()) {
      return it->second;
    }
  }
  return ObservedCompile::fact(name, looks);
}

void Compile::add_file(const std::string& path, InputList& list) const {
  list.files.push_back({.kept = {.root = {}, .path = path}, .path = path, .seen_ns = unread_ns()});
}

// An output that the run has left as it was is an input: the next run would find it so, too.
OrBypass<> Compile::add_declared(InputList& list) const {
  if (!standard_input.empty()) {
    add_file(standard_input, list);
  }
  for (const std::string& spelled : options.output_files) {
    const std::string path = without_dots(join_path(cwd, spelled));
    os::FileStamp stamp;
    if (fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 || !stamp.is_regular()) {
      return bypass(Reason::kCompilerProducedNoOutput, spelled);
    }
    if (!written_.paths.contains(path)) {
      add_file(path, list);
    }
  }
  for (const std::string& path : options.depfiles) {
    TRY(add_listed(path, list));
  }
  return {};
}

OrBypass<> Compile::add_listed(const std::string& rules, InputList& list) const {
  const auto text = fs.read(directory.handle(), rules.c_str(), limits::kDepfileBytesMax);
  if (!text) {
    return bypass(Reason::kDepfileNotUnderstood, rules);
  }
  for (const std::string& spelled : prerequisites_of(text->bytes)) {
    add_file(join_path(cwd, spelled), list);
  }
  return {};
}

// A file that the run would write anew in its place keeps its mode, and changes under all of its
// names; and through a symlink another file is written.
std::optional<Product> Compile::product_of(const store::Output& output) const {
  os::FileStamp old;
  const bool is_there = fs.stat_link(directory.handle(), output.name.c_str(), old) == 0;
  const bool can_be_written =
      output.is_rewritten ? old.is_regular() && old.names == 1 : !old.is_directory();
  if (output.name.empty() || (is_there && !can_be_written)) {
    return std::nullopt;
  }
  return Product{
      .role = output.role,
      .path = output.name,
      .old_file = output.is_rewritten ? wire::OldFile::kRewritten : wire::OldFile::kReplaced,
      .may_be_empty = true,
      .kind = output.kind,
      .mode = output.mode};
}

}  // namespace zc::engine::command
