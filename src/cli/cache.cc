// zccache cache-root, cache size and cache list: where the cache is and what it takes on the disk.
// They look at the files, so they need no daemon.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "cli/bytes_below.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/request.h"
#include "codec/json.h"
#include "lifecycle/version_roots.h"

namespace zc::cli {

namespace {

using codec::Json;

// The state may be elsewhere (ZCCACHE_DAEMON_STATE_DIR).
std::uint64_t bytes_of_cache(const lifecycle::Locations& locations) {
  const std::uint64_t bytes = bytes_below(locations.root);
  return is_at_or_below(locations.state, locations.root) ? bytes
                                                         : bytes + bytes_below(locations.state);
}

// Of where the cache is.
std::string_view what_decided(const lifecycle::Caller& caller) {
  const auto value = [&](const char* name) {
    return view_or_empty(lifecycle::variable(caller.environment, name));
  };
  if (!value("ZCCACHE_CACHE_DIR").empty()) {
    return "env:ZCCACHE_CACHE_DIR";
  }
  const bool is_standard =
      caller.locations.top_root == join_path(value("HOME"), ".zccache") || value("HOME").empty();
  return is_truthy(value("ZCCACHE_COLOCATE")) && !is_standard ? "colocate:cross_volume"
                                                              : "default:platform_dirs";
}

int print_size(const lifecycle::Caller& caller, bool as_json) {
  const std::uint64_t bytes = bytes_of_cache(caller.locations);
  const std::string human = format_bytes(bytes);
  if (!as_json) {
    print_out(str_cat(bytes, '\t', human, '\t', caller.locations.root, '\n'));
    return kDone;
  }
  Json out = Json::object();
  out.set("bytes", Json::count(bytes));
  out.set("human", Json::text(human));
  out.set("cache_root", Json::text(caller.locations.root));
  print_out(out.dump() + '\n');
  return kDone;
}

int print_list(const lifecycle::Caller& caller, bool as_json) {
  Json caches = Json::array();
  std::string lines;
  for (const lifecycle::VersionRoot& root : lifecycle::version_roots(caller.locations.top_root)) {
    const std::uint64_t bytes = bytes_below(root.path);
    str_append(lines, root.version, '\t', format_bytes(bytes), '\t', root.path, '\n');
    Json cache = Json::object();
    cache.set("version", Json::text(root.version));
    cache.set("bytes", Json::count(bytes));
    cache.set("cache_root", Json::text(root.path));
    caches.append(std::move(cache));
  }
  if (!as_json) {
    print_out(lines);
    return kDone;
  }
  Json out = Json::object();
  out.set("caches", std::move(caches));
  print_out(out.dump() + '\n');
  return kDone;
}

}  // namespace

int cache_root(const lifecycle::Caller& caller, Args args) {
  const std::optional<bool> as_json = asks_for_json("cache-root", args);
  if (!as_json) {
    return kUsageError;
  }
  if (!*as_json) {
    print_out(caller.locations.root + '\n');
    return kDone;
  }
  Json out = Json::object();
  out.set("cache_root", Json::text(caller.locations.root));
  out.set("source", Json::text(what_decided(caller)));
  out.set("daemon_namespace", Json::text(caller.locations.label()));
  out.set("daemon_endpoint", Json::text(caller.locations.endpoint));
  print_out(out.dump() + '\n');
  return kDone;
}

int cache(const lifecycle::Caller& caller, Args args) {
  const std::string_view what = args.empty() ? std::string_view() : args.front();
  if (what != "size" && what != "list") {
    return what.empty() ? refuse_with_usage("cache") : bad_argument("cache", what);
  }
  const std::optional<bool> as_json = asks_for_json("cache", args.subspan(1));
  if (!as_json) {
    return kUsageError;
  }
  return what == "size" ? print_size(caller, *as_json) : print_list(caller, *as_json);
}

}  // namespace zc::cli
