#include "daemon/compile_cache.h"

#include <atomic>
#include <utility>

#include "daemon/delivered_files.h"
#include "engine/engine.h"
#include "engine/explain/known_commands.h"
#include "files/file_cache.h"
#include "os/command.h"
#include "os/file_system.h"
#include "os/fine_times.h"
#include "os/machine.h"
#include "os/world.h"

namespace zc::daemon {

namespace {

// The store's table of known files, as the file cache wants it, and what clients have delivered
// lately. What is of use of that is kept as if it had been read.
class StoredDigests final : public files::DigestMemory {
 public:
  StoredDigests(store::Store& store, DeliveredFiles& delivered)
      : store_(store), delivered_(delivered) {}
  std::optional<codec::Digest> recall(const os::FileStamp& stamp) override {
    if (const std::optional<codec::Digest> digest = delivered_.take(stamp)) {
      store_.remember_file(stamp, *digest);
      return digest;
    }
    return store_.file_digest(stamp);
  }
  void remember(const os::FileStamp& stamp, const codec::Digest& digest) override {
    store_.remember_file(stamp, digest);
  }

 private:
  store::Store& store_;
  DeliveredFiles& delivered_;
};

std::vector<HitContent> contents_of(const engine::HitReply& hit) {
  std::vector<HitContent> out;
  for (const codec::Digest& digest : hit.contents) {
    out.push_back({.size_bytes = hit.hit.files.at(out.size()).size_bytes, .digest = digest});
  }
  return out;
}

// Members are in the order in which they borrow from each other.
class EngineCache final : public CompileCache {
 public:
  EngineCache(std::unique_ptr<store::Store> store, const engine::MakeFrontends& make_frontends)
      : store_(std::move(store)),
        digests_(*store_, delivered_),
        files_(fs_, &digests_),
        dependencies_({.fs = fs_,
                       .files = files_,
                       .runner = runner_,
                       .store = *store_,
                       .world = os::this_world(),
                       .host_cpu = os::host_cpu()}),
        engine_(dependencies_, make_frontends(dependencies_)) {}

  engine::CompileOrBypass claim(const wire::CompileRequest& request) override {
    engine::CompileOrBypass claimed = engine_.claim(request);
    if (claimed && (*claimed)->reads_outputs) {
      outputs_are_read_ = true;
    }
    return claimed;
  }
  std::optional<engine::HitReply> lookup(const engine::CacheableCompile& compile) override {
    std::optional<engine::HitReply> hit = engine_.lookup(compile);
    if (hit) {
      hit->hit.wants_stamps = has_fine_times_ && outputs_are_read_ && !hit->contents.empty();
    }
    return hit;
  }
  std::optional<std::uint64_t> note_use(const engine::HitReply& hit) override {
    return engine_.note_use(hit);
  }
  engine::StoredOrFirst store_result(engine::CacheableCompile& compile,
                                     const wire::RunReport& report, const std::vector<os::Fd>& fds,
                                     const std::function<void()>& on_taken,
                                     const engine::FirstRun* first) override {
    return engine_.store_result(compile, report, fds, on_taken, first);
  }
  std::optional<engine::HitReply> replay(const engine::CacheableCompile& compile,
                                         const engine::FirstRun& first) override {
    return engine_.replay(compile, first);
  }

  void await_stamps(int socket, const engine::HitReply& hit, std::int64_t hit_ns) override {
    if (hit.hit.wants_stamps) {
      delivered_.await(socket, contents_of(hit), hit_ns);
    }
  }

  void remove_result(const engine::CacheableCompile& compile,
                     const codec::Digest& result) override {
    engine_.remove_result(compile, result);
  }

  history::Explanation explain(const engine::CacheableCompile& compile) override {
    return known_commands_.explain(compile);
  }
  Remembered remember(const engine::CacheableCompile& compile,
                      const std::optional<codec::Digest>& hit, std::string_view reason) override {
    Remembered out = {.result = hit};
    if (!hit && reason.empty()) {
      const auto manifest = engine_.manifests().find(compile.manifest_key);
      if (manifest != nullptr && !manifest->sets.empty()) {
        out.result = manifest->sets.front()->result;
        out.missing_room_bytes = store_->take_missing_room(*out.result).value_or(0);
      }
    }
    known_commands_.remember(compile, out.result, reason);
    return out;
  }

  store::Usage usage() override { return store_->usage(); }
  void set_size_bytes_max(std::uint64_t bytes) override { store_->set_size_bytes_max(bytes); }
  Result<> flush() override { return store_->flush(); }
  // The store first. In the other order the engine could load old manifests again in between.
  Result<store::Store::Cleared> clear() override {
    TRY_ASSIGN(const store::Store::Cleared cleared, store_->clear());
    engine_.forget();
    known_commands_.forget();
    return cleared;
  }

 private:
  os::PosixFileSystem fs_;
  os::PosixCommandRunner runner_;
  std::unique_ptr<store::Store> store_;
  const bool has_fine_times_ = os::has_fine_times();
  // Stamps cost each hit some microseconds, which a build without cached links has no use for.
  std::atomic<bool> outputs_are_read_ = false;
  DeliveredFiles delivered_;
  StoredDigests digests_;
  files::FileCache files_;
  engine::Dependencies dependencies_;
  engine::Engine engine_;
  engine::explain::KnownCommands known_commands_{fs_, files_, *store_, engine_.manifests()};
};

}  // namespace

Result<std::unique_ptr<CompileCache>> open_cache(
    const std::string& directory, const store::Options& options,
    const engine::MakeFrontends& make_frontends,
    const std::function<void(const std::string&)>& warn) {
  TRY_ASSIGN(std::unique_ptr<store::Store> store, store::Store::open(directory, options, warn));
  return std::make_unique<EngineCache>(std::move(store), make_frontends);
}

}  // namespace zc::daemon
