// Engine::plan, prefetch and record: what a run must bring, and how a result comes to be stored.
//
// A result is stored only when every input is known, is older than the compile, and has not changed
// since; when the depfile can be reproduced byte for byte; and when the finished input set holds at
// the end. Anything else is a reason not to store, never an error.

#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "base/limits.h"
#include "base/path.h"
#include "compiler/depfile.h"
#include "engine/absences.h"
#include "engine/engine.h"

namespace zc::engine {

namespace {

using compiler::Bypass;
using compiler::DepStyle;
using compiler::Reason;

constexpr std::uint64_t kDepfileBytesMax = std::uint64_t{64} << 20;

// The paths the client opens after a run: the outputs, then the user's depfile.
std::vector<std::string_view> reported_paths(const compiler::Invocation& invocation) {
  std::vector<std::string_view> out;
  for (const compiler::OutputFile& output : invocation.outputs) {
    out.push_back(output.path);
  }
  if (invocation.dep.style != DepStyle::kNone) {
    out.push_back(invocation.dep.path);
  }
  return out;
}

// Of a list of inputs that we ask for ourselves, the target is ours to choose.
constexpr std::string_view kPrivateTarget = "x";

compiler::DepRequest private_request() {
  compiler::DepRequest request;
  request.style = DepStyle::kAll;
  request.targets.emplace_back(kPrivateTarget);
  return request;
}

}  // namespace

Plan Engine::plan(const Prepared& prepared) const {
  const compiler::Invocation& invocation = prepared.invocation;
  Plan out;
  if (!invocation.colour_is_explicit) {
    out.run.forced_colour = true;
    out.run.inject.push_back(invocation.family == compiler::Family::kGcc
                                 ? "-fdiagnostics-color=always"
                                 : "-fcolor-diagnostics");
  }
  if (invocation.dep.style == DepStyle::kNone) {
    out.run.private_depfile = true;
    out.run.inject.insert(out.run.inject.end(), {"-MT", kPrivateTarget});
  }
  for (const std::string_view path : reported_paths(invocation)) {
    out.run.outputs.push_back(out.texts.emplace_back(path));
  }
  return out;
}

void Engine::prefetch(Prepared& prepared) {
  (void)search_paths_.find(prepared.tool, *prepared.toolchain, prepared.invocation, prepared.env,
                           prepared.cwd);
  if (prepared.invocation.dep.style == DepStyle::kUser) {
    prepared.all_inputs = list_all_inputs(prepared);
  }
}

// A -MMD depfile leaves out system headers, and a compiler writes one depfile only. (-H would tell,
// but gcc records it in debug information, and clang's depfile changes with it.) So the full list
// is asked for beside the compile, by a preprocessor run: docs/adr/0008.
std::optional<std::vector<std::string>> Engine::list_all_inputs(const Prepared& prepared) {
  os::Command command{
      .args = {prepared.tool}, .env = prepared.env.for_probe(), .cwd = prepared.cwd};
  command.args.insert(command.args.end(), prepared.invocation.driver_args.begin(),
                      prepared.invocation.driver_args.end());
  std::erase_if(command.args, [](const std::string& arg) { return arg == "-S" || arg == "-c"; });
  command.args.insert(command.args.end(),
                      {prepared.invocation.source, "-M", "-MT", std::string(kPrivateTarget)});
  const Result<os::CommandOutput> output = runner_->run(command);
  if (!output || output->exit_code != 0) {
    return std::nullopt;
  }
  return compiler::parse_depfile(output->out, private_request(), prepared.invocation.family);
}

namespace {

// The files of a report, by what they are.
struct ReportedFiles {
  struct Present {
    compiler::OutputRole role;
    int fd;
    os::FileStamp stamp;
  };
  std::vector<Present> outputs;
  int depfile = -1;
  int memory_file = -1;
};

std::optional<Bypass> sort_reported(const compiler::Invocation& invocation, const wire::Done& done,
                                    const std::vector<os::Fd>& fds, ReportedFiles& out) {
  const std::size_t expected = reported_paths(invocation).size();
  if (done.present.size() != expected) {
    return Bypass{Reason::kInternalError, "the report does not fit the request"};
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < expected; ++i) {
    if (!done.present[i]) {
      continue;
    }
    if (next == fds.size()) {
      return Bypass{Reason::kInternalError, "the report lacks a descriptor"};
    }
    const int fd = fds[next++].get();
    if (i == invocation.outputs.size()) {
      out.depfile = fd;
      continue;
    }
    const Result<os::FileStamp> stamp = os::stat_fd(fd);
    if (!stamp || !stamp->is_regular()) {
      return Bypass{Reason::kBadOutputFile, invocation.outputs[i].path};
    }
    out.outputs.push_back({.role = invocation.outputs[i].role, .fd = fd, .stamp = *stamp});
  }
  if (done.has_memory_file && next < fds.size()) {
    out.memory_file = fds[next].get();
  }
  const bool has_object =
      !out.outputs.empty() && out.outputs.front().role == compiler::OutputRole::kObject;
  if (!has_object || out.outputs.front().stamp.size_bytes == 0) {
    return Bypass{Reason::kCompilerProducedNoOutput, invocation.outputs.front().path};
  }
  return std::nullopt;
}

// The list of inputs in the order of the depfile, and which of them the user's depfile names.
struct InputList {
  std::vector<std::string> paths;
  std::vector<std::uint8_t> user;
};

Bypass not_understood(const char* why) {
  return Bypass{.reason = Reason::kDepfileNotUnderstood, .detail = why};
}

std::optional<std::string> read_whole(int fd) {
  if (fd < 0 || ::lseek(fd, 0, SEEK_SET) != 0) {
    return std::nullopt;
  }
  Result<std::string> text = os::read_fd(fd, kDepfileBytesMax);
  return text ? std::optional(*std::move(text)) : std::nullopt;
}

// What the depfile names, once it is certain that we could write the same one.
std::optional<Bypass> read_depfile(const compiler::Invocation& invocation,
                                   const ReportedFiles& reported, InputList& out) {
  const bool is_private = invocation.dep.style == DepStyle::kNone;
  const std::optional<std::string> text =
      read_whole(is_private ? reported.memory_file : reported.depfile);
  if (!text) {
    return not_understood("the compiler wrote no depfile");
  }
  const compiler::DepRequest request = is_private ? private_request() : invocation.dep;
  auto listed = compiler::parse_depfile(*text, request, invocation.family);
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

}  // namespace

namespace {

// Learns one run step by step; each step says why the result cannot be stored, or nothing.
class Recording {
 public:
  Recording(const os::FileSystem& fs, store::Store& store, files::FileCache& files,
            ScanCache& scans, const Prepared& prepared)
      : fs_(fs), store_(store), files_(files), scans_(scans), prepared_(prepared) {}

