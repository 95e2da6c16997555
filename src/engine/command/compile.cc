// What a run of any command depended on, and what it wrote: all that was seen of it.

#include "engine/command/compile.h"

#include <algorithm>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/command/listed_files.h"
#include "engine/command/written_paths.h"
#include "engine/observed/inputs.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/output_text.h"
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

}  // namespace

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  TRY_ASSIGN(const Trace trace, read_observation(NoOwnPaths(), fs));
  new_paths_.clear();
  for (const LeftPath& left : trace.left) {
    if (!left.was_there && !is_of_kernel(left.path)) {
      new_paths_.emplace_back(left.path);
    }
  }
  TRY(check_messages(outputs, trace));
  TRY_ASSIGN(const std::unique_ptr<InputRules> rules, rules_for(trace));
  TRY_ASSIGN(WrittenPaths written, find_written_paths(fs, trace, *rules));
  const Toolchain compilers = wrapper::started_compilers(drivers, *this, trace);
  const ObservedRun run = {.compile = *this,
                           .trace = trace,
                           .rules = *rules,
                           .has_messages = outputs.has_messages(),
                           .recorded = {written.paths.begin(), written.paths.end()},
                           .adopted = written.paths,
                           .sources_are_unlisted = true,
                           .writes_the_time = true,
                           .real_paths_by_directory = true,
                           .shows_real_paths = true,
                           .may_be_repeated = true,
                           .started_compilers = &compilers};
  old_outputs_ = std::move(written.old);
  InputList list;
  list.further_outputs = std::move(written.outputs);
  for (const auto& [path, value] : old_outputs_) {
    list.add_fact(*this, InputKind::kOldOutput, path);
  }
  TRY(add_declared(trace, list));
  TRY(wrapper::add_starts(fs, *this, trace, list));
  TRY(ObservedInputs(fs, scans, run, list).collect());
  relate_directories(*this, list);
  relate_files(*this, files, list);
  return list;
}

std::optional<codec::Digest> Compile::fact(const FactName& name, Looks& looks) const {
  if (name.kind == InputKind::kOldOutput) {
    if (const auto it = old_outputs_.find(name.name); it != old_outputs_.end()) {
      return it->second;
    }
  }
  return ObservedCompile::fact(name, looks);
}

// An output that the run has left as it was is an input: the next run would find it so, too.
OrBypass<> Compile::add_declared(const Trace& trace, InputList& list) const {
  const auto add_file = [&](const std::string& path) {
    list.files.push_back(
        {.kept = {.root = {}, .path = path}, .path = path, .seen_ns = unread_ns()});
  };
  if (!standard_input.empty()) {
    add_file(standard_input);
  }
  for (const std::string& spelled : options.output_files) {
    const std::string path = without_dots(join_path(cwd, spelled));
    os::FileStamp stamp;
    if (fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 || !stamp.is_regular()) {
      return bypass(Reason::kCompilerProducedNoOutput, spelled);
    }
    if (std::ranges::find(trace.left, path, &LeftPath::path) == trace.left.end()) {
      add_file(path);
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
    const std::string path = join_path(cwd, spelled);
    list.files.push_back(
        {.kept = {.root = {}, .path = path}, .path = path, .seen_ns = unread_ns()});
  }
  return {};
}

// A file that the run would write anew in its place keeps its mode, and changes under all of its
// names; and through a symlink another file is written.
std::optional<Product> Compile::product_of(const store::Output& output) const {
  os::FileStamp old;
  const bool is_there =
      fs.stat_link(os::FileSystem::kNoDirectory, output.name.c_str(), old) == 0;
  const bool can_be_written =
      output.is_rewritten ? old.is_regular() && old.names == 1 : !old.is_directory();
  if (!is_absolute(output.name) || (is_there && !can_be_written)) {
    return std::nullopt;
  }
  return Product{.role = output.role,
                 .path = output.name,
                 .keeps_mode = output.is_rewritten,
                 .may_be_empty = true,
                 .kind = output.kind,
                 .mode = output.mode};
}

}  // namespace zc::engine::command
