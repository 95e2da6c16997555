// Evictor: keeps the store below its size. It removes results in the order of their last use, blobs
// that no result names any more, and then sets of manifests without a result and inputs that no set
// names.
//
// The store keeps no reference counts. A round reads all results once and derives everything from
// them: reference counts, order, orphans. Rounds are rare, because one frees a tenth of the store;
// ten thousand results take tens of milliseconds.
//
// Thread: run() by one thread at a time; the rest of the store goes on meanwhile.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "store/blob_store.h"
#include "store/index.h"
#include "store/inputs.h"
#include "store/results.h"
#include "store/store.h"
#include "store/write_queue.h"

namespace zc::store {

class Evictor {
 public:
  // All are borrowed.
  struct Parts {
    const Index& index;
    WriteQueue& queue;
    BlobStore& blobs;
    Inputs& inputs;
    Results& results;
  };
  Evictor(std::string root, const Options& options, Parts parts)
      : root_(std::move(root)),
        size_bytes_max_(options.size_bytes_max),
        free_bytes_min_(options.free_bytes_min),
        parts_(parts) {}

  // Any thread may call these.
  std::uint64_t size_bytes_max() const { return size_bytes_max_; }
  void set_size_bytes_max(std::uint64_t bytes) { size_bytes_max_ = bytes; }

  // Whether the store has more bytes than its limit, the file system has less free space than
  // `free_bytes_min`, or more commands are remembered than are worth it.
  bool is_due() const;

  // One round: orphans first, then, if it is due, results: down to 90 % of the limit, or until the
  // file system has its free space and a tenth more. Ends early when `stop` becomes true. Returns
  // how many results it removed.
  std::uint64_t run(const std::atomic<bool>& stop);

 private:
  using Digests = std::unordered_set<Digest, codec::DigestHash>;
  template <class Value>
  using ByDigest = std::unordered_map<Digest, Value, codec::DigestHash>;

  struct Candidate {
    Digest key;
    std::int64_t last_use_ns = 0;
    std::vector<Output> outputs;
  };
  struct Survey {
    std::vector<Candidate> results;
    ByDigest<std::uint32_t> references;  // by blob
    std::uint64_t evicted = 0;
    bool complete = false;
  };

  Survey survey() const;
  void remove_orphans(const Survey& survey, const std::atomic<bool>& stop);
  std::uint64_t used_bytes() const;
  std::uint64_t missing_bytes() const;
  std::uint64_t excess_bytes() const;
  std::uint64_t evict(Survey& survey, const std::atomic<bool>& stop);
  std::size_t evict_some(Survey& survey, std::size_t first, std::uint64_t bytes,
                         const std::atomic<bool>& stop);
  void prune(const std::atomic<bool>& stop);
  bool name_inputs(std::string_view manifest_bytes, std::vector<bool>& named) const;
  void remove_unnamed(const std::vector<bool>& named, const std::atomic<bool>& stop);
  void trim(Table table, std::uint64_t entries_max);

  const std::string root_;
  std::atomic<std::uint64_t> size_bytes_max_;
  const std::uint64_t free_bytes_min_;
  Parts parts_;
};

}  // namespace zc::store
