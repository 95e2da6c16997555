#include "store/evictor.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "os/clock.h"
#include "os/directory.h"
#include "store/records.h"

namespace zc::store {

namespace {

// A younger blob file without a result may belong to a result in progress.
constexpr std::int64_t kOrphanAgeNs = 10LL * 60 * 1'000'000'000;

// The daemon can find identities of files again cheaply; above this many the store forgets all. 150
// bytes each.
constexpr std::uint64_t kFilesMax = 200'000;

// One or two KiB each.
constexpr std::uint64_t kCommandsMax = 30'000;

// Of a hundred bytes.
constexpr std::uint64_t kGhostsMax = 200'000;

constexpr std::string_view kEvictedBytes = "evicted_bytes";

std::optional<std::uint64_t> number_in(const std::optional<std::string>& bytes) {
  if (!bytes) {
    return std::nullopt;
  }
  ByteReader in(*bytes);
  const std::uint64_t number = in.u64();
  return in.bad() || !in.done() ? std::nullopt : std::optional(number);
}

// So that a batch neither fills the queue nor holds up the compiles behind it.
constexpr std::size_t kWritesPerBatch = 1'000;

}  // namespace

Evictor::Evictor(std::string root, const Options& options, Parts parts)
    : root_(std::move(root)),
      size_bytes_max_(options.size_bytes_max),
      free_bytes_min_(options.free_bytes_min),
      parts_(parts),
      evicted_bytes_(number_in(parts_.queue.get(Table::kMeta, kEvictedBytes)).value_or(0)) {}

std::optional<std::uint64_t> Evictor::take_missing_room(const Digest& key) {
  TRY_ASSIGN(const std::uint64_t before, number_in(parts_.queue.get(Table::kEvicted, key.view())));
  parts_.queue.write({{Table::kEvicted, std::string(key.view()), std::nullopt}},
                     WriteQueue::Durability::kWhenever);
  const std::uint64_t now = evicted_bytes_;
  return now > before ? std::optional(now - before) : std::nullopt;
}

std::uint64_t Evictor::used_bytes() const {
  return parts_.blobs.file_bytes() + parts_.index.stats().used_bytes;
}

// How many bytes of free space the file system lacks.
std::uint64_t Evictor::missing_bytes() const {
  const Result<os::DiskSpace> space =
      free_bytes_min_ != 0 ? os::disk_space(root_) : Result<os::DiskSpace>();
  return space && space->free_bytes < free_bytes_min_ ? free_bytes_min_ - space->free_bytes : 0;
}

bool Evictor::is_due() const {
  const std::uint64_t limit = size_bytes_max_;
  return (limit != 0 && used_bytes() > limit) || missing_bytes() > 0 ||
         parts_.index.stats().entries[static_cast<std::size_t>(Table::kCommands)] > kCommandsMax;
}

// The bytes above the level at which a round ends.
std::uint64_t Evictor::excess_bytes() const {
  std::uint64_t excess = 0;
  const std::uint64_t mark = kept_bytes_max();
  const std::uint64_t used = used_bytes();
  if (mark != 0 && used > mark) {
    excess = used - mark;
  }
  const std::uint64_t missing = missing_bytes();
  return missing > 0 ? std::max(excess, missing + free_bytes_min_ / 10) : excess;
}

std::uint64_t Evictor::run(const std::atomic<bool>& stop) {
  parts_.blobs.unpin();
  if (!parts_.queue.flush()) {
    return 0;  // The disk is full; what the index says is not what was recorded.
  }
  Survey found = survey();
  if (!found.complete) {
    return 0;
  }
  remove_orphans(found, stop);
  const std::uint64_t evicted = is_due() ? evict(found, stop) : 0;
  trim(Table::kFiles, kFilesMax);
  trim(Table::kCommands, kCommandsMax);
  trim(Table::kEvicted, kGhostsMax);
  return evicted;
}

Evictor::Survey Evictor::survey() const {
  Survey out;
  ByDigest<std::int64_t> uses;
  const auto uses_read = parts_.index.scan(Table::kAccess, [&](auto key, auto value) {
    const std::optional<Digest> digest = Digest::from_view(key);
    if (digest) {
      uses[*digest] = Results::use_in(value).value_or(Results::Use()).time_ns;
    }
    return true;
  });
  const auto results_read = parts_.index.scan(Table::kResults, [&](auto key, auto value) {
    const std::optional<Digest> digest = Digest::from_view(key);
    std::optional<StoredResult> result = decode_result(value);
    if (!digest || !result) {
      return true;
    }
    for (const Output& output : result->record.outputs) {
      ++out.references[output.blob];
    }
    const auto use = uses.find(*digest);
    // Without a time of use (its record is damaged) the result counts as unused since it was
    // stored.
    out.results.push_back({.key = *digest,
                           .last_use_ns = use != uses.end() ? use->second : result->stored_ns,
                           .compile_ns = result->record.compile_ns,
                           .outputs = std::move(result->record.outputs)});
    return true;
  });
  out.complete = uses_read && results_read;
  return out;
}

void Evictor::remove_orphans(const Survey& survey, const std::atomic<bool>& stop) {
  const std::int64_t oldest = os::wall_ns() - kOrphanAgeNs;
  for (unsigned number = 0; number < Layout::kShards && !stop; ++number) {
    for (const BlobStore::File& file : parts_.blobs.list_shard(number)) {
      if (!survey.references.contains(file.digest) && file.mtime_ns < oldest) {
        parts_.blobs.remove_unused(file.digest);
      }
    }
  }
  std::vector<Digest> small;
  const auto read = parts_.index.scan(Table::kSmallBlobs, [&](auto key, auto) {
    const std::optional<Digest> digest = Digest::from_view(key);
    if (digest && !survey.references.contains(*digest)) {
      small.push_back(*digest);
    }
    return !stop;
  });
  if (read) {
    std::ranges::for_each(small, [&](const Digest& d) { parts_.blobs.remove_unused(d); });
  }
}

// The index space of a single result is unknown, because results share inputs and pages. So the
// evictor estimates it as an equal share, and measures again after it has removed some: it never
// removes more than necessary.
std::uint64_t Evictor::evict(Survey& survey, const std::atomic<bool>& stop) {
  order(survey.results);
  std::size_t next = 0;
  for (std::uint64_t excess = excess_bytes(); excess > 0 && next < survey.results.size() && !stop;
       excess = excess_bytes()) {
    next = evict_some(survey, next, excess, stop);
    prune(stop);
    if (!parts_.queue.flush()) {
      break;
    }
  }
  return survey.evicted;
}

// The oldest first. One whose making takes eight times as long for its bytes as that of most stays
// eight times as long, and the reverse: not more, since what is never used again must go one day.
void Evictor::order(std::vector<Candidate>& results) {
  if (results.empty()) {
    return;
  }
  constexpr double kWeightMax = 8;
  std::vector<double> rates;
  rates.reserve(results.size());
  for (const Candidate& result : results) {
    rates.push_back(static_cast<double>(result.compile_ns) /
                    static_cast<double>(Results::bytes_of(result.outputs)));
  }
  std::vector<double> sorted = rates;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  const std::int64_t now_ns = os::wall_ns();
  for (std::size_t i = 0; i < results.size(); ++i) {
    const double weight =
        *middle > 0 ? std::clamp(rates[i] / *middle, 1 / kWeightMax, kWeightMax) : 1;
    results[i].weighed_age = static_cast<double>(now_ns - results[i].last_use_ns) / weight;
  }
  std::ranges::sort(results, [](const Candidate& a, const Candidate& b) {
    return a.weighed_age != b.weighed_age ? a.weighed_age > b.weighed_age
                                          : a.last_use_ns < b.last_use_ns;
  });
}

void Evictor::remember(const Candidate& result, std::vector<Write>& writes) {
  ByteWriter before;
  before.u64(evicted_bytes_);
  writes.push_back({Table::kEvicted, std::string(result.key.view()), before.take()});
  evicted_bytes_ += Results::bytes_of(result.outputs);
}

// Evicts results from number `first` on that take about `bytes`, one at least. Returns the number
// of the next one.
std::size_t Evictor::evict_some(Survey& survey, std::size_t first, std::uint64_t bytes,
                                const std::atomic<bool>& stop) {
  const std::uint64_t share =
      parts_.index.stats().used_bytes / std::max<std::size_t>(survey.results.size() - first, 1);
  std::uint64_t freed = 0;
  std::vector<Digest> unused;
  std::vector<Write> ghosts;
  std::size_t next = first;
  for (; next < survey.results.size() && freed < bytes && !stop; ++next) {
    const Candidate& result = survey.results[next];
    if (!parts_.results.remove_unless_used_since(result.key, result.last_use_ns)) {
      continue;
    }
    ++survey.evicted;
    remember(result, ghosts);
    freed += share;
    for (const Output& output : result.outputs) {
      if (--survey.references[output.blob] == 0) {
        unused.push_back(output.blob);
        freed += output.size_bytes > limits::kInlineBlobBytesMax ? output.size_bytes : 0;
      }
    }
  }
  ByteWriter total;
  total.u64(evicted_bytes_);
  ghosts.push_back({Table::kMeta, std::string(kEvictedBytes), total.take()});
  parts_.queue.write(std::move(ghosts));
  // Results before their blobs, so that a crash in between leaves orphans and no dangling names.
  if (!unused.empty() && parts_.queue.flush()) {
    for (const Digest& blob : unused) {
      parts_.blobs.remove_unused(blob);
    }
  }
  return next;
}

// Removes sets whose result is gone, then inputs that no set names. If a set stored at the same
// time names an input that is about to be removed, the set will not hold: a miss, after which it is
// stored anew.
void Evictor::prune(const std::atomic<bool>& stop) {
  std::vector<bool> named(parts_.inputs.next_id());
  bool complete = true;
  const auto read = parts_.index.scan(Table::kManifests, [&](auto key, auto value) {
    const std::optional<Digest> digest = Digest::from_view(key);
    if (digest && !name_inputs(value, named)) {
      parts_.results.prune_manifest(*digest);
    }
    complete = !stop;
    return complete;
  });
  if (read && complete) {
    remove_unnamed(named, stop);
  }
}

// Marks the inputs of all sets whose result exists. False if there are other sets.
bool Evictor::name_inputs(std::string_view manifest_bytes, std::vector<bool>& named) const {
  const std::optional<Manifest> manifest = decode_manifest(manifest_bytes);
  if (!manifest) {
    return false;
  }
  bool whole = true;
  for (const InputSet& set : manifest->sets) {
    if (!parts_.results.has_result(set.result)) {
      whole = false;
      continue;
    }
    for (const auto* ids : {&set.deps, &set.others}) {
      for (const InputId id : *ids) {
        if (id < named.size()) {
          named[id] = true;
        }
      }
    }
  }
  return whole;
}

void Evictor::remove_unnamed(const std::vector<bool>& named, const std::atomic<bool>& stop) {
  std::vector<InputId> unnamed;
  const auto read = parts_.index.scan(Table::kInputs, [&](auto key, auto) {
    const std::optional<InputId> id = Inputs::id_of_key(key);
    if (id && *id < named.size() && !named[*id]) {
      unnamed.push_back(*id);
    }
    return true;
  });
  for (std::size_t at = 0; read && at < unnamed.size() && !stop; at += kWritesPerBatch) {
    parts_.inputs.remove(
        std::span(unnamed).subspan(at, std::min(kWritesPerBatch, unnamed.size() - at)));
  }
}

// All of them, not the oldest: their records have no time of use.
// Empties a table of what costs little to find anew.
void Evictor::trim(Table table, std::uint64_t entries_max) {
  if (parts_.index.stats().entries[static_cast<std::size_t>(table)] <= entries_max) {
    return;
  }
  std::vector<Write> writes;
  const auto read = parts_.index.scan(table, [&](auto key, auto) {
    writes.push_back({table, std::string(key), std::nullopt});
    if (writes.size() == kWritesPerBatch) {
      parts_.queue.write(std::exchange(writes, {}));
    }
    return true;
  });
  if (read && !writes.empty()) {
    parts_.queue.write(std::move(writes));
  }
}

}  // namespace zc::store
