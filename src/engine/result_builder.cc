#include "engine/result_builder.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/limits.h"
#include "engine/inputs/input_text.h"
#include "engine/inputs/path_presence.h"
#include "os/fine_times.h"
#include "os/read_parts.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

// Files that one depfile lists; above it the compile is not stored.
constexpr std::size_t kInputsMax = 200'000;

// Whether the file still holds what was read from it. A writer that maps it leaves no other trace.
bool has_content(int fd, const os::FileStamp& stamp, const Digest& digest) {
  codec::Hasher hasher;
  const Result<> read = os::read_parts(fd, stamp.size_bytes, [&](std::string_view part) {
    hasher.update(part);
    return Result<>();
  });
  return read && hasher.finish() == digest;
}

store::Output kept_as(const FurtherOutput& output) {
  return {.role = output.role,
          .executable = (output.mode & 0100) != 0,
          .name = output.name,
          .kind = output.kind,
          .mode = output.mode,
          .is_rewritten = output.is_rewritten};
}

}  // namespace

// --- inputs

OrBypass<> ResultBuilder::take(const InputList& list) {
  if (list.deps.size() > kInputsMax) {
    return bypass(Reason::kUnreadableInput, "more inputs than are kept");
  }
  for (const ReadFile& dep : list.deps) {
    TRY_ASSIGN(const store::Input input, hashed(dep));
    if (dep.path == compile_.source && input.digest != compile_.source_digest) {
      return bypass(Reason::kModifiedInputFile, dep.path);
    }
    set_.deps.push_back(intern(input));
  }
  for (const ReadFile& file : list.files) {
    TRY_ASSIGN(const store::Input input, hashed(file));
    keep(input);
  }
  take_absences(list.absences);
  for (const store::Input& fact : list.facts) {
    keep(fact);
  }
  return {};
}

// A change after the run has read the file would have given it a later stamp.
OrBypass<store::Input> ResultBuilder::hashed(const ReadFile& file) {
  const Result<files::KnownFile> known =
      file.known ? Result<files::KnownFile>(*file.known)
                 : files_.look(compile_.directory.handle(), file.path.c_str());
  if (!known && known.error().code == Code::kInvalid) {
    return bypass(Reason::kUnreadableInput, file.path);
  }
  if (!known || is_too_new(known->stamp, file.seen_ns) || moved_.are_on_way_to(file.path)) {
    return bypass(Reason::kModifiedInputFile, file.path);
  }
  return store::Input{
      .kind = file.is_plain ? store::InputKind::kPlainFile : store::InputKind::kFile,
      .root = file.kept.root,
      .name = file.kept.path,
      .digest = known->digest};
}

// By directory: of several names in one, the first is an absence, the others are names beside it.
void ResultBuilder::take_absences(const std::vector<RootedPath>& absences) {
  struct Directory {
    const RootedPath* first = nullptr;
    std::unordered_set<std::string_view> names;
    std::vector<std::string_view> further;  // those but for the first, in their order
  };
  std::vector<Directory> directories;
  std::map<std::string_view, std::unordered_map<std::string_view, std::size_t>> numbers;  // by root
  for (const RootedPath& path : absences) {
    const SplitPath split = split_path(path.path);
    const auto [number, is_new] =
        numbers[path.root].try_emplace(split.directory, directories.size());
    if (is_new) {
      directories.push_back({.first = &path, .names = {split.name}});
    } else if (directories[number->second].names.insert(split.name).second) {
      directories[number->second].further.push_back(split.name);
    }
  }
  std::unordered_map<std::string_view, store::InputId> ids;  // of names
  for (const Directory& directory : directories) {
    keep({.kind = store::InputKind::kAbsence,
          .root = directory.first->root,
          .name = directory.first->path});
    for (const std::string_view name : directory.further) {
      const auto [id, is_new] = ids.try_emplace(name, store::kNoInput);
      if (is_new) {
        id->second = intern({.kind = store::InputKind::kAbsentName, .name = std::string(name)});
      }
      set_.others.push_back(id->second);
    }
  }
}

