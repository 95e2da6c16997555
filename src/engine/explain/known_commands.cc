#include "engine/explain/known_commands.h"

#include <algorithm>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "engine/explain/command_parts.h"
#include "engine/inputs/freshness.h"
#include "engine/inputs/input_text.h"

namespace zc::engine::explain {

namespace {

using history::Change;
using history::ChangeKind;
using history::Compared;
using history::Explanation;

// Of one command: what is beyond is of the same cause, as a rule.
constexpr std::size_t kChangesMax = 20;

// The output says what a command is about; of one without, the words do.
Digest name_of(const CacheableCompile& compile) {
  codec::KeyHasher key("zccache-known-command-1");
  key.field("cwd", compile.cwd);
  const std::string output = compile.main_output_path();
  key.field("output", output);
  if (output.empty()) {
    key.field("key", compile.manifest_key.view());
  }
  return key.finish();
}

// Under which the last command of a tool about a source of this name is found; in this directory,
// or in any.
Digest likeness_of(const CacheableCompile& compile, std::string_view cwd) {
  codec::KeyHasher key("zccache-like-command-1");
  key.field("cwd", cwd);
  key.field("tool", base_name(compile.tool));
  key.field("source", base_name(compile.source));
  return key.finish();
}

ChangeKind kind_for(store::InputKind kind) {
  using store::InputKind;
  switch (kind) {
    case InputKind::kFile:
    case InputKind::kPlainFile:
      return ChangeKind::kFile;
    case InputKind::kAbsence:
    case InputKind::kAbsentName:
      return ChangeKind::kNewFile;
    case InputKind::kVariable:
    case InputKind::kTrackedVariable:
    case InputKind::kPathVariable:
      return ChangeKind::kVariable;
    case InputKind::kEnvironment:
      return ChangeKind::kEnvironment;
    case InputKind::kProgram:
      return ChangeKind::kProgramOnPath;
    case InputKind::kDirectory:
    case InputKind::kLink:
    case InputKind::kRealPath:
    case InputKind::kSameFiles:
      return ChangeKind::kPath;
    case InputKind::kNames:
    case InputKind::kCrateNames:
    case InputKind::kListing:
      return ChangeKind::kNames;
    case InputKind::kMetadata:
    case InputKind::kTimeOfAccess:
    case InputKind::kFileTime:
      return ChangeKind::kMetadata;
    case InputKind::kLocalDay:
      return ChangeKind::kDate;
    case InputKind::kRoot:
      return ChangeKind::kRoot;
    case InputKind::kSpelledPaths:
      return ChangeKind::kDirectory;
    case InputKind::kTerminal:
      return ChangeKind::kTerminal;
    case InputKind::kOldOutput:
    case InputKind::kOtherModule:
      return ChangeKind::kOldOutput;
    case InputKind::kDepInfoForm:
      break;
  }
  return ChangeKind::kForm;
}

std::optional<std::string> shown(const std::optional<Digest>& digest) {
  return digest ? std::optional(history::short_text(*digest)) : std::nullopt;
}

// People know a directory by its path, not by the name of its root.
std::string path_of(const store::Input& input, const CacheableCompile& compile) {
  const auto root = input.root.empty() ? std::nullopt : compile.root_directory(input.root);
  std::string out = root ? str_cat(*root, input.name) : text_of_path(input.root, input.name);
  std::ranges::replace(out, '\0', ' ');
  // An absence of anything, directories included, ends with a slash.
  if (out.size() > 1 && out.ends_with('/')) {
    out.pop_back();
  }
  return out;
}

Change change_of(const InputDifference& found, const CacheableCompile& compile) {
  return {.kind = kind_for(found.input.kind),
          .name = path_of(found.input, compile),
          .before = shown(found.input.digest),
          .after = shown(found.now),
          .changed_ns = found.changed_ns};
}

const LoadedSet* set_of(const std::shared_ptr<const LoadedManifest>& manifest,
                        const Digest& result) {
  if (manifest == nullptr) {
    return nullptr;
  }
  const auto found =
      std::ranges::find(manifest->sets, result, [](const auto& set) { return set->result; });
  return found == manifest->sets.end() ? nullptr : found->get();
}

bool depends_on_environment(const LoadedSet& set) {
  return std::ranges::any_of(set.facts, [](const FactInput* fact) {
    return fact->kind == store::InputKind::kEnvironment;
  });
}

}  // namespace

void KnownCommands::remember(const CacheableCompile& compile, const std::optional<Digest>& result,
                             std::string_view reason) {
  const Digest name = name_of(compile);
  const Seen seen = {.manifest = compile.manifest_key, .result = result.value_or(Digest{})};
  {
    const MutexLock lock(mutex_);
    const Seen* const known = seen_.find(name);
    if (known != nullptr && *known == seen && reason.empty()) {
      return;
    }
    seen_.put(name, seen);
  }
  store::KnownCommand command = {.parts = parts_of(compile),
                                 .environment = {},
                                 .manifest = compile.manifest_key,
                                 .result = result,
                                 .reason = std::string(reason),
                                 .place = compile.cwd,
                                 .seen_ns = fs_.now_ns()};
  const auto manifest = result ? manifests_.find(compile.manifest_key) : nullptr;
  const LoadedSet* const set = result ? set_of(manifest, *result) : nullptr;
  if (set != nullptr && depends_on_environment(*set)) {
    command.environment = environment_of(compile);
  }
  store_.remember_command(name, command);
  store_.remember_command(likeness_of(compile, compile.cwd), command);
  store_.remember_command(likeness_of(compile, {}), command);
}

std::optional<store::KnownCommand> KnownCommands::find_like(const CacheableCompile& compile,
                                                            Compared& compared) {
  compared = Compared::kLast;
  if (auto known = store_.known_command(name_of(compile))) {
    return known;
  }
  compared = Compared::kNearest;
  if (auto known = store_.known_command(likeness_of(compile, compile.cwd))) {
    return known;
  }
  return store_.known_command(likeness_of(compile, {}));
}

Explanation KnownCommands::explain(const CacheableCompile& compile) {
  Explanation out;
  const std::optional<store::KnownCommand> last = find_like(compile, out.compared);
  if (!last) {
    return {};
  }
  out.place = last->place;
  out.seen_ns = last->seen_ns;
  out.reason = last->reason;
  out.changes = differences(last->parts, parts_of(compile));
  add_changed_inputs(compile, *last, out);
  out.changes.resize(std::min(out.changes.size(), kChangesMax));
  return out;
}

// Even if the words differ: the files that were read then may have changed as well.
void KnownCommands::add_changed_inputs(const CacheableCompile& compile,
                                       const store::KnownCommand& last, Explanation& out) {
  if (!last.result || out.changes.size() >= kChangesMax) {
    return;
  }
  const std::shared_ptr<const LoadedManifest> manifest = manifests_.find(last.manifest);
  const LoadedSet* const set = set_of(manifest, *last.result);
  if (set == nullptr) {
    out.reason = history::kEvicted;
    return;
  }
  const std::size_t most = kChangesMax - out.changes.size();
  for (const InputDifference& found :
       Freshness(fs_, files_, compile.known_looks()).differences(*set, compile, most)) {
    if (found.input.kind == store::InputKind::kEnvironment && !last.environment.empty()) {
      for (Change& change : differences(last.environment, environment_of(compile))) {
        add_once(std::move(change), out.changes);
      }
    } else {
      add_once(change_of(found, compile), out.changes);
    }
  }
  if (out.changes.empty()) {
    out.reason = history::kEvicted;
  }
}

void KnownCommands::forget() {
  const MutexLock lock(mutex_);
  seen_.clear();
}

}  // namespace zc::engine::explain
