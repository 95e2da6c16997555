#include "store/offline.h"

#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>

#include "base/bytes.h"
#include "base/str.h"
#include "os/directory.h"
#include "os/isolated.h"
#include "os/lock.h"
#include "store/index.h"
#include "store/layout.h"

namespace zc::store {

namespace {

// The index may be damaged, or change while it is read (a snapshot takes no lock), so a child reads
// it: at worst the child crashes, and the figures stay 0.
void count_index(const Layout& layout, Usage& usage) {
  if (!os::stat_path(layout.index_data())) {
    return;
  }
  const std::optional<os::Verdict> counted = os::run_isolated([&]() -> os::Verdict {
    const auto index = Index::open(layout.index(), Index::Access::kSnapshot);
    if (!index) {
      return {};
    }
    const Index::Stats stats = (*index)->stats();
    ByteWriter out;
    out.u64(stats.entries[static_cast<std::size_t>(Table::kResults)]);
    out.u64(stats.entries[static_cast<std::size_t>(Table::kManifests)]);
    out.u64(stats.used_bytes);
    return {.code = 0, .text = out.take()};
  });
  if (counted) {
    ByteReader in(counted->text);
    usage.results = in.u64();
    usage.manifests = in.u64();
    usage.index_bytes = in.u64();
  }
}

std::uint64_t bytes_of_blobs(const Layout& layout) {
  std::uint64_t bytes = 0;
  for (unsigned number = 0; number < Layout::kShards; ++number) {
    const std::string shard = layout.shard(number);
    for (const std::string& name : os::names_in(shard)) {
      const auto stamp = os::stat_path(str_cat(shard, "/", name));
      bytes += stamp ? stamp->size_bytes : 0;
    }
  }
  return bytes;
}

}  // namespace

Usage read_usage(const std::string& root) {
  const Layout layout(root);
  Usage usage;
  count_index(layout, usage);
  usage.blob_bytes = bytes_of_blobs(layout);
  return usage;
}

Result<Store::Cleared> clear_offline(const std::string& root) {
  const Layout layout(root);
  if (!os::stat_path(root)) {
    return Store::Cleared{};
  }
  TRY_ASSIGN(const std::optional<os::FileLock> lock, os::FileLock::try_take(layout.lock()));
  if (!lock) {
    return fail(Code::kUnavailable, str_cat("the cache in ", root, " is in use"));
  }
  const Usage before = read_usage(root);
  const Result<os::FileStamp> index = os::stat_path(layout.index_data());
  // The marker goes first: if anything below fails, the next start checks what is left. The lock
  // file and the format file stay.
  for (const std::string& path : {layout.clean(), layout.index(), layout.rebuilt(), layout.blobs(),
                                  layout.temporary(), layout.quarantine()}) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) {
      return fail_errno(error.value(), str_cat("cannot remove ", path));
    }
  }
  return Store::Cleared{.results = before.results,
                        .bytes = before.blob_bytes + (index ? index->size_bytes : 0)};
}

}  // namespace zc::store
