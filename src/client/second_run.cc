#include "client/second_run.h"

#include <optional>

#include "base/limits.h"
#include "client/deliver.h"
#include "client/run.h"
#include "client/stream_capture.h"
#include "os/clock.h"
#include "wire/message.h"

namespace zc::client {

namespace {

Result<> run_and_compare(const FoundCompiler& compiler, std::span<char* const> args,
                         const wire::RunOrder& run, const std::vector<os::Fd>& fds,
                         std::string_view state_directory, wire::Connection& connection) {
  StreamCapture capture(StreamCapture::Show::kLater);
  TRY_ASSIGN(const FinishedRun finished,
             run_ordered(compiler, args, run, fds, state_directory, capture));
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
  return deliver_files(*hit, reply.fds);
}

}  // namespace

void run_again(const FoundCompiler& compiler, std::span<char* const> args, const wire::Frame& order,
               std::string_view state_directory, wire::Connection& connection) {
  const std::optional<wire::RunOrder> run = wire::decode_run_order(order.payload);
  if (!run || !run->verifies) {
    return;
  }
  clear_paths(run->cleared);
  if (run_and_compare(compiler, args, *run, order.fds, state_directory, connection)) {
    return;
  }
  clear_paths(run->cleared);
  StreamCapture capture(StreamCapture::Show::kLater);
  (void)run_ordered(compiler, args, {}, {}, state_directory, capture);
}

}  // namespace zc::client
