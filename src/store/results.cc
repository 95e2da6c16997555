#include "store/results.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "os/clock.h"
#include "store/records.h"

namespace zc::store {

namespace {

std::string key_of(const Digest& digest) {
  return std::string(digest.view());
}

std::string time_bytes(std::int64_t ns) {
  ByteWriter out;
  out.u64(static_cast<std::uint64_t>(ns));
  return out.take();
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

std::optional<std::int64_t> Results::use_time(std::string_view bytes) {
  if (bytes.size() != sizeof(std::int64_t)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(ByteReader(bytes).u64());
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
  inputs_.write({{Table::kResults, result_key,
                  encode(StoredResult{.record = std::move(result), .stored_ns = now})},
                 {Table::kAccess, result_key, time_bytes(now)},
                 {Table::kManifests, key_of(manifest_key), encode(manifest)}});
}

void Results::touch(const Digest& result_key) {
  queue_.write({{Table::kAccess, key_of(result_key), time_bytes(os::wall_ns())}},
               WriteQueue::Durability::kWhenever);
}

bool Results::remove_unless_used_since(const Digest& key, std::int64_t ns) {
  const MutexLock lock(mutex_);
  // A hit may have used it since the evictor made its list.
  const auto used = queue_.get(Table::kAccess, key.view());
  if (used && use_time(*used).value_or(0) > ns) {
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