void ResultBuilder::keep(const store::Input& input) {
  const store::InputId id = intern(input);
  if (kept_.insert(id).second) {
    set_.others.push_back(id);
  }
}

store::InputId ResultBuilder::intern(const store::Input& input) {
  const store::InputId id = store_.intern(input);
  inputs_.try_emplace(id, input);
  return id;
}

// Inputs enter by what they are, not by their numbers in the store: those are given anew when the
// store has been cleared. The count separates inputs that the depfile lists from all others.
Digest ResultBuilder::make_result_key() const {
  codec::KeyHasher key("zccache-result-2");
  key.field("manifest", key_.view());
  key.field("deps", set_.deps.size());
  const auto add = [&](store::InputId id) {
    const store::Input& input = inputs_.at(id);
    if (input.kind == store::InputKind::kAbsentName) {
      key.field("beside", input.name);
      return;
    }
    key.field("kind", static_cast<std::uint64_t>(input.kind));
    key.field("root", input.root);
    key.field("name", input.name);
    key.field("content", input.digest ? input.digest->view() : std::string_view{});
  };
  std::ranges::for_each(set_.deps, add);
  std::ranges::for_each(set_.others, add);
  return key.finish();
}

OrBypass<> ResultBuilder::check_set(InputTable& table) {
  set_.result = make_result_key();
  for (const auto& [id, input] : inputs_) {
    if (id == store::kNoInput) {
      return bypass(Reason::kStoreUnavailable, "an input could not be remembered");
    }
    table.add(id, input);
  }
  loaded_set_ = load_input_set(set_, table);
  if (loaded_set_ == nullptr) {
    return bypass(Reason::kStoreUnavailable, "an input could not be remembered");
  }
  Freshness freshness(fs_, files_);
  if (freshness.holds(*loaded_set_, compile_, nullptr)) {
    return {};
  }
  const auto found = freshness.differences(*loaded_set_, compile_, 1);
  return bypass(Reason::kModifiedInputFile,
                found.empty() ? std::string() : text_of(found.front().input));
}

// --- outputs

OrBypass<> ResultBuilder::put_outputs(const InputList& list, const RunOutputs& outputs,
                                      const wire::RunReport& report, bool compares) {
  for (const RunOutputs::Output& output : outputs.outputs) {
    TRY(put(output, compares));
  }
  for (const FurtherOutput& output : list.further_outputs) {
    TRY(put(output));
  }
  for (const std::string& path : outputs.removed) {
    TRY(put_removed(path));
  }
  TRY(put_text(store::kStdout, report.out));
  TRY(put_text(store::kStderr, compile_.encode_messages(report.err)));
  result_.compile_ns = report.duration_ns;
  result_.exit_code = static_cast<std::uint8_t>(report.exit_code);
  return {};
}

OrBypass<> ResultBuilder::put(const RunOutputs::Output& output, bool compares) {
  store::Output kept = output.found
                           ? kept_as(*output.found)
                           : store::Output{.role = output.role,
                                           .executable = is_executable(output.role, output.stamp)};
  if (kept.kind != store::FileKind::kPlain) {
    return put_unread(std::move(kept), output.found->path);
  }
  if (!output.bytes) {
    return put(std::move(kept), output.fd, output.stamp, compares);
  }
  const Result<Digest> blob = store_.put_blob(*output.bytes);
  remember(output.fd, output.stamp, blob);
  return keep(std::move(kept), blob, output.stamp.size_bytes);
}

// A file that was there already, and may have been rewritten, may have its mode from before.
bool ResultBuilder::is_executable(std::uint8_t role, const os::FileStamp& stamp) const {
  const auto product = std::ranges::find(compile_.products, role, &Product::role);
  const bool has_own_mode =
      product != compile_.products.end() &&
      (product->old_file == wire::OldFile::kReplaced || product->before.ino == 0);
  return has_own_mode && (stamp.mode & 0100) != 0;
}

