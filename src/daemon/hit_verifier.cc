#include "daemon/hit_verifier.h"

#include <memory>

#include "base/limits.h"
#include "base/str.h"
#include "daemon/wrong_result.h"

namespace zc::daemon {

namespace {

constexpr std::string_view kVariable = "ZCCACHE_VERIFY";

}  // namespace

// A run that the client has reported. The report borrows from the frame.
struct HitVerifier::Run {
  std::unique_ptr<const wire::Frame> frame;
  wire::RunReport report;
  std::optional<Effects> effects;  // nothing: the run is no evidence
};

struct HitVerifier::Hit {
  const wire::CompileRequest& request;
  const engine::CacheableCompile& compile;
  const engine::HitReply& reply;
  const Verification& verification;
  const Effects& effects;
};

bool HitVerifier::wants(const wire::CompileRequest& request,
                        const engine::CacheableCompile& compile, const engine::HitReply& hit) {
  const std::string_view value = compile.env.get(kVariable);
  // The client cannot report more outputs than a frame has descriptors; and under a tight limit it
  // runs nothing beside itself.
  // What a failed compile did to old outputs, none of our runs shows.
  const bool can_be_verified =
      hit.hit.exit_code == 0 && request.tight_limit.empty() &&
      hit.hit.files.size() + compile.products.size() <= limits::kFrameFdsMax;
  return can_be_verified && sampler_.takes(value);
}

bool HitVerifier::verify(WaitingClient& client, const wire::CompileRequest& request,
                         const engine::CacheableCompile& compile, const engine::HitReply& hit) {
  const Verification verification(compile, hit);
  const std::optional<Effects> cached = verification.of_hit();
  if (!cached) {
    count(Verdict::kUnfinished, compile.source);
    return true;
  }
  const std::optional<Run> first = run(client, verification);
  if (!first) {
    count(Verdict::kUnfinished, compile.source);
    return false;
  }
  if (first->effects && first->effects != cached) {
    settle(client,
           {.request = request,
            .compile = compile,
            .reply = hit,
            .verification = verification,
            .effects = *cached},
           *first->effects);
    return false;
  }
  count(first->effects ? Verdict::kVerified : Verdict::kUnfinished, compile.source);
  // What the run has left stays: it treated the old outputs as only the compiler does.
  if (first->effects) {
    (void)client.reply(wire::encode_plain(wire::Type::kStored, version_));
  }
  return !first->effects;
}

std::optional<HitVerifier::Run> HitVerifier::run(WaitingClient& client,
                                                 const Verification& verification) {
  const bool is_sent = client.reply(wire::encode(verification.order(), version_));
  Result<wire::Frame> frame = is_sent ? client.receive() : fail(Code::kUnavailable, {});
  if (!frame || frame->type != wire::Type::kRunReport) {
    counters_.client_lost();
    return std::nullopt;
  }
  client.wait();
  Run out = {
      .frame = std::make_unique<wire::Frame>(*std::move(frame)), .report = {}, .effects = {}};
  TRY_ASSIGN(out.report, wire::decode_run_report(out.frame->payload));
  out.effects = verification.of_run(out.report, out.frame->fds);
  return out;
}

void HitVerifier::settle(WaitingClient& client, const Hit& hit, const Effects& first) {
  const std::optional<Run> second = run(client, hit.verification);
  if (!second) {
    count(Verdict::kUnfinished, hit.compile.source);
  } else if (!second->effects) {
    count(Verdict::kUnfinished, hit.compile.source);
    (void)client.reply(wire::encode_text(
        wire::Type::kError, version_, "a hit is in doubt, and the compiler could not settle it"));
  } else if (*second->effects != first) {
    count(Verdict::kNotReproducible, hit.compile.source);
    (void)client.reply(wire::encode_plain(wire::Type::kStored, version_));
  } else if (!still_hits(hit)) {
    // An input was changed in between, so the runs had other inputs than the hit.
    count(Verdict::kUnfinished, hit.compile.source);
    (void)client.reply(wire::encode_plain(wire::Type::kStored, version_));
  } else {
    count(Verdict::kWrong, hit.compile.source);
    (void)client.reply(
        wire::encode_text(wire::Type::kWrongResult, version_, remove_and_report(hit, *second)));
  }
}

bool HitVerifier::still_hits(const Hit& hit) {
  const auto again = cache_.claim(hit.request);
  if (!again || (*again)->manifest_key != hit.compile.manifest_key) {
    return false;
  }
  const std::optional<engine::HitReply> now = cache_.lookup(**again);
  return now && now->result == hit.reply.result;
}

std::string HitVerifier::remove_and_report(const Hit& hit, const Run& run) {
  cache_.remove_result(hit.compile, hit.reply.result);
  const std::vector<std::string> differences =
      hit.verification.differences(hit.effects, *run.effects);
  const Result<std::string> kept =
      keep_report(locations_.wrong_results(), {.request = hit.request,
                                               .hit = hit.reply,
                                               .order = hit.verification.order(),
                                               .report = run.report,
                                               .fds = run.frame->fds,
                                               .differences = differences});
  std::string out = str_cat("WRONG RESULT in the cache for ", hit.compile.source, " (");
  for (const std::string& difference : differences) {
    str_append(out, &difference == differences.data() ? "" : "; ", difference);
  }
  str_append(out, "). This compile got the compiler's own result, the wrong one is removed. ");
  if (kept) {
    str_append(out, "Please report it, with the two in ", *kept);
  } else {
    str_append(out, "No report of it was kept: ", kept.error().message);
  }
  log_.error(out);
  return out;
}

void HitVerifier::count(Verdict verdict, std::string_view source) {
  counters_.verified(verdict);
  if (verdict != Verdict::kVerified && log_.wants(log::Level::kInfo)) {
    log_.info(str_cat("verified: ", source, ": ", text_of(verdict)));
  }
}

}  // namespace zc::daemon
