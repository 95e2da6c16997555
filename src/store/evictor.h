// Evictor: keeps the store below its size. It removes results, blobs that no result names any more,
// and then sets of manifests without a result and inputs that no set names.
//
// Results go in the order of their age since the last use, as weighed by what they save per byte:
// what takes long to make and little room stays longer. Of each one that goes it is remembered how
// much went before it: if the same result is made again, that is the room that it would have taken
// to keep it.
//
// The store keeps no reference counts. A round reads all results once and derives everything from
// them: reference counts, order, orphans. Rounds are rare, because one frees a tenth of the store;
// ten thousand results take tens of milliseconds.
//
// Thread: run() by one thread at a time; the rest of the store goes on meanwhile.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
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
  Evictor(std::string root, const Options& options, Parts parts);

  // Any thread may call these.
  // As Store::take_missing_room.
  std::optional<std::uint64_t> take_missing_room(const Digest& key);
  std::uint64_t size_bytes_max() const { return size_bytes_max_; }
  // Where a round ends: a tenth below the limit, so that the next one comes only after that much
  // has been stored. 0: there is no limit.
  std::uint64_t kept_bytes_max() const {
    const std::uint64_t limit = size_bytes_max_;
    return limit - limit / 10;
  }
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
    std::uint64_t compile_ns = 0;
    double weighed_age = 0;  // in ns
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
  static void order(std::vector<Candidate>& results);
  void remember(const Candidate& result, std::vector<Write>& writes);
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
  std::atomic<std::uint64_t> evicted_bytes_;  // since the store was made, or last cleared
};

}  // namespace zc::store
