// Engine::lookup: is there a remembered set of inputs that holds now, and is its result whole?

#include <algorithm>

#include "base/limits.h"
#include "compiler/depfile.h"
#include "engine/engine.h"

namespace zc::engine {

namespace {

// Memory for prepared manifests and for the inputs they share. Above it all are dropped and loaded
// again as needed, which costs microseconds each.
constexpr std::size_t kManifestBytesMax = std::size_t{16} << 20;
constexpr std::size_t kTableEntriesMax = 100'000;

bool writes_assembly(const compiler::Invocation& invocation) {
  return std::ranges::find(invocation.key_args, "-S") != invocation.key_args.end();
}

// Compilers truncate and rewrite these; objects are written under a new inode.
bool keeps_mode(compiler::OutputRole role, bool assembly) {
  switch (role) {
    case compiler::OutputRole::kObject:
      return assembly;
    case compiler::OutputRole::kDwo:
      return false;
    case compiler::OutputRole::kGcno:
    case compiler::OutputRole::kStackUsage:
      return true;
  }
  return false;
}

}  // namespace

std::shared_ptr<const PreparedManifest> Engine::manifest(const Digest& key) {
  std::shared_ptr<InputTable> table;
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = manifests_.find(key); it != manifests_.end()) {
      return it->second;
    }
    table = table_;
  }
  const std::optional<store::Manifest> stored = store_->manifest(key);
  if (!stored) {
    return nullptr;
  }
  auto fresh = std::make_shared<PreparedManifest>();
  fresh->table = table;
  for (const store::InputSet& set : stored->sets) {
    if (auto prepared_set = engine::prepare(set, *table)) {
      fresh->sets.push_back(std::move(prepared_set));
    }
  }
  keep(key, fresh);
  return fresh;
}

void Engine::keep(const Digest& key, std::shared_ptr<const PreparedManifest> manifest) {
  const std::lock_guard lock(mutex_);
  const std::size_t bytes = manifest->bytes();
  if (manifest_bytes_ + bytes > kManifestBytesMax) {
    manifests_.clear();
    manifest_bytes_ = 0;
    if (table_->size() > kTableEntriesMax) {
      table_ = std::make_shared<InputTable>(*store_);
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
void Engine::keep_recorded(const Digest& key, std::shared_ptr<const PreparedSet> set,
                           std::shared_ptr<InputTable> table) {
  auto fresh = std::make_shared<PreparedManifest>();
  fresh->sets.push_back(std::move(set));
  {
    const std::lock_guard lock(mutex_);
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

std::optional<Answer> Engine::lookup(const Prepared& prepared) {
  const std::shared_ptr<const PreparedManifest> found = manifest(prepared.manifest_key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const Freshness freshness{.fs = fs_, .cache = files_};
  const bool gch_matters = prepared.invocation.family == compiler::Family::kGcc;
  Observations seen;
  bool first = true;
  for (const std::shared_ptr<const PreparedSet>& set : found->sets) {
    if (freshness.holds(*set, prepared.directory.handle(), gch_matters, first ? nullptr : &seen)) {
      if (std::optional<Answer> answer = assemble(prepared, *set)) {
        store_->touch(set->result);
        return answer;
      }
    }
    first = false;
  }
  return std::nullopt;
}

namespace {

// The depfile that the requesting command would have got.
std::string generate_depfile(const compiler::Invocation& invocation, const PreparedSet& set) {
  std::vector<std::string_view> deps;
  deps.reserve(set.deps.size());
  for (std::size_t i = 0; i < set.deps.size(); ++i) {
    if (invocation.dep.style == compiler::DepStyle::kAll || set.user_deps.at(i) != 0) {
      deps.push_back(set.deps[i]->path);
    }
  }
  return compiler::write_depfile(invocation.dep, deps, invocation.family);
}

}  // namespace

std::optional<Answer> Engine::assemble(const Prepared& prepared, const PreparedSet& set) {
  const std::optional<store::ResultRecord> record = store_->result(set.result);
  if (!record) {
    return std::nullopt;
  }
  const compiler::Invocation& invocation = prepared.invocation;
  const bool assembly = writes_assembly(invocation);
  Answer answer;
  answer.compile_ns = record->compile_ns;
  answer.hit.forced_colour = !invocation.colour_is_explicit;
  for (const store::Output& output : record->outputs) {
    Result<store::Blob> blob = store_->blob(output.blob);
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
      const std::string& text = answer.texts.emplace_back(std::move(blob->bytes));
      (output.role == store::kStdout ? answer.hit.out : answer.hit.err) = text;
      continue;
    }
    const auto target = std::ranges::find_if(invocation.outputs, [&](const auto& wanted) {
      return static_cast<std::uint8_t>(wanted.role) == output.role;
    });
    if (target == invocation.outputs.end()) {
      return std::nullopt;
    }
    wire::HitFile& file = answer.hit.files.emplace_back();
    file.path = target->path;
    file.executable = output.executable;
    file.keeps_mode = keeps_mode(target->role, assembly);
    file.size_bytes = blob->size_bytes;
    if (blob->fd) {
      file.has_fd = true;
      answer.fds.push_back(std::move(blob->fd));
    } else {
      file.bytes = answer.texts.emplace_back(std::move(blob->bytes));
    }
  }
  if (invocation.dep.style != compiler::DepStyle::kNone) {
    wire::HitFile& file = answer.hit.files.emplace_back();
    file.path = invocation.dep.path;
    file.keeps_mode = true;
    file.bytes = answer.texts.emplace_back(generate_depfile(invocation, set));
    file.size_bytes = file.bytes.size();
  }
  return answer;
}

}  // namespace zc::engine
