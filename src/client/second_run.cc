#include "client/second_run.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "client/deliver.h"
#include "client/run.h"
#include "client/stream_capture.h"
#include "os/standard_input.h"
#include "wire/message.h"

namespace zc::client {

namespace {

// A program that waits for a time of day would wait for more than a year.
int limit_of(std::uint64_t first_ns) {
  constexpr std::uint64_t kTimes = 10;
  constexpr std::uint64_t kLeastMs = 10'000;
  constexpr std::uint64_t kMostMs = std::uint64_t{24} * 60 * 60 * 1000;
  constexpr std::uint64_t kMillisecondNs = 1'000'000;
  return static_cast<int>(std::min(first_ns / kMillisecondNs * kTimes + kLeastMs, kMostMs));
}

void begin_again(const wire::RunOrder& run, const FirstRun& first) {
  clear_paths(run.cleared);
  first.input_place.restore();
}

Result<> run_and_compare(const FoundCompiler& compiler, std::span<char* const> args,
                         const wire::RunOrder& run, const std::vector<os::Fd>& fds, int limit_ms,
                         std::string_view state_directory, wire::Connection& connection) {
  StreamCapture capture(StreamCapture::Show::kLater);
  TRY_ASSIGN(const FinishedRun finished,
             run_ordered(compiler, args, run, fds, state_directory, capture, limit_ms));
  TRY(send_report(finished, capture, run, connection, limits::kPatienceMs));
  TRY_ASSIGN(const wire::Frame reply, receive_reply(connection));
  if (reply.type == wire::Type::kStored) {
    return {};
  }
  const auto hit = reply.type == wire::Type::kHit ? wire::decode_hit(reply.payload) : std::nullopt;
  if (!hit) {
    return fail(Code::kUnavailable, "the daemon has lost what the first run left");
  }
  clear_paths(hit->cleared);
  TRY(deliver_files(*hit, reply.fds));
  return {};
}

}  // namespace

void run_again(const FoundCompiler& compiler, std::span<char* const> args, const wire::Frame& order,
               const FirstRun& first, std::string_view state_directory,
               wire::Connection& connection) {
  const std::optional<wire::RunOrder> run = wire::decode_run_order(order.payload);
  if (!run || !run->verifies) {
    return;
  }
  const os::InputPlace input_end = os::InputPlace::now();
  begin_again(*run, first);
  if (!run_and_compare(compiler, args, *run, order.fds, limit_of(first.duration_ns),
                       state_directory, connection)) {
    begin_again(*run, first);
    StreamCapture capture(StreamCapture::Show::kLater);
    (void)run_ordered(compiler, args, {}, {}, state_directory, capture);
  }
  input_end.restore();
}

}  // namespace zc::client
