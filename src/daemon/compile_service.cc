#include "daemon/compile_service.h"

#include <unistd.h>

#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "base/str.h"
#include "daemon/host.h"
#include "daemon/lifecycle_log.h"
#include "os/clock.h"
#include "os/memory_file.h"
#include "os/world.h"
#include "wire/observation_channel.h"

namespace zc::daemon {

using compiler::Bypass;
using compiler::Reason;

namespace {

std::string sign_of_life(std::string_view version) {
  return wire::encode_plain(wire::Type::kWait, version).value_or(std::string());
}

}  // namespace

// A client that waits for a reply, and gets signs of life until then.
class CompileService::Waiting {
 public:
  Waiting(Heart& heart, wire::Channel& channel) : heart_(heart), channel_(channel) { wait(); }

  void wait() { beat_.emplace(heart_, channel_); }
  bool is_lost() const { return beat_ && beat_->is_client_lost(); }

  // Whether it was delivered.
  bool answer(const Result<std::string>& frame, std::span<const int> fds = {}) {
    beat_.reset();
    return frame && channel_.send(*frame, fds);
  }
  // Nothing: the client has disconnected.
  Result<wire::Frame> receive() { return channel_.receive(-1); }

 private:
  Heart& heart_;
  wire::Channel& channel_;
  std::optional<Heart::Beat> beat_;
};

// The store's table of known files, as the file cache wants it.
class CompileService::StoredDigests final : public files::DigestMemory {
 public:
  explicit StoredDigests(store::Store& store) : store_(store) {}
  std::optional<codec::Digest> recall(const os::FileStamp& stamp) override {
    return store_.file_digest(stamp);
  }
  void remember(const os::FileStamp& stamp, const codec::Digest& digest) override {
    store_.remember_file(stamp, digest);
  }

