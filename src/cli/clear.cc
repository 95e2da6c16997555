// zccache clear: through the daemon if one runs, otherwise on the files, with the store locked.
// Either way it also removes what earlier versions and daemons have left behind.

#include <string>

#include "base/str.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/leftovers.h"
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

}  // namespace

int clear(const lifecycle::Caller& caller, Args args) {
  if (!args.empty()) {
    return bad_argument("clear", args[0]);
  }
  const Result<std::string> text =
      request(caller, wire::Type::kClear, wire::Type::kClearReply, kClearReplyMs);
  if (text) {
    const codec::Json json = codec::Json::parse(*text).value_or(codec::Json());
    print_cleared(json.at("results_removed").as_u64(),
                  json.at("bytes_freed").as_u64() + remove_leftovers(caller));
    return kDone;
  }
  if (!means_no_daemon(text.error())) {
    return fail_with(text.error());
  }
  if (const Result<> safe = lifecycle::check_directories(caller.locations, os::user_id()); !safe) {
    return fail_with(safe.error());
  }
  const Result<store::Store::Cleared> cleared = store::clear_offline(caller.locations.store());
  if (!cleared) {
    return fail_with(cleared.error());
  }
  const std::uint64_t bytes = cleared->bytes + remove_leftovers(caller);
  if (cleared->results == 0 && bytes == 0) {
    print_note("nothing to clear");
    return kDone;
  }
  print_cleared(cleared->results, bytes);
  return kDone;
}

}  // namespace zc::cli
