#include "daemon/heart.h"

#include <sys/socket.h>

#include <optional>
#include <thread>

#include "os/clock.h"
#include "support/patience.h"
#include "wire/message.h"

namespace zc::daemon {
namespace {

using test::kWaitMs;

class HeartTest : public ::testing::Test {
 protected:
  static std::pair<wire::Connection, wire::Connection> connected() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    return {wire::Connection(os::Fd(ends[0])), wire::Connection(os::Fd(ends[1]))};
  }
  static bool is_beat(const Result<wire::Frame>& frame) {
    return frame && frame->type == wire::Type::kWait;
  }
  const std::string beat_ = *wire::encode_plain(wire::Type::kWait, "1");
};

TEST_F(HeartTest, EveryClientThatWaitsHearsOfUs) {
  Heart heart(beat_, {.interval_ms = 10});
  auto [daemon, client] = connected();
  auto [other_daemon, other_client] = connected();
  Heart::Beat beat(heart, daemon);
  Heart::Beat other(heart, other_daemon);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(is_beat(client.receive(kWaitMs)));
    EXPECT_TRUE(is_beat(other_client.receive(kWaitMs)));
  }
  beat.stop();
  ASSERT_TRUE(daemon.send(*wire::encode_plain(wire::Type::kStored, "1")));
  Result<wire::Frame> frame = client.receive(kWaitMs);
  while (is_beat(frame)) {
    frame = client.receive(kWaitMs);
  }
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->type, wire::Type::kStored);
  EXPECT_TRUE(is_beat(other_client.receive(kWaitMs)));
  EXPECT_FALSE(client.wait(50));
}

TEST_F(HeartTest, AHeartThatSleptBeatsAgain) {
  Heart heart(beat_, {.interval_ms = 10});
  for (int i = 0; i < 3; ++i) {
    auto [daemon, client] = connected();
    const Heart::Beat beat(heart, daemon);
    EXPECT_TRUE(is_beat(client.receive(kWaitMs)));
  }
}

TEST_F(HeartTest, AClientThatHasGoneIsNoticed) {
  Heart heart(beat_, {.interval_ms = 10});
  auto [daemon, client] = connected();
  const Heart::Beat beat(heart, daemon);
  EXPECT_FALSE(beat.is_client_lost());
  {
    const wire::Connection gone = std::move(client);
  }
  const os::Deadline deadline(kWaitMs);
  while (!beat.is_client_lost() && !deadline.passed()) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(beat.is_client_lost());
}

// A client that does not read fills its socket, and holds up no other client.
TEST_F(HeartTest, AClientThatDoesNotReadHoldsUpNobody) {
  Heart heart(beat_, {.interval_ms = 2});
  auto [full_daemon, full_client] = connected();
  while (full_daemon.send(std::string(4096, 'x'), {}, 0)) {
  }
  auto [daemon, client] = connected();
  const Heart::Beat full(heart, full_daemon);
  const Heart::Beat beat(heart, daemon);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(is_beat(client.receive(kWaitMs)));
  }
  EXPECT_FALSE(full.is_client_lost());
}

TEST_F(HeartTest, AnAnswerThatTakesTooLongIsNotPromisedForEver) {
  Heart heart(beat_, {.interval_ms = 10, .longest_ms = 300});
  auto [daemon, client] = connected();
  const Heart::Beat beat(heart, daemon);
  int beats = 0;
  while (is_beat(client.receive(1'000))) {
    ++beats;
  }
  EXPECT_GT(beats, 0);
  EXPECT_LE(beats, 60);
}

}  // namespace
}  // namespace zc::daemon