// The client sent no descriptor of this file, and nothing watches it, so it is always compared.
OrBypass<> ResultBuilder::put(const FurtherOutput& output) {
  if (output.kind != store::FileKind::kPlain) {
    return put_unread(kept_as(output), output.path);
  }
  const Result<os::Fd> fd = os::open_file(output.path, os::Open::kInspect);
  const Result<os::FileStamp> stamp =
      fd ? os::stat_fd(fd->get()) : Result<os::FileStamp>(std::unexpected(fd.error()));
  if (!stamp || !stamp->is_regular()) {
    return bypass(Reason::kBadOutputFile, output.path);
  }
  store::Output kept = kept_as(output);
  kept.executable = (stamp->mode & 0100) != 0;
  return put(std::move(kept), fd->get(), *stamp, true);
}

// What cannot be opened and read: a directory, of which there is only the name, or a symlink.
OrBypass<> ResultBuilder::put_unread(store::Output output, const std::string& path) {
  const bool is_link = output.kind == store::FileKind::kSymlink;
  const Result<std::string> text = is_link ? fs_.read_link(path) : Result<std::string>("");
  if (!text) {
    return bypass(Reason::kModifiedOutputFile, path);
  }
  return keep(std::move(output), store_.put_blob(*text), text->size());
}

// Without a comparison, a watch reports all changes of content (os/change_watch.h). The times and
// links of the file do not matter then: cargo changes both right after the compile.
OrBypass<> ResultBuilder::put(store::Output output, int fd, const os::FileStamp& stamp,
                              bool compares) {
  if (stamp.size_bytes > limits::kBlobBytesMax) {
    return bypass(Reason::kStoreUnavailable, "an output is larger than the store keeps");
  }
  const Result<Digest> blob = store_.put_blob(fd, stamp.size_bytes);
  const Result<os::FileStamp> now = os::stat_fd(fd);
  const bool is_same =
      now && (compares ? now->same_content_as(stamp) && (!blob || has_content(fd, stamp, *blob))
                       : now->size_bytes == stamp.size_bytes);
  if (!is_same) {
    return bypass(Reason::kModifiedOutputFile, compile_.source);
  }
  if (now->same_content_as(stamp)) {
    remember(fd, stamp, blob);
  }
  return keep(std::move(output), blob, stamp.size_bytes);
}

// A link, or a compile with this file as an input, need not read it again.
void ResultBuilder::remember(int fd, const os::FileStamp& stamp, const Result<Digest>& blob) {
  if (blob && os::shows_each_change(fd, stamp)) {
    files_.remember(stamp, *blob);
  }
}

// Of the mode, only whether the owner may execute the file is kept. On a hit, the umask of that
// client decides the rest.
OrBypass<> ResultBuilder::keep(store::Output output, const Result<Digest>& blob,
                               std::uint64_t size_bytes) {
  if (!blob) {
    return bypass(Reason::kStoreUnavailable, blob.error().message);
  }
  output.blob = *blob;
  output.size_bytes = size_bytes;
  result_.outputs.push_back(std::move(output));
  return {};
}

OrBypass<> ResultBuilder::put_removed(const std::string& path) {
  return keep({.role = store::kRemoved, .name = path}, store_.put_blob(""), 0);
}

// A stream that is empty has no output.
OrBypass<> ResultBuilder::put_text(std::uint8_t role, std::string_view text) {
  if (text.empty()) {
    return {};
  }
  const Result<Digest> blob = store_.put_blob(text);
  if (!blob) {
    return bypass(Reason::kStoreUnavailable, blob.error().message);
  }
  result_.outputs.push_back({.role = role, .blob = *blob, .size_bytes = text.size()});
  return {};
}

std::shared_ptr<const LoadedSet> ResultBuilder::commit() {
  store_.put_result(key_, std::move(set_), std::move(result_));
  return std::move(loaded_set_);
}

}  // namespace zc::engine