 private:
  store::Store& store_;
};

CompileService::CompileService(const lifecycle::Locations& locations, const Config& config,
                               const log::Log& log, std::string version)
    : locations_(locations),
      config_(config),
      log_(log),
      version_(std::move(version)),
      start_ms_(os::monotonic_ms()),
      heart_(sign_of_life(version_), {}) {
  open_store();
  standing_json_ =
      str_cat(R"({"pid":)", static_cast<long>(::getpid()), R"(,"warnings":)", warnings_json(), '}');
}

void CompileService::open_store() {
  const store::Options options = {.size_bytes_max = config_.size_bytes_max,
                                  .free_bytes_min = config_.free_bytes_min};
  auto opened = store::Store::open(locations_.store(), options,
                                   [this](const std::string& text) { log_.warn(text); });
  if (!opened) {
    store_problem_ = str_cat("the store cannot be opened: ", opened.error().message);
    log_.error(store_problem_);
    return;
  }
  store_ = *std::move(opened);
  digests_ = std::make_unique<StoredDigests>(*store_);
  files_ = std::make_unique<files::FileCache>(fs_, digests_.get());
  engine_ = std::make_unique<engine::Engine>(engine::Dependencies{.fs = fs_,
                                                                  .files = *files_,
                                                                  .runner = runner_,
                                                                  .store = *store_,
                                                                  .world = os::this_world(),
                                                                  .host_cpu = host_cpu()});
}

CompileService::~CompileService() = default;

void CompileService::compile(wire::Channel& channel, wire::Frame frame) {
  const std::optional<wire::CompileRequest> request = wire::decode_compile(frame.payload);
  if (!request) {
    counters_.not_cached(Reason::kInternalError, {});
    if (const auto reply = wire::encode_text(wire::Type::kError, version_,
                                             "the compile request could not be decoded")) {
      (void)channel.send(*reply);
    }
    return;
  }
  serve(channel, *request);
}

void CompileService::reply_bypass(Waiting& client, const Bypass& bypass) {
  counters_.not_cached(bypass.reason, bypass.detail);
  const wire::Bypass reply = {.reason = compiler::text_of(bypass.reason).id,
                              .detail = bypass.detail};
  (void)client.answer(wire::encode(reply, version_));
}

void CompileService::turn_away(wire::Channel& channel) {
  counters_.not_cached(Reason::kDaemonBusy, {});
  const wire::Bypass reply = {.reason = compiler::text_of(Reason::kDaemonBusy).id, .detail = {}};
  if (const auto frame = wire::encode(reply, version_)) {
    (void)channel.send(*frame, {}, 0);
  }
}

void CompileService::serve(wire::Channel& channel, const wire::CompileRequest& request) {
  Waiting client(heart_, channel);
  if (engine_ == nullptr) {
    reply_bypass(client, {.reason = Reason::kStoreUnavailable, .detail = store_problem_});
    return;
  }
  auto prepared_or_bypass = engine_->claim(request);
  if (const Bypass* bypass = std::get_if<Bypass>(&prepared_or_bypass)) {
    reply_bypass(client, *bypass);
    return;
  }
  const auto compile =
      std::get<std::unique_ptr<engine::CacheableCompile>>(std::move(prepared_or_bypass));
  const Bypass limited = {.reason = Reason::kCallerLimits,
                          .detail = std::string(request.tight_limit)};
  if (request.limits_files) {
    reply_bypass(client, limited);
    return;
  }
  bool waited = false;
  const os::Deadline patience(limits::kCoalesceMs);
  while (true) {
    if (reply_hit(client, *compile)) {
      if (waited) {
        counters_.coalesced();
      }
      return;
    }
    if (!request.tight_limit.empty()) {
      reply_bypass(client, limited);
      return;
    }
    if (const auto lead = single_flight_.try_lead(compile->manifest_key)) {
      // Between our look-up and now, another leader may have finished.
      if (!reply_hit(client, *compile)) {
        run(client, *compile);
      }
      return;
    }
    waited = true;
    while (!single_flight_.wait(compile->manifest_key, limits::kHeartbeatMs)) {
      if (patience.passed()) {
        run(client, *compile);
        return;
      }
      if (client.is_lost()) {
        counters_.client_lost();
        return;
      }
    }
  }
}

bool CompileService::reply_hit(Waiting& client, const engine::CacheableCompile& compile) {
  std::optional<engine::HitReply> answer = engine_->lookup(compile);
  if (!answer) {
    return false;
  }
  const auto frame = wire::encode(answer->hit, version_);
  if (!frame || answer->fds.size() > limits::kFrameFdsMax) {
    return false;
  }
  std::vector<int> fds;
  for (const os::Fd& fd : answer->fds) {
    fds.push_back(fd.get());
  }
  counters_.hit(answer->compile_ns);
  (void)client.answer(frame, fds);
  return true;
}

// A result that is being stored while its client may have gone on already.
class CompileService::Pending {
 public:
  explicit Pending(CompileService& service) : service_(service) {
    const MutexLock lock(service_.pending_mutex_);
    number_ = service_.next_pending_++;
    service_.pending_.insert(number_);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    const MutexLock lock(service_.pending_mutex_);
    service_.pending_.erase(number_);
    service_.pending_ended_.notify_all();
  }

