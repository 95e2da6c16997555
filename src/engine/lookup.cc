// Engine::lookup: is there a remembered set of inputs that holds now, and is its result whole?

#include <algorithm>

#include "base/limits.h"
#include "engine/engine.h"
#include "engine/inputs/freshness.h"

namespace zc::engine {

namespace {

// Memory for loaded manifests, and entries of the table of inputs that they share. Above it all are
// dropped and loaded again as needed, which costs microseconds each.
constexpr std::size_t kLoadedBytesMax = std::size_t{16} << 20;
constexpr std::size_t kTableEntriesMax = 100'000;

// A frame carries so many descriptors; of what comes beyond them, its bytes, unless they are many.
bool fits_the_frame(const HitReply& answer, store::Blob& blob) {
  constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 20;
  if (!blob.fd || answer.fds.size() < limits::kFrameFdsMax) {
    return true;
  }
  Result<std::string> bytes = blob.size_bytes > kBytesMax
                                  ? Result<std::string>(fail(Code::kInvalid, {}))
                                  : os::read_fd(blob.fd.get(), kBytesMax);
  if (!bytes) {
    return false;
  }
  blob.bytes = *std::move(bytes);
  blob.fd.reset();
  return true;
}

}  // namespace

std::optional<Product> CacheableCompile::product_of(const store::Output& output) const {
  const auto it = std::ranges::find(products, output.role, &Product::role);
  return it == products.end() || !output.name.empty() ? std::nullopt : std::optional(*it);
}

std::shared_ptr<const LoadedManifest> Engine::manifest(const Digest& key) {
  std::shared_ptr<InputTable> table;
  {
    const MutexLock lock(mutex_);
    if (const auto it = manifests_.find(key); it != manifests_.end()) {
      return it->second;
    }
    table = table_;
  }
  const std::optional<store::Manifest> stored = store_.manifest(key);
  if (!stored) {
    return nullptr;
  }
  auto fresh = std::make_shared<LoadedManifest>();
  fresh->table = table;
  for (const store::InputSet& set : stored->sets) {
    if (auto loaded = load_input_set(set, *table)) {
      fresh->sets.push_back(std::move(loaded));
    }
  }
  keep(key, fresh);
  return fresh;
}

void Engine::keep(const Digest& key, std::shared_ptr<const LoadedManifest> manifest) {
  const MutexLock lock(mutex_);
  const std::size_t bytes = manifest->bytes();
  if (manifest_bytes_ + bytes > kLoadedBytesMax) {
    manifests_.clear();
    manifest_bytes_ = 0;
    if (table_->size() > kTableEntriesMax) {
      table_ = std::make_shared<InputTable>(store_);
    }
  }
  if (const auto it = manifests_.find(key); it != manifests_.end()) {
    manifest_bytes_ -= it->second->bytes();
  }
  manifests_.insert_or_assign(key, std::move(manifest));
  manifest_bytes_ += bytes;
}

// Puts a set that has just been recorded, and found to hold, in front of what is known: the next
// look-up need not load and verify it anew.
void Engine::keep_recorded(const Digest& key, std::shared_ptr<const LoadedSet> set,
                           std::shared_ptr<InputTable> table) {
  auto fresh = std::make_shared<LoadedManifest>();
  fresh->sets.push_back(std::move(set));
  {
    const MutexLock lock(mutex_);
    if (const auto it = manifests_.find(key); it != manifests_.end()) {
      if (it->second->table != table) {
        // Its entries are of another generation: the next look-up loads it anew.
        manifest_bytes_ -= it->second->bytes();
        manifests_.erase(it);
        return;
      }
      for (const auto& older : it->second->sets) {
        if (older->result != fresh->sets.front()->result &&
            fresh->sets.size() < limits::kInputSetsMax) {
          fresh->sets.push_back(older);
        }
      }
    }
  }
  fresh->table = std::move(table);
  keep(key, std::move(fresh));
}

std::optional<HitReply> Engine::lookup(const CacheableCompile& compile) {
  const std::shared_ptr<const LoadedManifest> found = manifest(compile.manifest_key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const Freshness freshness(fs_, files_);
  Observations seen;
  bool first = true;
  for (const std::shared_ptr<const LoadedSet>& set : found->sets) {
    if (freshness.holds(*set, compile, first ? nullptr : &seen)) {
      if (std::optional<HitReply> answer = assemble(compile, *set)) {
        store_.touch(set->result);
        return answer;
      }
    }
    first = false;
  }
  return std::nullopt;
}

std::optional<HitReply> Engine::assemble(const CacheableCompile& compile, const LoadedSet& set) {
  TRY_ASSIGN(const store::ResultRecord record, store_.result(set.result));
  HitReply answer;
  answer.compile_ns = record.compile_ns;
  answer.hit.forced_colour = compile.forces_colour;
  for (const store::Output& output : record.outputs) {
    Result<store::Blob> blob = store_.blob(output.blob);
    if (!blob) {
      return std::nullopt;
    }
    if (output.role == store::kStdout || output.role == store::kStderr) {
      if (blob->fd) {
        Result<std::string> text = os::read_fd(blob->fd.get(), limits::kFrameBytesMax);
        if (!text) {
          return std::nullopt;
        }
        blob->bytes = *std::move(text);
      }
      if (output.role == store::kStdout) {
        answer.hit.out = answer.texts.emplace_back(std::move(blob->bytes));
        continue;
      }
      TRY_ASSIGN(std::string text, compile.decode_messages(std::move(blob->bytes)));
      answer.hit.err = answer.texts.emplace_back(std::move(text));
      continue;
    }
    std::optional<Product> target = compile.product_of(output);
    if (!target || !fits_the_frame(answer, *blob)) {
      return std::nullopt;
    }
    wire::HitFile& file = answer.hit.files.emplace_back();
    file.path = answer.texts.emplace_back(std::move(target->path));
    file.executable = output.executable;
    file.keeps_mode = target->keeps_mode;
    file.size_bytes = blob->size_bytes;
    if (blob->fd) {
      file.has_fd = true;
      answer.fds.push_back(std::move(blob->fd));
    } else {
      file.bytes = answer.texts.emplace_back(std::move(blob->bytes));
    }
  }
  if (compile.depfile) {
    wire::HitFile& file = answer.hit.files.emplace_back();
    file.path = *compile.depfile;
    file.keeps_mode = true;
    file.bytes = answer.texts.emplace_back(compile.generate_depfile(set));
    file.size_bytes = file.bytes.size();
  }
  return answer;
}

}  // namespace zc::engine
