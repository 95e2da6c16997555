// What a link, or the like, depended on, and what it wrote: all that was seen of it, and what is
// known of its programs.

#include "engine/driver/compile.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/c/failure_messages.h"
#include "compiler/detect.h"
#include "engine/c/lto_seed.h"
#include "engine/command/written_paths.h"
#include "engine/driver/archive_bytes.h"
#include "engine/driver/lto.h"
#include "engine/driver/nvcc.h"
#include "engine/observed/coff_stamp.h"
#include "engine/observed/inputs.h"
#include "engine/observed/module_files.h"
#include "engine/observed/output_paths.h"
#include "engine/observed/relations.h"
#include "engine/observed/young_words.h"
#include "engine/wrapper/started.h"
#include "os/name.h"

namespace zc::engine::driver {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using Role = ForeignCode::Role;

bool is_object_tool(std::string_view path) {
  return compiler::detect_object_tool(path).has_value();
}

// What linkers and ar load by themselves, for objects of gcc's and clang's own form. Debian adds
// the version of LLVM to the name of its plugin.
bool is_known_plugin(std::string_view path) {
  constexpr std::array<std::string_view, 3> kPlugins = {"LLVMgold", "libdep.so",
                                                        "liblto_plugin.so"};
  return std::ranges::any_of(
      kPlugins, [&](std::string_view plugin) { return base_name(path).starts_with(plugin); });
}

// A linker is trusted to do only what linkers do, and so are not the plugins that it loads. What a
// compiler loads is examined as all that may be in a compiler.
OrBypass<> check_plugins(const ForeignCode& code, const Trace& trace) {
  std::set<std::string_view> examined;
  for (std::size_t i = 0; i < trace.programs.size(); ++i) {
    if (code.role_of(i) == Role::kCompiler) {
      examined.insert(trace.programs[i].objects.begin(), trace.programs[i].objects.end());
    }
  }
  for (const PathAccess& seen : trace.accesses) {
    const bool is_library = base_name(seen.path).contains(".so");
    if (seen.tried && is_library && !is_known_plugin(seen.path) && !examined.contains(seen.path)) {
      return bypass(Reason::kNotObserved, str_cat("a plugin: ", seen.path));
    }
  }
  return {};
}

// A linker or archiver that asks for the time writes it. Of another program, what it makes of an
// output that it finds is not known, but for the shell of a script that does nothing with one, and
// that of nvcc.
OrBypass<> check_programs(const ForeignCode& code, const Trace& trace, const InputRules& rules,
                          const Compile& compile) {
  for (std::size_t i = 0; i < trace.programs.size(); ++i) {
    const bool is_shell = (i == 0 && compile.is_script) ||
                          (compile.is_nvcc && is_shell_of_nvcc(trace.programs[i].path));
    if (code.role_of(i) == Role::kForeign && !is_shell) {
      return bypass(Reason::kUnsupportedCompiler, "the command starts a program that is not known");
    }
  }
  for (const Query& query : trace.times) {
    if (code.role_of(query) == Role::kLinker && !rules.is_idle_question(query)) {
      return bypass(Reason::kUnrepeatableInput, std::string(query.about));
    }
  }
  return {};
}

// The name of a temporary file is another one each time. And what an archive tells of its members
// besides their content is of this run alone.
OrBypass<> check_output(const std::string& bytes, const std::string& path, const Trace& trace) {
  for (const std::string_view passing : trace.passing) {
    if (bytes.contains(base_name(passing))) {
      return bypass(Reason::kUnrepeatableInput, str_cat(path, " names ", passing));
    }
  }
  return !is_archive(bytes) || tells_nothing_of_members(bytes)
             ? OrBypass<>()
             : bypass(Reason::kUnrepeatableInput, str_cat(path, " tells times of members"));
}

// LLVM counts the processors there, for its threads, and the allocator of mold asks whether memory
// is promised. What the processor is like is in the key. A source may include either.
void forget_kernel_files_of_linkers(Trace& trace, ForeignCode::IsTool is_tool) {
  for (const std::string_view path : {"/proc/cpuinfo", "/proc/sys/vm/overcommit_memory"}) {
    const bool is_for_linkers = std::ranges::all_of(trace.openings, [&](const Opening& opening) {
      return opening.path != path || is_tool(trace.programs.at(opening.program).path);
    });
    if (is_for_linkers) {
      std::erase_if(trace.accesses, [&](const PathAccess& seen) { return seen.path == path; });
    }
  }
}

// It takes an old output for the new one, writes all of it, and gives it the mode of a new file.
bool links_by_mold(const Trace& trace) {
  return std::ranges::any_of(trace.programs, [](const TracedProgram& program) {
    return base_name(program.path) == "mold";
  });
}

// ... of which the linker may ask what no event can tell.
class LinkPaths final : public OutputPaths {
 public:
  using OutputPaths::OutputPaths;
  bool is_idle(std::string_view function, std::string_view program) const override {
    return is_asked_for_clean_up(function, program);
  }
};

bool is_compiler_of_gcc(std::string_view name) {
  return name.starts_with("cc1") || name == "f951";
}

// Of commands that do not link, the seeds of gcc's LTO.
class CompilerRules final : public InputRules {
 public:
  // Borrows both.
  CompilerRules(const Compile& compile, const Trace& trace) : compile_(compile) {
    for (const TracedProgram& program : trace.programs) {
      sources_ += is_compiler_of_gcc(base_name(program.path)) ? 1 : 0;
    }
  }
  bool is_passed_over(const PathAccess& seen) const override {
    return !compile_.is_link && c::is_lto_seed(seen, compile_.words, sources_);
  }