 private:
  CompileService& service_;
  std::uint64_t number_ = 0;
};

void CompileService::run(Waiting& client, engine::CacheableCompile& compile) {
  const engine::RunPlan plan = engine::Engine::plan(compile);
  std::optional<os::MemoryFile> observed;
  std::vector<int> fds;
  if (plan.run.observe) {
    Result<os::MemoryFile> made = wire::make_observation_channel();
    if (!made) {
      reply_bypass(client, {.reason = Reason::kNotObserved, .detail = made.error().message});
      return;
    }
    fds.push_back(observed.emplace(*std::move(made)).fd());
  }
  if (!client.answer(wire::encode(plan.run, version_), fds)) {
    counters_.client_lost();
    return;
  }
  compile.prefetch();
  const Result<wire::Frame> report = client.receive();
  if (!report) {
    counters_.client_lost();
    log_cancelled(locations_, "compile", report.error().message);
    return;
  }
  if (observed) {
    compile.observation = wire::read_observation_channel(observed->bytes());
    observed.reset();
  }
  const Pending pending(*this);
  client.wait();
  store_result(client, compile, *report);
}

void CompileService::store_result(Waiting& client, engine::CacheableCompile& compile,
                                  const wire::Frame& report) {
  const auto done = report.type == wire::Type::kRunReport ? wire::decode_run_report(report.payload)
                                                          : std::optional<wire::RunReport>{};
  if (!done) {
    counters_.not_cached(Reason::kInternalError, "the report could not be decoded");
    return;
  }
  bool is_acknowledged = false;
  const auto acknowledge = [&] {
    if (!std::exchange(is_acknowledged, true)) {
      (void)client.answer(wire::encode_plain(wire::Type::kStored, version_));
    }
  };
  const std::optional<Bypass> not_stored =
      engine_->store_result(compile, *done, report.fds, acknowledge);
  if (not_stored) {
    counters_.not_cached(not_stored->reason, not_stored->detail);
    log_.debug(str_cat("not stored: ", compile.source, ": ",
                       compiler::text_of(not_stored->reason).id, ' ', not_stored->detail));
  } else {
    counters_.miss();
    log_.debug(str_cat("stored: ", compile.source));
  }
  acknowledge();
}

void CompileService::wait_for_pending() {
  const os::Deadline deadline(limits::kSilenceMs);
  const MutexLock lock(pending_mutex_);
  const std::uint64_t end = next_pending_;
  while (!pending_.empty() && *pending_.begin() < end && !deadline.passed()) {
    pending_ended_.wait_for_ms(pending_mutex_, deadline.left_ms());
  }
}

std::string CompileService::warnings_json() const {
  std::string out = "[";
  const char* separator = "";
  const auto warn = [&](const std::string& text) {
    str_append(out, separator, '"', json_escape(text), '"');
    separator = ",";
  };
  for (const std::string& text : config_.warnings) {
    warn(text);
  }
  if (!store_problem_.empty()) {
    warn(store_problem_);
  }
  return out + ']';
}

std::string CompileService::statistics_json() {
  wait_for_pending();
  if (store_ != nullptr) {
    // So that they are counted; the daemon warns at its end if one could not be written.
    (void)store_->flush();
  }
  const store::Usage usage = store_ != nullptr ? store_->usage() : store::Usage{};
  const auto text = [](std::string_view name, std::string_view value) {
    return str_cat('"', name, R"(":")", json_escape(value), R"(",)");
  };
  return str_cat('{', text("version", version_), R"("pid":)", static_cast<long>(::getpid()), ',',
                 text("endpoint", locations_.endpoint),
                 text("daemon_namespace", locations_.label()), text("cache_dir", locations_.state),
                 R"("uptime_secs":)", (os::monotonic_ms() - start_ms_) / 1000, ',',
                 counters_.json_fields(), R"(,"store":{"results":)", usage.results,
                 R"(,"manifests":)", usage.manifests, R"(,"blob_bytes":)", usage.blob_bytes,
                 R"(,"index_bytes":)", usage.index_bytes, R"(,"size_bytes_max":)",
                 config_.size_bytes_max, R"(,"evicted_results":)", usage.evicted_results,
                 R"(,"quarantined_blobs":)", usage.quarantined_blobs, R"(},"daemon_rss_bytes":)",
                 resident_bytes(), R"(,"warnings":)", warnings_json(), '}');
}

Result<std::string> CompileService::clear() {
  if (store_ == nullptr) {
    return fail(Code::kUnavailable, store_problem_);
  }
  wait_for_pending();
  TRY_ASSIGN(const store::Store::Cleared cleared, store_->clear());
  engine_->forget();
  counters_.reset();
  return str_cat(R"({"results_removed":)", cleared.results, R"(,"bytes_freed":)", cleared.bytes,
                 '}');
}

void CompileService::drain() {
  if (store_ != nullptr) {
    if (const Result<> flushed = store_->flush(); !flushed) {
      log_.warn(str_cat("the last results could not be written: ", flushed.error().message));
    }
  }
}

}  // namespace zc::daemon
