#include "client/verify.h"

#include <string>
#include <utility>

#include "base/limits.h"
#include "os/child.h"
#include "os/standard_input.h"

namespace zc::client {

namespace {

// One to see a difference, one to prove it.
constexpr int kVerifyingRunsMax = 2;

}  // namespace

Result<VerifiedRun> verify_hit(const FoundCompiler& compiler, std::span<char* const> args,
                               const wire::RunOrder& order, wire::Connection& connection) {
  VerifiedRun out;
  const os::InputPlace input_place = os::InputPlace::now();
  for (int run = 0; run < kVerifyingRunsMax; ++run) {
    StreamCapture capture(StreamCapture::Show::kLater);
    TRY_ASSIGN(const FinishedRun finished, run_ordered(compiler, args, order, {}, {}, capture));
    out.outcome = {.exit_code = finished.status.exit_code, .signal = finished.status.signal};
    // The user ends the command, or messages have been shown that cannot be taken back.
    if (os::is_request_to_end(finished.status.signal) || capture.too_large()) {
      capture.show();
      return out;
    }
    TRY(send_report(finished, capture, order, connection, limits::kPatienceMs));
    TRY_ASSIGN(wire::Frame reply, receive_reply(connection));
    switch (reply.type) {
      case wire::Type::kHit:
        out.hit = std::move(reply);
        return out;
      case wire::Type::kRunOrder:
        input_place.restore();
        continue;
      case wire::Type::kWrongResult:
      case wire::Type::kStored: {
        capture.show();
        if (capture.has_lost()) {
          return fail(Code::kIo, "messages could not be shown");
        }
        const auto plain = wire::decode_plain(reply.payload);
        out.wrong = plain ? std::string(plain->text) : std::string();
        return out;
      }
      default:
        return fail(Code::kUnavailable, "the hit could not be verified");
    }
  }
  return fail(Code::kInvalid, "the daemon wants more runs than it needs");
}

}  // namespace zc::client
