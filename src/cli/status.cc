// zccache status: the daemon's figures, as text or with --json as a document for scripts. The exit
// code is 1 if no daemon runs or it sends no usable reply; with --json the reason is in the
// document. Without a daemon, the figures are those of the store alone.

#include <optional>
#include <string>

#include "base/str.h"
#include "cli/command.h"
#include "cli/crashes.h"
#include "cli/request.h"
#include "cli/status_text.h"
#include "codec/json.h"
#include "os/self.h"
#include "store/offline.h"

namespace zc::cli {

namespace {

using codec::Json;

Json envelope(const lifecycle::Caller& caller, std::string_view verdict) {
  Json out = Json::object();
  out.set("status", Json::text(verdict));
  out.set("endpoint", Json::text(caller.locations.endpoint));
  out.set("daemon_namespace", Json::text(caller.locations.label()));
  return out;
}

void report_crashes(const lifecycle::Caller& caller) {
  if (const std::size_t count = crash_dumps(caller.locations).size(); count > 0) {
    print_out(str_cat("\n  Crashes:       ", count, ", see zccache crashes\n"));
  }
}

std::string why_no_daemon(const lifecycle::Caller& caller) {
  std::string out = str_cat("daemon not running at ", caller.locations.endpoint);
  const Result<> safe = lifecycle::check_directories(caller.locations, os::user_id());
  if (!safe) {
    str_append(out, "; none can be started: ", safe.error().message);
  }
  return out;
}

// The daemon counts results that are being stored, so it waits for them first, and for the disk.
constexpr int kStatisticsReplyMs = 30'000;

Result<std::string> ask_statistics(const lifecycle::Caller& caller) {
  Result<std::string> text =
      request(caller, wire::Type::kStatistics, wire::Type::kStatisticsReply, kStatisticsReplyMs);
  if (text || text.error().code != Code::kCorrupt) {
    return text;
  }
  // An older daemon does not know this request, and has the figures in the reply to another one.
  const Result<std::string> older =
      request(caller, wire::Type::kStatus, wire::Type::kStatusReply, kStatisticsReplyMs);
  const Result<Json> json = older ? Json::parse(*older) : Json();
  return json && !json->at("uptime_secs").is_null() ? older : text;
}

// What the store holds is known without a daemon.
Json stored(const lifecycle::Caller& caller) {
  const store::Usage usage = store::read_usage(caller.locations.store());
  Json out = Json::object();
  out.set("results", Json::count(usage.results));
  out.set("manifests", Json::count(usage.manifests));
  out.set("blob_bytes", Json::count(usage.blob_bytes));
  out.set("index_bytes", Json::count(usage.index_bytes));
  return out;
}

int fail_with(const lifecycle::Caller& caller, bool as_json, const Error& error) {
  const bool is_down = means_no_daemon(error);
  const std::string message = is_down ? why_no_daemon(caller) : error.message;
  const Json store = is_down ? stored(caller) : Json();
  if (as_json) {
    Json out = envelope(caller, "error");
    out.set("error", Json::text(message));
    if (is_down) {
      out.set("store", store);
    }
    print_out(out.dump() + '\n');
  } else {
    print_note(message);
    print_out(store_text(store));
    report_crashes(caller);
  }
  return kFailed;
}

}  // namespace

int status(const lifecycle::Caller& caller, Args args) {
  const std::optional<bool> as_json = asks_for_json("status", args);
  if (!as_json) {
    return kUsageError;
  }
  const Result<std::string> text = ask_statistics(caller);
  if (!text) {
    return fail_with(caller, *as_json, text.error());
  }
  const Result<Json> daemon = Json::parse(*text);
  if (!daemon) {
    return fail_with(caller, *as_json, daemon.error());
  }
  if (!*as_json) {
    print_out(status_text(*daemon));
    report_crashes(caller);
    return kDone;
  }
  const Lookups lookups = lookups_of(*daemon);
  Json out = envelope(caller, "ok");
  out.set("hit_rate", lookups.total() == 0 ? Json()
                                           : Json::number(static_cast<double>(lookups.hits) /
                                                          static_cast<double>(lookups.total())));
  out.set("daemon", *daemon);
  out.set("crashes", Json::number(static_cast<double>(crash_dumps(caller.locations).size())));
  print_out(out.dump() + '\n');
  return kDone;
}

}  // namespace zc::cli
