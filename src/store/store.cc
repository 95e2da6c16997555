// Store puts the parts together; each of them says in its header how it works.
#include "store/store.h"

#include <atomic>
#include <utility>

#include "base/bytes.h"
#include "base/str.h"
#include "os/lock.h"
#include "os/safe_directory.h"
#include "os/self.h"
#include "store/blob_store.h"
#include "store/evictor.h"
#include "store/index.h"
#include "store/inputs.h"
#include "store/layout.h"
#include "store/maintenance.h"
#include "store/open_index.h"
#include "store/records.h"
#include "store/results.h"
#include "store/write_queue.h"

namespace zc::store {

namespace {

std::string key_of(const os::FileStamp& stamp) {
  ByteWriter out;
  out.u64(stamp.dev);
  out.u64(stamp.ino);
  out.u64(stamp.size_bytes);
  out.u64(static_cast<std::uint64_t>(stamp.mtime_ns));
  out.u64(static_cast<std::uint64_t>(stamp.ctime_ns));
  return out.take();
}

class DiskStore final : public Store {
 public:
  DiskStore(Layout layout, os::FileLock lock, OpenedIndex opened, const Options& options,
            const WriteQueue::Warn& warn)
      : layout_(std::move(layout)),
        lock_(std::move(lock)),
        index_(std::move(opened.index)),
        queue_(std::make_unique<WriteQueue>(*index_, warn)),
        inputs_(*queue_),
        results_(*queue_, inputs_),
        blobs_(layout_, *queue_),
        evictor_(layout_.root(), options,
                 {.index = *index_,
                  .queue = *queue_,
                  .blobs = blobs_,
                  .inputs = inputs_,
                  .results = results_}),
        maintenance_(std::make_unique<Maintenance>(*index_, blobs_, evictor_, !opened.was_clean)) {}

  ~DiskStore() override {
    // Its thread uses all others; the queue writes to the index; the index closes last.
    maintenance_.reset();
    queue_.reset();  // commits what is left
    close_index(layout_, std::move(index_));
  }

  std::optional<Manifest> manifest(const Digest& key) override { return results_.manifest(key); }
  std::optional<Input> input(InputId id) override { return inputs_.find(id); }
  InputId intern(const Input& input) override { return inputs_.intern(input); }

  void put_result(const Digest& manifest_key, InputSet set, ResultRecord result) override {
    const std::vector<Output> outputs = result.outputs;
    results_.put_result(manifest_key, std::move(set), std::move(result));
    // After the result is queued: from the next round on, the result keeps its blobs.
    for (const Output& output : outputs) {
      blobs_.note_recorded(output.blob);
    }
  }

  std::optional<ResultRecord> result(const Digest& key) override { return results_.result(key); }
  void remove_result(const Digest& manifest_key, const Digest& result_key) override {
    if (const std::optional<ResultRecord> record = results_.result(result_key)) {
      for (const Output& output : record->outputs) {
        blobs_.distrust(output.blob);
      }
    }
    results_.remove(result_key);
    results_.prune_manifest(manifest_key);
  }
  std::optional<std::uint64_t> touch(const Digest& result_key,
                                     std::uint64_t output_bytes) override {
    return results_.touch(result_key, output_bytes);
  }

  // To keep it, eviction would take everything, this blob included.
  Result<Digest> put_blob(int fd, std::uint64_t size_bytes) override {
    const std::uint64_t most = evictor_.kept_bytes_max();
    if (most > 0 && size_bytes > most) {
      return fail(Code::kNoSpace, "an output is larger than the cache may be (ZCCACHE_MAX_SIZE)");
    }
    return after_put(blobs_.put(fd, size_bytes));
  }
  Result<Digest> put_blob(std::string_view bytes) override { return after_put(blobs_.put(bytes)); }
  Result<Blob> blob(const Digest& digest) override { return blobs_.get(digest); }

