#include "daemon/compile_service.h"

#include <deque>
#include <optional>
#include <span>
#include <utility>

#include "base/limits.h"
#include "base/str.h"
#include "config/keys.h"
#include "daemon/lifecycle_log.h"
#include "engine/engine.h"
#include "history/spelled_out.h"
#include "os/clock.h"
#include "os/file_stamp.h"
#include "os/memory.h"
#include "os/memory_file.h"
#include "os/process.h"
#include "os/self.h"
#include "wire/observation_channel.h"

namespace zc::daemon {

using codec::Json;
using compiler::Bypass;
using compiler::Reason;

namespace {

std::string sign_of_life(std::string_view version) {
  return wire::encode_plain(wire::Type::kWait, version).value_or(std::string());
}

Json own_pid() {
  return Json::count(static_cast<std::uint64_t>(os::process_id()));
}

Json describe(const store::Usage& usage, std::uint64_t size_bytes_max) {
  Json out = Json::object();
  out.set("results", Json::count(usage.results));
  out.set("manifests", Json::count(usage.manifests));
  out.set("blob_bytes", Json::count(usage.blob_bytes));
  out.set("index_bytes", Json::count(usage.index_bytes));
  out.set("size_bytes_max", Json::count(size_bytes_max));
  out.set("evicted_results", Json::count(usage.evicted_results));
  out.set("quarantined_blobs", Json::count(usage.quarantined_blobs));
  return out;
}

// The figures under the names that they had before they outlasted the daemon, and all of them.
void describe(const history::Tally& tally, Json& out) {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  Json hits = Json::object();
  hits.set("direct", Json::count(tally.served()));
  Json reasons = Json::object();
  for (const auto& [reason, commands] : tally.not_cached) {
    reasons.set(reason, Json::count(commands.count));
  }
  Json options = Json::object();
  for (const auto& [option, times] : tally.options) {
    options.set(option, Json::count(times));
  }
  out.set("hits", std::move(hits));
  out.set("misses", Json::count(tally.kept()));
  out.set("not_cached", std::move(reasons));
  out.set("flags", std::move(options));
  out.set("time_saved_ms", Json::count(tally.saved_ns / kNsPerMs));
  out.set("since_start", tally.describe());
}

// Null if it is none: the journal's thread must not wait for whatever reads a pipe.
std::shared_ptr<const os::Fd> plain_file(os::Fd fd) {
  const Result<os::FileStamp> stamp = os::stat_fd(fd.get());
  return stamp && stamp->is_regular() ? std::make_shared<const os::Fd>(std::move(fd)) : nullptr;
}

std::uint64_t bytes_of(const std::vector<os::Fd>& fds) {
  std::uint64_t sum = 0;
  for (const os::Fd& fd : fds) {
    const Result<os::FileStamp> stamp = os::stat_fd(fd.get());
    sum += stamp ? stamp->size_bytes : 0;
  }
  return sum;
}

std::vector<int> numbers_of(const std::vector<os::Fd>& fds) {
  std::vector<int> out;
  for (const os::Fd& fd : fds) {
    out.push_back(fd.get());
  }
  return out;
}

std::optional<wire::RunReport> report_in(const wire::Frame& frame) {
  return frame.type == wire::Type::kRunReport ? wire::decode_run_report(frame.payload)
                                              : std::nullopt;
}

// A run that its user deems too quick to be worth storing.
std::optional<Bypass> too_quick(const engine::CacheableCompile& compile,
                                const wire::RunReport& report) {
  constexpr std::uint64_t kNsPerMs = 1'000'000;
  const std::string_view setting = compile.env.get("ZCCACHE_MIN_COMPILE_TIME");
  const std::uint64_t time_min_ms = config::parse_duration_ms(setting).value_or(0);
  const std::uint64_t took_ms = report.duration_ns / kNsPerMs;
  if (took_ms >= time_min_ms) {
    return std::nullopt;
  }
  return Bypass{.reason = Reason::kQuickCompile,
                .detail = str_cat(took_ms, " of ", time_min_ms, " ms")};
}

// What is known of the command before anything is looked up.
void describe(const engine::CacheableCompile& compile, history::CommandRecord& record) {
  record.source = compile.source;
  if (std::string output = compile.main_output_path(); !output.empty()) {
    record.outputs.push_back(std::move(output));
  }
  for (std::size_t i = 1; i < compile.products.size(); ++i) {
    record.outputs.push_back(compile.products[i].path);
  }
}

// Until its record is filled from the request, the place comes from the compile.
std::string subject_in(const engine::CacheableCompile& compile,
                       const history::CommandRecord& record) {
  history::CommandRecord placed = record;
  placed.compiler = compile.tool;
  placed.cwd = compile.cwd;
  return history::subject_of(placed);
}

void describe(const engine::HitReply& hit, const engine::CacheableCompile& compile,
              history::CommandRecord& record) {
  using history::Outcome;
  record.outcome = compile.reads_outputs    ? Outcome::kLinkHit
                   : hit.hit.exit_code != 0 ? Outcome::kCachedError
                                            : Outcome::kHit;
  record.exit_code = hit.hit.exit_code;
  record.result = history::short_text(hit.result);
  record.stored_ns = hit.stored_ns;
  record.compiler_ns = hit.compile_ns;
  for (const wire::HitFile& file : hit.hit.files) {
    record.output_bytes += file.size_bytes;
  }
}

void describe(const wire::RunReport& report, const engine::CacheableCompile& compile,
              history::CommandRecord& record) {
  using history::Outcome;
  record.outcome = report.exit_code != 0 || report.signalled ? Outcome::kError
                   : compile.reads_outputs                   ? Outcome::kLinkMiss
                                                             : Outcome::kMiss;
  record.exit_code = report.exit_code;
  record.compiler_ns = report.duration_ns;
}

// The second run of a command is in another year, on another day of the month and of the week, in
// another hour, minute and second.
constexpr std::int64_t kClockShiftS = 397LL * 24 * 60 * 60 + 13LL * 60 * 60 + 7LL * 60 + 11;

}  // namespace

CompileService::CompileService(const lifecycle::Locations& locations, Settings& settings,
                               const log::Log& log, History history, std::string version,
                               Result<std::unique_ptr<CompileCache>> cache, Pace pace)
    : locations_(locations),
      settings_(settings),
      log_(log),
      history_(history),
      version_(std::move(version)),
      pace_(std::move(pace)),
      start_ms_(os::monotonic_ms()),
      heart_(sign_of_life(version_), {.interval_ms = pace_.heartbeat_ms}) {
  if (cache) {
    cache_ = *std::move(cache);
    verifier_.emplace(locations_, log_, version_, *cache_, counters_);
  } else {
    store_problem_ = str_cat("the store cannot be opened: ", cache.error().message);
    log_.error(store_problem_);
  }
  Json standing = Json::object();
  standing.set("pid", own_pid());
  standing.set("warnings", warnings(settings_.own_warnings()));
  standing.set("variables", settings_.variables());
  standing_json_ = standing.dump_line();
}

CompileService::~CompileService() = default;

struct CompileService::Served {
  history::CommandRecord record;
  std::int64_t begin_ns = os::monotonic_ns();
  bool is_cancelled = false;
  std::optional<EndingRequests::Entry> ending;
  os::Fd process;  // of a client that becomes the compiler
};

namespace {

// Adds the time for which it lives to a phase, if the phases of that command are wanted.
class PhaseTimer {
 public:
  PhaseTimer(std::optional<history::Phases>& phases, std::uint64_t history::Phases::* phase)
      : phase_(phases ? &((*phases).*phase) : nullptr),
        begin_ns_(phases ? os::monotonic_ns() : 0) {}
  ~PhaseTimer() {
    if (phase_ != nullptr) {
      *phase_ += static_cast<std::uint64_t>(os::monotonic_ns() - begin_ns_);
    }
  }
  PhaseTimer(const PhaseTimer&) = delete;

