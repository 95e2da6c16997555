#include "store/results.h"

#include <algorithm>
#include <initializer_list>

#include "base/bytes.h"
#include "base/limits.h"
#include "os/clock.h"
#include "store/records.h"

namespace zc::store {

namespace {

std::string key_of(const Digest& digest) {
  return std::string(digest.view());
}

constexpr std::string_view kUsedBytes = "used_bytes";

std::string number_bytes(std::initializer_list<std::uint64_t> numbers) {
  ByteWriter out;
  for (const std::uint64_t number : numbers) {
    out.u64(number);
  }
  return out.take();
}

std::uint64_t stored_volume(const WriteQueue& queue) {
  const std::optional<std::string> bytes = queue.get(Table::kMeta, kUsedBytes);
  return bytes && bytes->size() == sizeof(std::uint64_t) ? ByteReader(*bytes).u64() : 0;
}

bool same_inputs(const InputSet& a, const InputSet& b) {
  return a.deps == b.deps && a.others == b.others;
}

bool is_usable(const InputSet& set) {
  const auto has_no_id = [](const std::vector<InputId>& ids) {
    return std::ranges::find(ids, kNoInput) != ids.end();
  };
  return !has_no_id(set.deps) && !has_no_id(set.others);
}

}  // namespace

Results::Results(WriteQueue& queue, Inputs& inputs)
    : queue_(queue), inputs_(inputs), volume_(stored_volume(queue)) {}

std::optional<Results::Use> Results::use_in(std::string_view bytes) {
  ByteReader in(bytes);
  Use out = {.time_ns = static_cast<std::int64_t>(in.u64()), .volume = {}};
  if (!in.done()) {
    out.volume = in.u64();
  }
  return in.bad() || !in.done() ? std::nullopt : std::optional(out);
}

std::uint64_t Results::bytes_of(const std::vector<Output>& outputs) {
  std::uint64_t bytes = kRecordBytes;
  for (const Output& output : outputs) {
    bytes += output.size_bytes;
  }
  return bytes;
}

// The volume is written with each use, so that it grows over the daemons that use the store.
std::vector<Write> Results::used_now(const Digest& key, std::int64_t now_ns, std::uint64_t bytes) {
  const std::uint64_t volume = volume_ += bytes;
  return {{Table::kAccess, key_of(key), number_bytes({static_cast<std::uint64_t>(now_ns), volume})},
          {Table::kMeta, std::string(kUsedBytes), number_bytes({volume})}};
}

std::optional<Manifest> Results::manifest(const Digest& key) const {
  const auto bytes = queue_.get(Table::kManifests, key.view());
  return bytes ? decode_manifest(*bytes) : std::nullopt;
}

std::optional<ResultRecord> Results::result(const Digest& key) const {
  const auto bytes = queue_.get(Table::kResults, key.view());
  TRY_ASSIGN(StoredResult stored, bytes ? decode_result(*bytes) : std::nullopt);
  stored.record.stored_ns = stored.stored_ns;
  return std::move(stored.record);
}

bool Results::has_result(const Digest& key) const {
  return queue_.get(Table::kResults, key.view()).has_value();
}

void Results::put_result(const Digest& manifest_key, InputSet set, ResultRecord result) {
  if (!is_usable(set) || result.outputs.size() > kOutputsMax) {
    return;
  }
  const std::int64_t now = os::wall_ns();
  const std::string result_key = key_of(set.result);
  const MutexLock lock(mutex_);
  Manifest manifest = this->manifest(manifest_key).value_or(Manifest{});
  std::erase_if(manifest.sets, [&](const InputSet& old) { return same_inputs(old, set); });
  manifest.sets.insert(manifest.sets.begin(), std::move(set));
  if (manifest.sets.size() > limits::kInputSetsMax) {
    manifest.sets.resize(limits::kInputSetsMax);
  }
  // One group: no reader, and no crash, finds the set in the manifest without its result.
  std::vector<Write> group = used_now(manifest.sets.front().result, now, bytes_of(result.outputs));
  group.push_back({Table::kResults, result_key,
                   encode(StoredResult{.record = std::move(result), .stored_ns = now})});
  group.push_back({Table::kManifests, key_of(manifest_key), encode(manifest)});
  inputs_.write(std::move(group));
}

std::optional<std::uint64_t> Results::touch(const Digest& result_key, std::uint64_t output_bytes) {
  const std::optional<std::string> before = queue_.get(Table::kAccess, result_key.view());
  const std::optional<Use> last = before ? use_in(*before) : std::nullopt;
  const std::uint64_t bytes = kRecordBytes + output_bytes;
  const std::uint64_t volume = volume_ + bytes;
  queue_.write(used_now(result_key, os::wall_ns(), bytes), WriteQueue::Durability::kWhenever);
  if (!last || !last->volume || *last->volume > volume) {
    return std::nullopt;
  }
  // A round of the evictor ends a tenth below the limit.
  const std::uint64_t room = volume - *last->volume;
  return room + room / 9;
}

bool Results::remove_unless_used_since(const Digest& key, std::int64_t ns) {
  const MutexLock lock(mutex_);
  // A hit may have used it since the evictor made its list.
  const auto used = queue_.get(Table::kAccess, key.view());
  if (used && use_in(*used).value_or(Use()).time_ns > ns) {
    return false;
  }
  remove_locked(key);
  return true;
}

void Results::remove(const Digest& key) {
  const MutexLock lock(mutex_);
  remove_locked(key);
}

void Results::remove_locked(const Digest& key) {
  queue_.write(
      {{Table::kResults, key_of(key), std::nullopt}, {Table::kAccess, key_of(key), std::nullopt}});
}

void Results::prune_manifest(const Digest& key) {
  const MutexLock lock(mutex_);
  std::optional<Manifest> manifest = this->manifest(key);
  if (!manifest) {
    queue_.write({{Table::kManifests, key_of(key), std::nullopt}});
    return;
  }
  std::erase_if(manifest->sets, [this](const InputSet& set) { return !has_result(set.result); });
  if (manifest->sets.empty()) {
    queue_.write({{Table::kManifests, key_of(key), std::nullopt}});
  } else {
    inputs_.write({{Table::kManifests, key_of(key), encode(*manifest)}});
  }
}

}  // namespace zc::store