  std::optional<Bypass> read_inputs(const InputList& inputs);
  std::optional<Bypass> find_absences(const compiler::SearchPath& search);
  std::optional<Bypass> check_set(InputTable& table);
  std::optional<Bypass> put_outputs(const ReportedFiles& reported, const wire::Done& done);
  std::shared_ptr<const PreparedSet> commit();

 private:
  bool is_too_new(const os::FileStamp& stamp) const {
    return std::max(stamp.mtime_ns, stamp.ctime_ns) >=
           prepared_.start_ns - limits::kTimestampGranuleNs;
  }
  bool gch_matters() const { return prepared_.invocation.family == compiler::Family::kGcc; }
  std::optional<std::string> present_gch() const;
  std::vector<std::string> forced_headers() const;
  std::optional<Bypass> check_directives(const std::string& path,
                                         const compiler::ScanFacts& facts) const;
  bool pastes_time_macro() const;
  std::optional<Bypass> add_extra(const std::string& path);
  std::optional<Bypass> put(std::uint8_t role, std::string_view text);

  const os::FileSystem& fs_;
  store::Store& store_;
  files::FileCache& files_;
  ScanCache& scans_;
  const Prepared& prepared_;
  std::vector<ScannedInput> scanned_;
  store::InputSet set_;
  std::shared_ptr<const PreparedSet> prepared_set_;
  store::ResultRecord result_;
};

std::optional<Bypass> Recording::check_directives(const std::string& path,
                                                  const compiler::ScanFacts& facts) const {
  const auto unsupported = [&](const char* what) {
    return Bypass{Reason::kUnsupportedCodeDirective, path + ": " + what};
  };
  // gcc takes the time from SOURCE_DATE_EPOCH, which is in the key; clang only in later versions.
  const bool time_is_fixed = prepared_.invocation.family == compiler::Family::kGcc &&
                             !prepared_.env.get("SOURCE_DATE_EPOCH").empty();
  if ((facts.time_macro || facts.date_macro) && !time_is_fixed) {
    return unsupported("__DATE__ or __TIME__");
  }
  if (facts.timestamp_macro) {
    return unsupported("__TIMESTAMP__");
  }
  if (facts.time_macro_part && !time_is_fixed) {
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

bool Recording::pastes_time_macro() const {
  const auto any = [&](bool compiler::ScanFacts::* fact) {
    return std::ranges::any_of(scanned_,
                               [&](const ScannedInput& input) { return (*input.facts).*fact; });
  };
  return any(&compiler::ScanFacts::time_word) && any(&compiler::ScanFacts::closing_underscores);
}

std::optional<Bypass> Recording::read_inputs(const InputList& inputs) {
  if (inputs.paths.size() > limits::kInputsMax) {
    return Bypass{Reason::kUnreadableInput, "more inputs than are kept"};
  }
  const auto add = [&](const std::string& path) -> std::optional<Bypass> {
    const Result<ScannedFile> found = scans_.look(prepared_.directory.handle(), path.c_str());
    if (!found) {
      const bool changing =
          found.error().code == Code::kUnavailable || found.error().code == Code::kNotFound;
      return Bypass{changing ? Reason::kModifiedInputFile : Reason::kUnreadableInput, path};
    }
    if (is_too_new(found->file.stamp)) {
      return Bypass{Reason::kModifiedInputFile, path};
    }
    if (path == prepared_.invocation.source && found->file.digest != prepared_.source) {
      return Bypass{Reason::kModifiedInputFile, path};
    }
    if (auto bypass = check_directives(path, *found->facts)) {
      return bypass;
    }
    set_.deps.push_back(store_.intern({.path = path, .digest = found->file.digest}));
    scanned_.push_back({.path = path, .facts = found->facts});
    return std::nullopt;
  };
  for (const std::string& path : inputs.paths) {
    if (auto bypass = add(path)) {
      return bypass;
    }
  }
  if (pastes_time_macro()) {
    return Bypass{Reason::kUnsupportedCodeDirective, "## may make __DATE__ or __TIME__"};
  }
  set_.user_deps = inputs.user;
  for (const std::string& path : prepared_.invocation.key_files) {
    if (auto bypass = add_extra(path)) {
      return bypass;
    }
  }
  return std::nullopt;
}

// An input that is in no depfile.
std::optional<Bypass> Recording::add_extra(const std::string& path) {
  const Result<files::KnownFile> file = files_.look(prepared_.directory.handle(), path.c_str());
  if (!file || is_too_new(file->stamp)) {
    return Bypass{Reason::kModifiedInputFile, path};
  }
  set_.extra.push_back(store_.intern({.path = path, .digest = file->digest}));
  return std::nullopt;
}

std::optional<Bypass> Recording::find_absences(const compiler::SearchPath& search) {
  AbsenceFinder finder(fs_, search, prepared_.directory.handle(), gch_matters());
  std::vector<std::string> absent = finder.find(scanned_, forced_headers());
  absent.insert(absent.end(), prepared_.invocation.must_be_absent.begin(),
                prepared_.invocation.must_be_absent.end());
  for (const std::string& path : absent) {
    set_.absent.push_back(store_.intern({.path = path, .digest = std::nullopt}));
  }
  // A file that would have been found, had it been there, and came only now.
  for (const std::string& path : finder.bystanders()) {
    os::FileStamp stamp;
    if (fs_.stat(prepared_.directory.handle(), path.c_str(), stamp) != 0 || is_too_new(stamp)) {
      return Bypass{Reason::kModifiedInputFile, path};
    }
  }
  for (const std::string& path : finder.tested()) {
    if (auto bypass = add_extra(path)) {
      return bypass;
    }
  }
  return std::nullopt;
}

std::optional<Bypass> Recording::check_set(InputTable& table) {
  codec::KeyHasher key("zccache-result-1");
  key.field("manifest", prepared_.manifest_key.view());
  for (const auto* ids : {&set_.deps, &set_.extra, &set_.absent}) {
    key.field("count", ids->size());
    for (const store::InputId id : *ids) {
      const std::optional<store::Input> input = store_.input(id);
      if (!input) {
        return Bypass{Reason::kStoreUnavailable, "an input could not be remembered"};
      }
      key.field("path", input->path);
      key.field("content", input->digest ? input->digest->view() : std::string_view{});
    }
  }
  set_.result = key.finish();

  prepared_set_ = engine::prepare(set_, table);
  const Freshness freshness{.fs = &fs_, .cache = &files_};
  if (prepared_set_ == nullptr) {
    return Bypass{Reason::kStoreUnavailable, "an input could not be remembered"};
  }
  if (freshness.holds(*prepared_set_, prepared_.directory.handle(), gch_matters(), nullptr)) {
    return std::nullopt;
  }
  if (const std::optional<std::string> gch = present_gch()) {
    return Bypass{Reason::kCouldNotUsePrecompiledHeader, *gch};
  }
  return Bypass{Reason::kModifiedInputFile, "an input changed during the compile"};
}

// A precompiled header that gcc may have taken, without a trace in the depfile.
std::optional<std::string> Recording::present_gch() const {
  if (!gch_matters()) {
    return std::nullopt;
  }
  const auto present = [&](const std::string& path) {
    return presence_of(fs_, prepared_.directory.handle(), path) != Presence::kAbsent;
  };
  for (const auto* ids : {&set_.deps, &set_.absent}) {
    for (const store::InputId id : *ids) {
      const std::optional<store::Input> input = store_.input(id);
      if (!input || input->path.ends_with('/')) {
        continue;
      }
      std::string gch = input->path.ends_with(".gch") ? input->path : input->path + ".gch";
      if (present(gch)) {
        return gch;
      }
    }
  }
  return std::nullopt;
}

// Headers named by -include and -imacros.
std::vector<std::string> Recording::forced_headers() const {
  std::vector<std::string> out;
  for (const std::string_view arg : prepared_.invocation.key_args) {
    for (const std::string_view option : {"-include", "-imacros"}) {
      if (arg.starts_with(option) && arg.size() > option.size() && arg[option.size()] == '\0') {
        out.emplace_back(arg.substr(option.size() + 1));
      }
    }
  }
  return out;
}

std::optional<Bypass> Recording::put(std::uint8_t role, std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const Result<Digest> blob = store_.put_blob(text);
  if (!blob) {
    return Bypass{Reason::kStoreUnavailable, blob.error().message};
  }
  result_.outputs.push_back({.role = role, .blob = *blob, .size_bytes = text.size()});
  return std::nullopt;
}

std::optional<Bypass> Recording::put_outputs(const ReportedFiles& reported,
                                             const wire::Done& done) {
  for (const ReportedFiles::Present& output : reported.outputs) {
    if (output.stamp.size_bytes > limits::kBlobBytesMax) {
      return Bypass{Reason::kStoreUnavailable, "an output is larger than the store keeps"};
    }
    const Result<Digest> blob = store_.put_blob(output.fd, output.stamp.size_bytes);
    if (!blob) {
      return Bypass{Reason::kStoreUnavailable, blob.error().message};
    }
    result_.outputs.push_back({.role = static_cast<std::uint8_t>(output.role),
                               .blob = *blob,
                               .size_bytes = output.stamp.size_bytes,
                               .executable = (output.stamp.mode & 0100) != 0});
  }
  if (auto bypass = put(store::kStdout, done.out)) {
    return bypass;
  }
  if (auto bypass = put(store::kStderr, done.err)) {
    return bypass;
  }
  result_.compile_ns = done.duration_ns;
  return std::nullopt;
}

std::shared_ptr<const PreparedSet> Recording::commit() {
  store_.record(prepared_.manifest_key, std::move(set_), std::move(result_));
  return std::move(prepared_set_);
}

}  // namespace

std::optional<Bypass> Engine::record(const Prepared& prepared, const wire::Done& done,
                                     const std::vector<os::Fd>& fds) {
  if (done.signalled || done.exit_code != 0) {
    return Bypass{Reason::kCompileFailed, {}};
  }
  if (done.streams_too_large) {
    return Bypass{Reason::kMessagesTooLarge, {}};
  }
  ReportedFiles reported;
  if (auto bypass = sort_reported(prepared.invocation, done, fds, reported)) {
    return bypass;
  }
  const auto search = search_paths_.find(prepared.tool, *prepared.toolchain, prepared.invocation,
                                         prepared.env, prepared.cwd);
  if (!search) {
    return Bypass{Reason::kCompilerCheckFailed, search.error().message};
  }
  InputList inputs;
  if (auto bypass = read_depfile(prepared.invocation, reported, inputs)) {
    return bypass;
  }
  if (prepared.invocation.dep.style == DepStyle::kUser) {
    if (auto bypass = add_system_inputs(prepared.all_inputs, inputs)) {
      return bypass;
    }
  }
  Recording recording(*fs_, *store_, *files_, scans_, prepared);
  if (auto bypass = recording.read_inputs(inputs)) {
    return bypass;
  }
  if (auto bypass = recording.find_absences(**search)) {
    return bypass;
  }
  std::shared_ptr<InputTable> table;
  {
    const std::lock_guard lock(mutex_);
    table = table_;
  }
  if (auto bypass = recording.check_set(*table)) {
    return bypass;
  }
  if (auto bypass = recording.put_outputs(reported, done)) {
    return bypass;
  }
  (void)manifest(prepared.manifest_key);  // loads the older sets, if there are any
  keep_recorded(prepared.manifest_key, recording.commit(), std::move(table));
  return std::nullopt;
}

void Engine::forget() {
  const std::lock_guard lock(mutex_);
  manifests_.clear();
  manifest_bytes_ = 0;
  table_ = std::make_shared<InputTable>(*store_);
}

Engine::Engine(const Dependencies& dependencies)
    : fs_(&dependencies.fs),
      files_(&dependencies.files),
      runner_(&dependencies.runner),
      store_(&dependencies.store),
      host_cpu_(dependencies.host_cpu),
      toolchains_(dependencies.fs, dependencies.files, dependencies.runner),
      search_paths_(dependencies.fs, dependencies.runner),
      scans_(dependencies.fs, dependencies.files),
      table_(std::make_shared<InputTable>(dependencies.store)) {}

}  // namespace zc::engine