 private:
  std::uint64_t* const phase_;
  const std::int64_t begin_ns_;
};

}  // namespace

void CompileService::compile(wire::Connection& connection, wire::Frame frame) {
  Served served;
  // Until the record has gone to the history: the end of a session waits for that.
  std::optional<history::Sessions::Running> running;
  {
    std::optional<wire::CompileRequest> request = wire::decode_compile(frame.payload);
    if (!request) {
      add_unread(Reason::kInternalError);
      if (const auto reply = wire::encode_text(wire::Type::kError, version_,
                                               "the compile request could not be decoded")) {
        (void)connection.send(*reply);
      }
      return;
    }
    served.record.start_ns = static_cast<std::int64_t>(request->start_ns);
    served.record.client_pid = connection.peer_pid();
    served.record.args = history::spelled_out(*request);
    if (!frame.fds.empty()) {
      served.record.log = plain_file(std::move(frame.fds.front()));
    }
    if (history::Sessions& sessions = history_.sessions.sessions(); sessions.any()) {
      running.emplace(sessions, std::string(history::session_of(*request)));
      if (sessions.is_profiling()) {
        served.record.phases.emplace();
      }
    }
    WaitingClient client(heart_, connection);
    serve(client, *request, served);
    // What follows the last reply is no time of the command: the next one may run by then.
    served.record.latency_ns = static_cast<std::uint64_t>(client.replied_ns() - served.begin_ns);
  }
  add_to_history(std::move(frame.payload), served);
}

void CompileService::begin_end(Served& served) {
  if (!served.ending) {
    served.ending.emplace(ending_);
  }
}

// After the client has had its last reply: nobody waits for this.
void CompileService::add_to_history(std::string request, Served& served) {
  if (served.is_cancelled) {
    return;
  }
  if (log_.wants(log::Level::kDebug)) {
    history::fill_from_request(request, served.record);
    log_.debug(history::summary_of(served.record));
  }
  if (served.process) {
    history_.bypassed.add(request, std::move(served.record), std::move(served.process));
  } else {
    history_.commands.add(std::move(request), std::move(served.record));
  }
}

void CompileService::add_unread(Reason reason) {
  history_.commands.add({}, {.start_ns = os::wall_ns(),
                             .outcome = history::Outcome::kMiss,
                             .reason = std::string(compiler::text_of(reason).id)});
}

void CompileService::reply_bypass(WaitingClient& client, const Bypass& bypass, Served& served) {
  served.record.outcome = history::Outcome::kMiss;
  served.record.reason = compiler::text_of(bypass.reason).id;
  served.record.detail = bypass.detail;
  const wire::Bypass reply = {.reason = compiler::text_of(bypass.reason).id,
                              .detail = bypass.detail};
  begin_end(served);
  // The pid is that of the client as long as this waits for a reply, and if the reply is delivered,
  // it still was.
  Result<os::Fd> process =
      os::open_process_end(static_cast<std::int32_t>(served.record.client_pid));
  if (client.reply(wire::encode(reply, version_)) && process) {
    served.process = *std::move(process);
  }
}

// Sends without waiting: the thread that calls this must not block on a client.
void CompileService::turn_away(wire::Connection& connection) {
  add_unread(Reason::kDaemonBusy);
  const wire::Bypass reply = {.reason = compiler::text_of(Reason::kDaemonBusy).id, .detail = {}};
  if (const auto frame = wire::encode(reply, version_)) {
    (void)connection.send(*frame, {}, 0);
  }
}

void CompileService::serve(WaitingClient& client, wire::CompileRequest& request, Served& served) {
  std::deque<std::string> texts;  // which the request borrows
  if (const auto usable = settings_.apply(request, texts); !usable) {
    reply_bypass(client, usable.error(), served);
    return;
  }
  if (cache_ == nullptr) {
    reply_bypass(client, {.reason = Reason::kStoreUnavailable, .detail = store_problem_}, served);
    return;
  }
  const auto claimed = [&] {
    const PhaseTimer timer(served.record.phases, &history::Phases::claim_ns);
    return cache_->claim(request);
  }();
  if (!claimed) {
    if (claimed.error().reason == Reason::kBadCommandOptions) {
      served.is_cancelled = true;
      (void)client.reply(wire::encode_text(wire::Type::kError, version_, claimed.error().detail));
    } else {
      reply_bypass(client, claimed.error(), served);
    }
    return;
  }
  describe(**claimed, served.record);
  serve_claimed(client, request, **claimed, served);
}

void CompileService::serve_claimed(WaitingClient& client, const wire::CompileRequest& request,
                                   engine::CacheableCompile& compile, Served& served) {
  const Bypass limited = {.reason = Reason::kCallerLimits,
                          .detail = std::string(request.tight_limit)};
  // A limit on the size of files would end a client that delivers a larger output.
  if (request.limits_files) {
    reply_bypass(client, limited, served);
    return;
  }
  bool waited = false;
  const std::int64_t patience_end_ms = pace_.now_ms() + limits::kCoalesceMs;
  while (true) {
    if (reply_hit(client, request, compile, waited, served)) {
      return;
    }
    if (compile.must_hit) {
      reply_missing(client, compile, served);
      return;
    }
    if (compile.only_reads) {
      reply_bypass(client, {.reason = Reason::kReadOnly, .detail = compile.source}, served);
      return;
    }
    // What we add to a run (capture, observer, depfile) may not fit under the caller's limit, so
    // the compiler must run as it would alone.
    if (!request.tight_limit.empty()) {
      reply_bypass(client, limited, served);
      return;
    }
    if (const auto lead = single_flight_.try_lead(compile.manifest_key)) {
      // Between our look-up and now, another leader may have finished.
      if (!reply_hit(client, request, compile, waited, served)) {
        run(client, compile, served);
      }
      return;
    }
    waited = true;
    while (!single_flight_.wait(compile.manifest_key, pace_.heartbeat_ms)) {
      // The other client may be stopped. Two runs of one command do no harm: the second result
      // replaces the first.
      if (pace_.now_ms() >= patience_end_ms) {
        run(client, compile, served);
        return;
      }
      if (client.is_lost()) {
        counters_.client_lost();
        served.is_cancelled = true;
        return;
      }
    }
  }
}

bool CompileService::reply_hit(WaitingClient& client, const wire::CompileRequest& request,
                               const engine::CacheableCompile& compile, bool waited,
                               Served& served) {
  std::optional<engine::HitReply> hit = [&] {
    const PhaseTimer timer(served.record.phases, &history::Phases::lookup_ns);
    return cache_->lookup(compile);
  }();
  if (!hit) {
    return false;
  }
  const auto note_use = [&] {
    served.record.needed_room_bytes = cache_->note_use(*hit).value_or(0);
  };
  if (compile.only_measures) {
    note_use();
    counters_.measured(hit->compile_ns);
    reply_bypass(client, {.reason = Reason::kCalledForLink, .detail = "only measured"}, served);
    return true;
  }
  const auto frame = wire::encode(hit->hit, version_);
  if (!frame || hit->fds.size() > limits::kFrameFdsMax) {
    return false;
  }
  const bool verifies = verifier_->wants(request, compile, *hit);
  if (!verifies) {
    begin_end(served);
  } else {
    note_use();  // It may be gone afterwards.
  }
  served.record.is_verified = verifies;
  if (waited) {
    counters_.coalesced();
  }
  if (!verifies || verifier_->verify(client, request, compile, *hit)) {
    begin_end(served);
    const std::int64_t hit_ns = os::wall_ns();
    const bool is_delivered = [&] {
      const PhaseTimer timer(served.record.phases, &history::Phases::reply_ns);
      return client.reply(frame, numbers_of(hit->fds));
    }();
    if (is_delivered) {
      cache_->await_stamps(client.socket(), *hit, hit_ns);
    }
  }
  if (!verifies) {
    note_use();
  }
  (void)cache_->remember(compile, hit->result, {});
  describe(*hit, compile, served.record);
  return true;
}

// As a hit of a command that failed: the client says so and exits.
void CompileService::reply_missing(WaitingClient& client, const engine::CacheableCompile& compile,
                                   Served& served) {
  served.record.outcome = history::Outcome::kMiss;
  served.record.exit_code = 1;
  served.record.why = cache_->explain(compile);
  const std::string message =
      str_cat("zccache: terminate_on_miss: there is no stored result for ", compile.source,
              compile.source.empty() ? std::string_view(compile.tool) : "", ": ",
              history::cause_of(served.record), '\n');
  begin_end(served);
  const wire::Hit failure = {.err = message, .exit_code = 1};
  (void)client.reply(wire::encode(failure, version_));
}

void CompileService::run(WaitingClient& client, engine::CacheableCompile& compile, Served& served) {
  const engine::RunPlan plan = compile.make_plan();
  const RunningCommands::Entry running(history_.running,
                                       {.start_ns = os::wall_ns(),
                                        .client_pid = served.record.client_pid,
                                        .compiler = compile.tool,
                                        .subject = subject_in(compile, served.record),
                                        .cwd = compile.cwd,
                                        .reason = {}});
  const std::optional<wire::Frame> report = order_run(client, compile, plan.run, 0, served);
  if (!report) {
    return;
  }
  begin_end(served);
  client.wait();
  store_result(client, compile, *report, served);
}

std::optional<wire::Frame> CompileService::order_run(WaitingClient& client,
                                                     engine::CacheableCompile& compile,
                                                     const wire::RunOrder& order,
                                                     std::int64_t clock_shift_s, Served& served) {
  std::optional<os::MemoryFile> observed;
  std::vector<int> fds;
  if (order.observe) {
    Result<os::MemoryFile> made = wire::make_observation_channel(
        {.clock_shift_s = clock_shift_s,
         .unknown_since_ns = compile.is_unknown ? os::wall_ns() : 0,
         .kept_before_ns = clock_shift_s == 0 ? 0 : compile.unread_ns()});
    if (!made) {
      reply_bypass(client, {.reason = Reason::kNotObserved, .detail = made.error().message},
                   served);
      return std::nullopt;
    }
    fds.push_back(observed.emplace(*std::move(made)).fd());
  }
  if (!client.reply(wire::encode(order, version_), fds)) {
    counters_.client_lost();
    served.is_cancelled = true;
    return std::nullopt;
  }
  // While the compiler starts: it waits for nothing of this.
  if (!served.record.why) {
    served.record.why = cache_->explain(compile);
  }
  Result<wire::Frame> report = client.receive();
  if (!report) {
    counters_.client_lost();
    served.is_cancelled = true;
    log_cancelled(locations_, "compile", report.error().message);
    return std::nullopt;
  }
  if (observed) {
    compile.observation = wire::read_observation_channel(observed->bytes());
  }
  return *std::move(report);
}

void CompileService::store_result(WaitingClient& client, engine::CacheableCompile& compile,
                                  const wire::Frame& report, Served& served) {
  const auto done = report_in(report);
  if (!done) {
    served.record.reason = compiler::text_of(Reason::kInternalError).id;
    return;
  }
  describe(*done, compile, served.record);
  served.record.output_bytes = bytes_of(report.fds);
  const PhaseTimer timer(served.record.phases, &history::Phases::store_ns);
  // The client may end once: as soon as its outputs are taken, or at the end of the function. In
  // the first case the outcome is counted later, and statistics wait for that (ending_).
  bool is_acknowledged = false;
  const auto acknowledge = [&] {
    if (!std::exchange(is_acknowledged, true)) {
      (void)client.reply(wire::encode_plain(wire::Type::kStored, version_));
    }
  };
  if (std::optional<Bypass> quick = too_quick(compile, *done)) {
    count_stored(compile, std::unexpected(*std::move(quick)), served);
    acknowledge();
    return;
  }
  auto stored = cache_->store_result(compile, *done, report.fds, acknowledge, nullptr);
  if (stored && *stored) {
    if (!is_acknowledged) {
      run_again(client, compile, **stored, served);
      return;
    }
    stored = compiler::bypass(Reason::kUnrepeatableInput, (*stored)->doubt);
  }
  count_stored(compile, stored, served);
  acknowledge();
}

void CompileService::count_stored(const engine::CacheableCompile& compile,
                                  const engine::StoredOrFirst& stored, Served& served) {
  if (!stored) {
    const Bypass& why = stored.error();
    served.record.reason = compiler::text_of(why.reason).id;
    served.record.detail = why.detail;
    (void)cache_->remember(compile, std::nullopt, served.record.reason);
  } else {
    const CompileCache::Remembered kept = cache_->remember(compile, std::nullopt, {});
    served.record.result = kept.result ? history::short_text(*kept.result) : std::string();
    served.record.missing_room_bytes = kept.missing_room_bytes;
  }
}

void CompileService::run_again(WaitingClient& client, engine::CacheableCompile& compile,
                               const engine::FirstRun& first, Served& served) {
  engine::RunPlan plan = compile.make_plan();
  plan.run.verifies = true;
  plan.run.inject.insert(plan.run.inject.end(), first.added_words.begin(), first.added_words.end());
  plan.run.cleared.assign(first.cleared.begin(), first.cleared.end());
  const std::optional<wire::Frame> report =
      order_run(client, compile, plan.run, first.added_words.empty() ? kClockShiftS : 0, served);
  if (!report) {
    return;
  }
  client.wait();
  const auto done = report_in(*report);
  engine::StoredOrFirst stored =
      compiler::bypass(Reason::kInternalError, "the report could not be decoded");
  if (done) {
    stored = cache_->store_result(compile, *done, report->fds, [] {}, &first);
  }
  count_stored(compile, stored, served);
  if (stored) {
    (void)client.reply(wire::encode_plain(wire::Type::kStored, version_));
  } else if (const std::optional<engine::HitReply> left = cache_->replay(compile, first)) {
    (void)client.reply(wire::encode(left->hit, version_), numbers_of(left->fds));
  } else {
    (void)client.reply(wire::encode_text(wire::Type::kError, version_, "the first run is lost"));
  }
}

Json CompileService::warnings(const std::vector<std::string>& of_settings) const {
  Json out = Json::array();
  for (const std::string& text : of_settings) {
    out.append(Json::text(text));
  }
  if (const std::string text = history_.statistics.problem(); !text.empty()) {
    out.append(Json::text(text));
  }
  if (!store_problem_.empty()) {
    out.append(Json::text(store_problem_));
  }
  return out;
}

void CompileService::settle_figures() {
  ending_.wait(limits::kSilenceMs);
  history_.bypassed.flush();
}

std::string CompileService::statistics_json() {
  settle_figures();
  // What cannot be written is a warning in the reply.
  (void)history_.statistics.save();
  if (cache_ != nullptr) {
    // So that they are counted; the daemon warns at its end if one could not be written.
    (void)cache_->flush();
  }
  const store::Usage usage = cache_ != nullptr ? cache_->usage() : store::Usage{};
  Json out = Json::object();
  out.set("version", Json::text(version_));
  out.set("pid", own_pid());
  out.set("endpoint", Json::text(locations_.endpoint));
  out.set("daemon_namespace", Json::text(locations_.label()));
  out.set("cache_dir", Json::text(locations_.state));
  out.set("uptime_secs",
          Json::count(static_cast<std::uint64_t>((os::monotonic_ms() - start_ms_) / 1000)));
  describe(history_.statistics.since_start(), out);
  counters_.describe(out);
  out.set("running", history_.running.to_json(os::wall_ns()));
  out.set("store", describe(usage, settings_.current().size_bytes_max));
  out.set("daemon_rss_bytes", Json::count(os::resident_bytes()));
  history_.sessions.describe(out);
  out.set("warnings", warnings(settings_.warnings()));
  return out.dump_line();
}

void CompileService::zero(bool days_too) {
  settle_figures();
  counters_.reset();
  history_.statistics.zero(days_too);
  (void)history_.statistics.save();
}

Result<std::string> CompileService::clear() {
  if (cache_ == nullptr) {
    return fail(Code::kUnavailable, store_problem_);
  }
  settle_figures();
  TRY_ASSIGN(const store::Store::Cleared cleared, cache_->clear());
  counters_.reset();
  history_.statistics.restart();
  Json out = Json::object();
  out.set("results_removed", Json::count(cleared.results));
  out.set("bytes_freed", Json::count(cleared.bytes));
  return out.dump_line();
}

void CompileService::apply_settings() {
  if (cache_ != nullptr) {
    cache_->set_size_bytes_max(settings_.current().size_bytes_max);
  }
}

void CompileService::drain() {
  history_.bypassed.close();
  if (cache_ != nullptr) {
    if (const Result<> flushed = cache_->flush(); !flushed) {
      log_.warn(str_cat("the last results could not be written: ", flushed.error().message));
    }
  }
}

}  // namespace zc::daemon