 private:
  const Compile& compile_;
  int sources_ = 0;
};

// Behind our back: in a response file, or for the linker alone.
bool may_name_output(std::string_view word) {
  return word.contains('@') || word.contains(",-o") || word.contains(",--output") ||
         word == "-Xlinker";
}

OrBypass<> check_outputs(const os::FileSystem& fs, const command::WrittenPaths& written,
                         const Trace& trace) {
  for (const FurtherOutput& output : written.outputs) {
    if (output.kind != store::FileKind::kPlain) {
      continue;
    }
    const auto file =
        fs.read(os::FileSystem::kNoDirectory, output.path.c_str(), limits::kBlobBytesMax);
    if (!file) {
      return bypass(Reason::kModifiedOutputFile, output.path);
    }
    TRY(check_output(file->bytes, output.path, trace));
  }
  return {};
}

}  // namespace

// Another process may have changed a file after it was hashed for the key, and before the command
// read it to rewrite it.
OrBypass<> Compile::check_rewritten(const Trace& trace) const {
  for (const PathAccess& seen : trace.accesses) {
    const std::string path(seen.path);
    const auto left = std::ranges::find(trace.left, seen.path, &LeftPath::path);
    const auto watch = watches.find(path);
    if (!seen.opened || left == trace.left.end() || watch == watches.end()) {
      continue;
    }
    const auto change =
        left->is_new_file ? os::NameWatch::Change::kReplaced : os::NameWatch::Change::kAny;
    if (!watch->second.saw_one(change)) {
      return bypass(Reason::kModifiedInputFile, path);
    }
  }
  return {};
}

// In a build, objects are as old as the compile before.
void Compile::plan(RunPlan& out) const {
  out.run.observe = true;
  out.run.not_before_ns = static_cast<std::uint64_t>(settled_at_ns(fs, directory.handle(), words));
}

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  OrBypass<InputList> list = learn_run(outputs);
  return !list && outputs.exit_code != 0 ? bypass(Reason::kCompileFailed, list.error().detail)
                                         : std::move(list);
}

