#include "engine/result_builder.h"

#include <fcntl.h>

#include <algorithm>

#include "base/limits.h"
#include "os/read_parts.h"

namespace zc::engine {

using compiler::Bypass;
using compiler::Reason;

namespace {

// Inputs of one compile; above it the compile is not stored.
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

}  // namespace

std::optional<Bypass> ResultBuilder::add_dep(const std::string& path, const std::string& real,
                                             const files::KnownFile& file, std::int64_t seen_ns) {
  if (set_.deps.size() >= kInputsMax) {
    return Bypass{Reason::kUnreadableInput, "more inputs than are kept"};
  }
  if (is_too_new(file.stamp, seen_ns) || moved_directories_.are_on_way_to(real)) {
    return Bypass{Reason::kModifiedInputFile, real};
  }
  if (path == compile_.source && file.digest != compile_.source_digest) {
    return Bypass{Reason::kModifiedInputFile, path};
  }
  set_.deps.push_back(store_.intern({.path = path, .digest = file.digest}));
  return std::nullopt;
}

std::optional<Bypass> ResultBuilder::add_extra(const std::string& path, const std::string& real,
                                               std::int64_t seen_ns) {
  const Result<files::KnownFile> file = files_.look(compile_.directory.handle(), real.c_str());
  if (!file || is_too_new(file->stamp, seen_ns) || moved_directories_.are_on_way_to(real)) {
    return Bypass{Reason::kModifiedInputFile, real};
  }
  keep(set_.extra, {.path = path, .digest = file->digest});
  return std::nullopt;
}

void ResultBuilder::add_absent(const std::string& path) {
  keep(set_.absent, {.path = path, .digest = std::nullopt});
}

void ResultBuilder::keep(std::vector<store::InputId>& list, const store::Input& input) {
  const store::InputId id = store_.intern(input);
  if (kept_.insert(id).second) {
    list.push_back(id);
  }
}

void ResultBuilder::add_fact(std::string_view name) {
  const std::optional<Digest> told = compile_.fact(name);
  keep(told ? set_.extra : set_.absent, {.path = kFactMark + std::string(name), .digest = told});
}

std::optional<Bypass> ResultBuilder::check_bystander(const std::string& path) const {
  os::FileStamp stamp;
  if (fs_.stat(compile_.directory.handle(), path.c_str(), stamp) != 0 ||
      is_too_new(stamp, unread_ns())) {
    return Bypass{Reason::kModifiedInputFile, path};
  }
  return std::nullopt;
}

std::optional<Bypass> ResultBuilder::check_set(InputTable& table) {
  codec::KeyHasher key("zccache-result-1");
  key.field("manifest", compile_.manifest_key.view());
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

  loaded_set_ = engine::load_input_set(set_, table);
  if (loaded_set_ == nullptr) {
    return Bypass{Reason::kStoreUnavailable, "an input could not be remembered"};
  }
  const Freshness freshness(fs_, files_);
  if (freshness.holds(*loaded_set_, compile_, nullptr)) {
    return std::nullopt;
  }
  if (auto bypass = compile_.why_not_holding(*this)) {
    return bypass;
  }
  return Bypass{Reason::kModifiedInputFile, freshness.first_difference(*loaded_set_, compile_)};
}

std::optional<Bypass> ResultBuilder::put(std::uint8_t role, std::string_view text) {
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

std::optional<Bypass> ResultBuilder::keep(store::Output output, const Result<Digest>& blob,
                                          const os::FileStamp& stamp) {
  if (!blob) {
    return Bypass{Reason::kStoreUnavailable, blob.error().message};
  }
  output.blob = *blob;
  output.size_bytes = stamp.size_bytes;
  output.executable = (stamp.mode & 0100) != 0;
  result_.outputs.push_back(std::move(output));
  return std::nullopt;
}

std::optional<Bypass> ResultBuilder::put(store::Output output, int fd, const os::FileStamp& stamp,
                                         bool compares) {
  if (stamp.size_bytes > limits::kBlobBytesMax) {
    return Bypass{Reason::kStoreUnavailable, "an output is larger than the store keeps"};
  }
  const Result<Digest> blob = store_.put_blob(fd, stamp.size_bytes);
  const Result<os::FileStamp> now = os::stat_fd(fd);
  const bool is_same =
      now && (compares ? now->same_content_as(stamp) && (!blob || has_content(fd, stamp, *blob))
                       : now->size_bytes == stamp.size_bytes);
  return is_same ? keep(std::move(output), blob, stamp)
                 : std::optional(Bypass{Reason::kModifiedOutputFile, compile_.source});
}

std::optional<Bypass> ResultBuilder::put(const RunOutputs::Output& output, bool compares) {
  if (!output.bytes) {
    return put({.role = output.role}, output.fd, output.stamp, compares);
  }
  return keep({.role = output.role}, store_.put_blob(*output.bytes), output.stamp);
}

std::optional<Bypass> ResultBuilder::put(const FurtherOutput& output) {
  const Result<os::Fd> fd = os::open_path(output.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const Result<os::FileStamp> stamp =
      fd ? os::stat_fd(fd->get()) : Result<os::FileStamp>(std::unexpected(fd.error()));
  if (!stamp || !stamp->is_regular()) {
    return Bypass{Reason::kBadOutputFile, output.path};
  }
  return put({.role = output.role, .name = output.name}, fd->get(), *stamp, true);
}

std::optional<Bypass> ResultBuilder::put_outputs(const RunOutputs& report,
                                                 const wire::RunReport& done, bool compares) {
  for (const RunOutputs::Output& output : report.outputs) {
    if (auto bypass = put(output, compares)) {
      return bypass;
    }
  }
  for (const FurtherOutput& output : further_outputs_) {
    if (auto bypass = put(output)) {
      return bypass;
    }
  }
  if (auto bypass = put(store::kStdout, done.out)) {
    return bypass;
  }
  if (auto bypass = put(store::kStderr, compile_.encode_messages(done.err))) {
    return bypass;
  }
  result_.compile_ns = done.duration_ns;
  return std::nullopt;
}

std::shared_ptr<const LoadedSet> ResultBuilder::commit() {
  store_.put_result(compile_.manifest_key, std::move(set_), std::move(result_));
  return std::move(loaded_set_);
}

}  // namespace zc::engine
