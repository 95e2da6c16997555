#include "daemon/compile_service.h"

#include <unistd.h>

#include <chrono>
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

CompileService::CompileService(const wire::Locations& locations, const Config& config,
                               const log::Log& log, std::string version)
    : locations_(locations),
      config_(config),
      log_(log),
      version_(std::move(version)),
      start_ms_(os::monotonic_ms()) {
  const store::Options options = {.size_bytes_max = config.size_bytes_max,
                                  .free_bytes_min = config.free_bytes_min};
  auto opened = store::Store::open(locations.store(), options,
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

void CompileService::reply_bypass(wire::Channel& channel, const Bypass& bypass) {
  counters_.not_cached(bypass.reason, bypass.detail);
  const wire::Bypass reply = {.reason = compiler::text_of(bypass.reason).id,
                              .detail = bypass.detail};
  if (const auto frame = wire::encode(reply, version_)) {
    (void)channel.send(*frame);
  }
}

void CompileService::serve(wire::Channel& channel, const wire::CompileRequest& request) {
  if (engine_ == nullptr) {
    reply_bypass(channel, {.reason = Reason::kStoreUnavailable, .detail = store_problem_});
    return;
  }
  auto prepared_or_bypass = engine_->prepare(request, [&] { (void)send_sign_of_life(channel); });
  if (const Bypass* bypass = std::get_if<Bypass>(&prepared_or_bypass)) {
    reply_bypass(channel, *bypass);
    return;
  }
  const auto prepared = std::get<std::unique_ptr<engine::Prepared>>(std::move(prepared_or_bypass));
  const Bypass limited = {.reason = Reason::kCallerLimits,
                          .detail = std::string(request.tight_limit)};
  if (request.limits_files) {
    reply_bypass(channel, limited);
    return;
  }
  bool waited = false;
  const std::int64_t patience_ends_ms = os::monotonic_ms() + limits::kCoalesceMs;
  while (true) {
    if (reply_hit(channel, *prepared)) {
      if (waited) {
        counters_.coalesced();
      }
      return;
    }
    if (!request.tight_limit.empty()) {
      reply_bypass(channel, limited);
      return;
    }
    if (const auto lead = in_flight_.try_lead(prepared->manifest_key)) {
      // Between our look-up and now, another leader may have finished.
      if (!reply_hit(channel, *prepared)) {
        run(channel, *prepared);
      }
      return;
    }
    waited = true;
    while (!in_flight_.wait(prepared->manifest_key, limits::kHeartbeatMs)) {
      if (os::monotonic_ms() > patience_ends_ms) {
        run(channel, *prepared);
        return;
      }
      if (!send_sign_of_life(channel)) {
        counters_.client_lost();
        return;
      }
    }
  }
}

bool CompileService::send_sign_of_life(wire::Channel& channel) {
  const auto beat = wire::encode_plain(wire::Type::kWait, version_);
  return beat && channel.send(*beat);
}

bool CompileService::reply_hit(wire::Channel& channel, const engine::Prepared& prepared) {
  std::optional<engine::Answer> answer = engine_->lookup(prepared);
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
  (void)channel.send(*frame, fds);
  return true;
}

// A result that is being stored while its client may have gone on already.
class CompileService::Pending {
 public:
  explicit Pending(CompileService& service) : service_(service) {
    const std::lock_guard lock(service_.pending_mutex_);
    ++service_.pending_;
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    const std::lock_guard lock(service_.pending_mutex_);
    --service_.pending_;
    service_.pending_ended_.notify_all();
  }

 private:
  CompileService& service_;
};

void CompileService::run(wire::Channel& channel, engine::Prepared& prepared) {
  const engine::Plan plan = engine::Engine::plan(prepared);
  const auto frame = wire::encode(plan.run, version_);
  std::optional<os::MemoryFile> observed;
  std::vector<int> fds;
  if (plan.run.observe) {
    Result<os::MemoryFile> made = wire::make_observation_channel();
    if (!made) {
      reply_bypass(channel, {.reason = Reason::kNotObserved, .detail = made.error().message});
      return;
    }
    fds.push_back(observed.emplace(*std::move(made)).fd());
  }
  if (!frame || !channel.send(*frame, fds)) {
    counters_.client_lost();
    return;
  }
  prepared.prefetch();
  const Result<wire::Frame> report = channel.receive(-1);
  if (!report) {
    counters_.client_lost();
    record_cancelled(locations_, "compile", report.error().message);
    return;
  }
  if (observed) {
    prepared.observation = wire::read_observation_channel(observed->bytes());
    observed.reset();
  }
  const auto done = report->type == wire::Type::kDone ? wire::decode_done(report->payload)
                                                      : std::optional<wire::Done>{};
  if (!done) {
    counters_.not_cached(Reason::kInternalError, "the report could not be decoded");
    return;
  }
  bool is_acknowledged = false;
  const auto acknowledge = [&] {
    if (const auto ack = wire::encode_plain(wire::Type::kStored, version_);
        ack && !is_acknowledged) {
      is_acknowledged = true;
      (void)channel.send(*ack);
    }
  };
  const Pending pending(*this);
  const std::optional<Bypass> not_stored =
      engine_->record(prepared, *done, report->fds, acknowledge);
  if (not_stored) {
    counters_.not_cached(not_stored->reason, not_stored->detail);
    log_.debug(str_cat("not stored: ", prepared.source, ": ",
                       compiler::text_of(not_stored->reason).id, ' ', not_stored->detail));
  } else {
    counters_.miss();
    log_.debug(str_cat("stored: ", prepared.source));
  }
  acknowledge();
}

void CompileService::wait_for_pending() {
  std::unique_lock lock(pending_mutex_);
  pending_ended_.wait_for(lock, std::chrono::milliseconds(limits::kSilenceMs),
                          [&] { return pending_ == 0; });
}

std::string CompileService::status_json() {
  wait_for_pending();
  const store::Usage usage = store_ != nullptr ? store_->usage() : store::Usage{};
  std::string warnings;
  const char* separator = "";
  const auto warn = [&](const std::string& text) {
    str_append(warnings, separator, '"', json_escape(text), '"');
    separator = ",";
  };
  for (const std::string& text : config_.warnings) {
    warn(text);
  }
  if (!store_problem_.empty()) {
    warn(store_problem_);
  }
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
                 resident_bytes(), R"(,"warnings":[)", warnings, "]}");
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