OrBypass<InputList> Compile::learn_run(const RunOutputs& outputs) {
  const bool has_failed = outputs.exit_code != 0;
  TRY_ASSIGN(Trace trace, read_observation(LinkPaths(*this, fs), fs));
  if (!trace.rejection.empty()) {
    return bypass(Reason::kNotObserved, trace.rejection);
  }
  const ForeignCode::IsTool is_tool = tools_of(trace);
  forget_kernel_files_of_linkers(trace, is_nvcc ? is_tool : is_object_tool);
  forget_seeds(words, trace);
  InputList list;
  if (is_tool == is_tool_of_lto) {
    TRY(take_make(*this, outputs.err, trace, list));
  }
  TRY(take_clean_up(words, outputs.has_messages(), trace));
  TRY(take_messages(outputs, trace, list));
  if (has_failed) {
    TRY(check_failure(outputs, trace));
  }
  TRY_ASSIGN(command::WrittenPaths written, find_written(trace));
  const Toolchain compilers = wrapper::started_compilers(drivers, *this, trace);
  TRY(check_rewritten(trace));
  const CompilerRules rules_of_compilers(*this, trace);
  const NvccRules rules_of_nvcc(trace);
  const InputRules& rules = is_nvcc ? static_cast<const InputRules&>(rules_of_nvcc)
                                    : static_cast<const InputRules&>(rules_of_compilers);
  const ForeignCode code(fs, compilers, trace, rules, is_tool);
  TRY(check_plugins(code, trace));
  TRY(check_programs(code, trace, rules, *this));
  if (is_link && !main_output.empty() && written.outputs.empty() && !has_failed) {
    return bypass(Reason::kCompilerProducedNoOutput);
  }
  TRY(is_link ? check_outputs(fs, written, trace) : check_coff_stamps(fs, trace, written.paths));
  const ObservedRun run = {.compile = *this,
                           .trace = trace,
                           .rules = rules,
                           .has_messages = outputs.has_messages(),
                           .recorded = {written.paths.begin(), written.paths.end()},
                           .adopted = written.paths,
                           .sources_are_unlisted = true,
                           .writes_the_time = true,
                           .real_paths_by_directory = true,
                           .shows_real_paths = true,
                           .started_compilers = &compilers,
                           .is_tool = is_tool};
  list.further_outputs = std::move(written.outputs);
  std::ranges::stable_partition(list.further_outputs, [&](const FurtherOutput& output) {
    return output.path == main_output;
  });
  TRY(add_own_inputs(trace, list));
  TRY(wrapper::add_starts(fs, *this, trace, list));
  TRY(ObservedInputs(fs, scans, run, list).collect());
  relate_directories(*this, list);
  relate_files(*this, files, list);
  TRY(times.refuse(*this, list));
  if (has_failed) {
    add_absent_outputs(trace, list);
  }
  TRY(check_is_slow(list, outputs));
  return list;
}

// What is there to start the others.
ForeignCode::IsTool Compile::tools_of(const Trace& trace) const {
  return is_nvcc                               ? is_tool_of_nvcc
         : runs_make_for_lto(fs, words, trace) ? is_tool_of_lto
                                               : is_object_tool;
}

OrBypass<command::WrittenPaths> Compile::find_written(const Trace& trace) const {
  return command::find_paths_of_tools(
      fs, trace,
      {.start_ns = start_ns,
       .umask = umask,
       .born_ns = born_ns,
       .keyed = keyed,
       .overwritten = links_by_mold(trace) ? std::string_view(main_output) : std::string_view()});
}

// What commands of a kind depend on besides what their run was seen to look at.
OrBypass<> Compile::add_own_inputs(const Trace& trace, InputList& list) {
  if (!standard_input.empty()) {
    list.files.push_back({.kept = {.root = {}, .path = standard_input},
                          .path = standard_input,
                          .seen_ns = unread_ns()});
  }
  TRY(take_modules(trace, list));
  return is_nvcc ? add_directories_of_nvcc(fs, *this, trace, list) : OrBypass<>();
}

OrBypass<> Compile::take_modules(const Trace& trace, InputList& list) {
  if (!is_fortran) {
    return {};
  }
  TRY_ASSIGN(other_modules_, find_other_modules(fs, trace, list));
  for (const std::string& name : other_modules_) {
    list.add_fact(*this, store::InputKind::kOtherModule, name);
  }
  return {};
}

std::optional<codec::Digest> Compile::fact(const FactName& name, Looks& looks) const {
  const bool was_seen =
      name.kind == store::InputKind::kOtherModule && other_modules_.contains(name.name);
  return was_seen ? std::optional(other_module_value()) : ObservedCompile::fact(name, looks);
}

