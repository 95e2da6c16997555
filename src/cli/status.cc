// zccache status: the figures of the cache, as text, with --json as a document for scripts, or for
// Prometheus. What outlasts the daemon is read from its file, which the daemon writes before it
// replies. The exit code is 1 if no daemon runs or it sends no usable reply; with --json the reason
// is in the document.

#include <optional>
#include <string>
#include <string_view>

#include "base/str.h"
#include "cli/command.h"
#include "cli/crashes.h"
#include "cli/format.h"
#include "cli/prometheus.h"
#include "cli/request.h"
#include "cli/status_text.h"
#include "cli/terminal_page.h"
#include "cli/user_wish.h"
#include "codec/json.h"
#include "history/figures.h"
#include "os/clock.h"
#include "os/screen.h"
#include "os/self.h"
#include "os/signal.h"
#include "os/terminal.h"
#include "store/offline.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::Tally;

constexpr std::uint64_t kStatusSchemaVersion = 1;
constexpr std::size_t kDaysInDocument = 7;

enum class Form { kText, kJson, kPrometheus };

struct Words {
  Form form = Form::kText;
  bool watch = false;
  std::optional<std::size_t> days;
};

std::optional<Form> form_named(std::string_view name) {
  return name == "text"         ? std::optional(Form::kText)
         : name == "json"       ? std::optional(Form::kJson)
         : name == "prometheus" ? std::optional(Form::kPrometheus)
                                : std::nullopt;
}

void refuse_option(std::string_view word, std::string_view value) {
  if (word == "--days") {
    print_note(str_cat("zccache status: '", value, "' is no number of days; say 7"));
  } else if (word == "--format") {
    print_note(str_cat("zccache status: there is no format '", value,
                       "', only text, json and prometheus"));
  } else {
    (void)bad_argument("status", word);
  }
}

// Nothing: there is a mistake, and that has been printed.
std::optional<Words> read_options(Args args) {
  Words out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view word = args[i];
    const std::string_view value = i + 1 < args.size() ? args[i + 1] : "";
    if (word == "--json") {
      out.form = Form::kJson;
    } else if (word == "--watch") {
      out.watch = true;
    } else if (word == "--format" && form_named(value)) {
      out.form = *form_named(value);
      ++i;
    } else if (word == "--days" && parse_u64(value).value_or(0) > 0) {
      out.days = parse_u64(value);
      ++i;
    } else {
      refuse_option(word, value);
      return std::nullopt;
    }
  }
  return out;
}

std::string crashes_text(const lifecycle::Caller& caller) {
  const std::size_t count = crash_dumps(caller.locations).size();
  return count == 0 ? std::string()
                    : str_cat("\n  Crashes:       ", count, ", see zccache crashes\n");
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

// What is to be shown, and why the daemon said nothing.
struct Seen {
  StatusFigures shown;
  std::optional<Error> error;
};

Seen look(const lifecycle::Caller& caller, const Words& words) {
  Seen out;
  const Result<std::string> text = ask_statistics(caller);
  Result<Json> daemon = text ? Json::parse(*text) : fail(text.error().code, text.error().message);
  if (daemon) {
    out.shown.daemon = *std::move(daemon);
  } else {
    const bool is_down = means_no_daemon(daemon.error());
    out.error = daemon.error();
    if (is_down) {
      out.error->message = why_no_daemon(caller);
      out.shown.store = stored(caller);
    }
  }
  out.shown.lasting =
      history::read_figures(caller.locations.statistics()).value_or(history::Figures());
  out.shown.days = words.days;
  out.shown.now_ns = os::wall_ns();
  return out;
}

Json rate(double value) {
  return value < 0 ? Json() : Json::number(value);
}

Json document(const lifecycle::Caller& caller, const Seen& seen) {
  const StatusFigures& shown = seen.shown;
  Json out = Json::object();
  out.set("schema_version", Json::count(kStatusSchemaVersion));
  out.set("status", Json::text(seen.error ? "error" : "ok"));
  out.set("endpoint", Json::text(caller.locations.endpoint));
  out.set("daemon_namespace", Json::text(caller.locations.label()));
  if (seen.error) {
    out.set("error", Json::text(seen.error->message));
    if (shown.store.is_object()) {
      out.set("store", shown.store);
    }
  } else {
    const Tally now = since_start(shown.daemon);
    out.set("hit_rate", rate(now.direct_rate()));
    out.set("link_hit_rate", rate(now.link_rate()));
    out.set("overall_hit_rate", rate(now.overall_rate()));
    out.set("daemon", shown.daemon);
  }
  Json total = shown.lasting.total.describe();
  total.set("since_ns", Json::count(static_cast<std::uint64_t>(shown.lasting.since_ns)));
  out.set("total", std::move(total));
  Json days = Json::object();
  const std::size_t count = shown.days.value_or(kDaysInDocument);
  for (const auto& [date, tally] : shown.lasting.last(count, shown.now_ns)) {
    days.set(*date, tally->describe());
  }
  out.set("days", std::move(days));
  out.set("crashes", Json::count(crash_dumps(caller.locations).size()));
  return out;
}

std::string written(const lifecycle::Caller& caller, const Seen& seen, Form form) {
  switch (form) {
    case Form::kJson:
      return document(caller, seen).dump() + '\n';
    case Form::kPrometheus:
      return prometheus_text(seen.shown);
    case Form::kText:
      break;
  }
  return status_text(seen.shown) + crashes_text(caller);
}

constexpr int kKeysDescriptor = 0;
constexpr int kShownDescriptor = 1;
constexpr int kRedrawMs = 1'000;

std::string watched_text(const lifecycle::Caller& caller, const Words& words) {
  const Seen seen = look(caller, words);
  const std::string error = seen.error && words.form == Form::kText
                                ? str_cat(printable(seen.error->message), '\n')
                                : std::string();
  return error + written(caller, seen, words.form);
}

// Until a key or a signal ends it.
int watch_on_terminal(const lifecycle::Caller& caller, const Words& words) {
  const Result<os::SignalSource> signals = os::SignalSource::open_requests_to_end();
  const Result<os::Screen> screen = os::Screen::open(kKeysDescriptor, kShownDescriptor);
  if (!signals || !screen) {
    print_note(str_cat("zccache status: ", (signals ? screen.error() : signals.error()).message));
    return kFailed;
  }
  do {
    const std::string text = watched_text(caller, words);
    if (!screen->show(frame_of(page_of(text, "q quits", page_size(*screen))))) {
      return kFailed;
    }
  } while (wait_for_user(*signals, kKeysDescriptor, kRedrawMs) != UserWish::kEnd);
  return kDone;
}

// Until the process is ended, or the output is gone.
int watch(const lifecycle::Caller& caller, const Words& words) {
  if (can_show_pages() && !os::is_in_background(kKeysDescriptor)) {
    return watch_on_terminal(caller, words);
  }
  while (output_error() == 0) {
    print_out(watched_text(caller, words));
    os::sleep_ms(kRedrawMs);
  }
  return kFailed;
}

}  // namespace

int status(const lifecycle::Caller& caller, Args args) {
  const std::optional<Words> words = read_options(args);
  if (!words) {
    return kUsageError;
  }
  if (words->watch) {
    return watch(caller, *words);
  }
  const Seen seen = look(caller, *words);
  if (seen.error && words->form != Form::kJson) {
    print_note(printable(seen.error->message));
  }
  print_out(written(caller, seen, words->form));
  return seen.error ? kFailed : kDone;
}

}  // namespace zc::cli