  std::optional<Digest> file_digest(const os::FileStamp& stamp) override {
    const auto bytes = queue_->get(Table::kFiles, key_of(stamp));
    return bytes ? Digest::from_view(*bytes) : std::nullopt;
  }
  void remember_file(const os::FileStamp& stamp, const Digest& digest) override {
    queue_->write({{Table::kFiles, key_of(stamp), std::string(digest.view())}},
                  WriteQueue::Durability::kWhenever);
  }

  std::optional<KnownCommand> known_command(const Digest& name) override {
    const auto bytes = queue_->get(Table::kCommands, name.view());
    return bytes ? decode_known_command(*bytes) : std::nullopt;
  }
  void remember_command(const Digest& name, const KnownCommand& command) override {
    queue_->write({{Table::kCommands, std::string(name.view()), encode(command)}},
                  WriteQueue::Durability::kWhenever);
  }

  std::optional<std::uint64_t> take_missing_room(const Digest& result_key) override {
    return evictor_.take_missing_room(result_key);
  }

  Result<Cleared> clear() override {
    const Maintenance::Pause pause(*maintenance_);
    TRY(queue_->flush());
    const std::uint64_t results = usage().results;
    const std::uint64_t before = index_file_bytes();
    // Results before their blobs: a crash in between leaves blobs without a name, never the
    // reverse.
    TRY(queue_->drop_all());
    inputs_.forget();
    const std::uint64_t after = index_file_bytes();
    return Cleared{.results = results,
                   .bytes = blobs_.clear() + (before > after ? before - after : 0)};
  }

  Usage usage() override {
    const Index::Stats stats = index_->stats();
    return {.results = queue_->count(Table::kResults),
            .manifests = queue_->count(Table::kManifests),
            .blob_bytes = blobs_.file_bytes(),
            .index_bytes = stats.used_bytes,
            .evicted_results = maintenance_->evicted_results(),
            .quarantined_blobs = blobs_.quarantined()};
  }

  void set_size_bytes_max(std::uint64_t bytes) override {
    evictor_.set_size_bytes_max(bytes);
    maintenance_->poke();
  }
  Result<> flush() override { return queue_->flush(); }

 private:
  // Maintenance checks the free space of the disk from time to time; here only what costs next to
  // nothing. The size of the index takes a snapshot, so only each 64th put reads it.
  Result<Digest> after_put(Result<Digest> put) {
    constexpr std::uint64_t kPutsPerLook = 64;
    const bool looks_at_index = puts_.fetch_add(1) % kPutsPerLook == 0;
    const std::uint64_t limit = evictor_.size_bytes_max();
    if (limit != 0 &&
        blobs_.file_bytes() + (looks_at_index ? index_->stats().used_bytes : 0) > limit) {
      maintenance_->poke();
    }
    return put;
  }

  std::uint64_t index_file_bytes() const {
    const Result<os::FileStamp> file = os::stat_path(layout_.index_data());
    return file ? file->size_bytes : 0;
  }

  const Layout layout_;
  const os::FileLock lock_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<WriteQueue> queue_;
  Inputs inputs_;
  Results results_;
  BlobStore blobs_;
  Evictor evictor_;
  std::atomic<std::uint64_t> puts_{0};
  std::unique_ptr<Maintenance> maintenance_;
};

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& root, const Options& options,
                                           const std::function<void(const std::string&)>& warn) {
  Layout layout(root);
  TRY(os::make_private_directory(root, os::user_id()));
  TRY_ASSIGN(std::optional<os::FileLock> lock, os::FileLock::try_take(layout.lock()));
  if (!lock) {
    return fail(Code::kUnavailable, str_cat("the cache in ", root, " is in use"));
  }
  for (const std::string& directory : {layout.blobs(), layout.temporary(), layout.quarantine()}) {
    TRY(os::make_directories(directory));
  }
  TRY_ASSIGN(OpenedIndex opened, open_index(layout, warn));
  return std::unique_ptr<Store>(std::make_unique<DiskStore>(std::move(layout), *std::move(lock),
                                                            std::move(opened), options, warn));
}

}  // namespace zc::store