// A driver chooses the directory of temporary files by these.
OrBypass<> Compile::take_messages(const RunOutputs& outputs, const Trace& trace, InputList& list) {
  std::vector<std::string_view> unnamed = trace.passing;
  std::erase_if(unnamed, [&](std::string_view path) { return is_named(path); });
  TRY_ASSIGN(const TemporaryNames printed, TemporaryNames::find(outputs.out, unnamed));
  if (!printed.is_empty()) {
    return bypass(Reason::kUnrepeatableInput, "standard output names a temporary file");
  }
  TRY_ASSIGN(temporary_, TemporaryNames::find(outputs.err, unnamed));
  if (!temporary_.is_empty()) {
    for (const std::string_view variable : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"}) {
      list.add_fact(*this, store::InputKind::kVariable, variable);
    }
  }
  return {};
}

// With an old output, a link that fails may remove it, or leave it: it runs then.
OrBypass<> Compile::check_failure(const RunOutputs& outputs, const Trace& trace) const {
  const bool is_understood = is_link ? compiler::c::are_about_link(outputs.err)
                                     : compiler::c::are_about_sources(outputs.err);
  if (!outputs.out.empty() || !is_understood) {
    return bypass(Reason::kCompileFailed, "its messages are not about its inputs alone");
  }
  return born_ns.empty() && trace.taken.empty() && std::ranges::none_of(words, may_name_output)
             ? OrBypass<>()
             : bypass(Reason::kCompileFailed, "there is an old output, or may be");
}

// What the run has made and removed again was not there before it, and that counts for what the
// command names: the names of all else are of this run alone.
void Compile::add_absent_outputs(const Trace& trace, InputList& list) const {
  const auto add = [&](std::string_view path) {
    RootedPath absent = keep(path, list);
    list.add_fact(*this, store::InputKind::kLink, absent);  // nor one that leads nowhere
    list.add_fact(*this, store::InputKind::kDirectory, keep(dir_name(path), list));
    absent.path += '/';
    list.absences.push_back(std::move(absent));
  };
  if (!main_output.empty()) {
    add(main_output);
  }
  for (const std::string_view path : trace.passing) {
    if (path != main_output && is_named(path)) {
      add(path);
    }
  }
}

// Whether the name follows from the command.
bool Compile::is_named(std::string_view path) const {
  return path == main_output || std::ranges::any_of(words, [&](std::string_view word) {
           return word.contains(base_name(path));
         });
}

std::string Compile::encode_messages(std::string_view err) const {
  return temporary_.hide(std::string(err));
}

// A linker that is refused its output says so before all else.
std::optional<std::string> Compile::decode_messages(std::string kept) const {
  if (!main_output.empty() &&
      os::check_right(std::string(dir_name(main_output)), os::Right::kWrite) != 0) {
    return std::nullopt;
  }
  return renew_temporary_names(kept, static_cast<std::uint64_t>(start_ns));
}

OrBypass<> Compile::check_is_slow(const InputList& list, const RunOutputs& outputs) const {
  std::uint64_t bytes = 0;
  for (const FurtherOutput& output : list.further_outputs) {
    os::FileStamp stamp;
    if (fs.stat_link(os::FileSystem::kNoDirectory, output.path.c_str(), stamp) == 0) {
      bytes += stamp.size_bytes;
    }
  }
  const std::size_t inputs = list.files.size() + list.absences.size() + list.facts.size();
  if (when != Switch::kAuto || outputs.duration_ns > hit_estimate_ns(inputs, bytes)) {
    return {};
  }
  quick.add(words_key);
  return bypass(Reason::kCalledForLink, "it takes less time than a hit");
}

// `strip` and `ar` write an old file anew, which keeps its owner; most linkers replace it.
std::optional<Product> Compile::product_of(const store::Output& output) const {
  if (!is_absolute(output.name) ||
      (!begins_cache_of_llvm(fs, output.name) && !command::holds_at(fs, output.name, output))) {
    return std::nullopt;
  }
  return Product{.role = output.role,
                 .path = output.name,
                 .old_file = wire::OldFile::kEither,
                 .may_be_empty = true,
                 .kind = output.kind,
                 .mode = output.mode};
}

}  // namespace zc::engine::driver
