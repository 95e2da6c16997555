// zccache clear: through the daemon if one runs, otherwise on the files, with the store locked.
// Either way it also removes what earlier versions and daemons have left behind.

#include <expected>
#include <string>

#include "base/str.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/leftovers.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "codec/json.h"
#include "lifecycle/gc.h"
#include "os/self.h"
#include "store/offline.h"

namespace zc::cli {

namespace {

// How long it takes to remove a full cache depends on the disk.
constexpr int kClearReplyMs = 300'000;

void print_cleared(std::uint64_t results, std::uint64_t bytes) {
  std::string out = str_cat("Cache cleared:\n  Results removed: ", results, '\n');
  if (bytes > 0) {
    str_append(out, "  Disk freed: ", format_bytes(bytes), '\n');
  }
  print_out(out);
}

int fail_with(const Error& error) {
  print_note(str_cat("failed to clear the cache: ", error.message));
  return kFailed;
}

// Removes files that belong to no cache: copies of the daemon's program, and caches of older
// versions. If other users could exchange directories on the way, everything stays.
std::uint64_t remove_leftovers(const lifecycle::Caller& caller) {
  if (!lifecycle::check_directories(caller.locations, os::user_id())) {
    return 0;
  }
  lifecycle::gc_runtime_binaries(caller.locations.runtime_binaries());
  return remove_older_versions(caller.locations.top_root, ZCCACHE_VERSION);
}

struct Removed {
  std::uint64_t results = 0;
  std::uint64_t bytes = 0;
  bool by_daemon = false;
};

Result<Removed> remove_all(const lifecycle::Caller& caller) {
  const Progress progress("removing what is cached");
  const Result<std::string> text =
      request(caller, wire::Type::kClear, wire::Type::kClearReply, kClearReplyMs);
  if (text) {
    const codec::Json json = codec::Json::parse(*text).value_or(codec::Json());
    return Removed{.results = json.at("results_removed").as_u64(),
                   .bytes = json.at("bytes_freed").as_u64() + remove_leftovers(caller),
                   .by_daemon = true};
  }
  if (!means_no_daemon(text.error())) {
    return std::unexpected(text.error());
  }
  TRY(lifecycle::check_directories(caller.locations, os::user_id()));
  TRY_ASSIGN(const store::Store::Cleared cleared, store::clear_offline(caller.locations.store()));
  return Removed{.results = cleared.results, .bytes = cleared.bytes + remove_leftovers(caller)};
}

}  // namespace

int clear(const lifecycle::Caller& caller, Args args) {
  if (!args.empty()) {
    return bad_argument("clear", args[0]);
  }
  const Result<Removed> removed = remove_all(caller);
  if (!removed) {
    return fail_with(removed.error());
  }
  if (!removed->by_daemon && removed->results == 0 && removed->bytes == 0) {
    print_note("nothing to clear");
    return kDone;
  }
  print_cleared(removed->results, removed->bytes);
  return kDone;
}

}  // namespace zc::cli
