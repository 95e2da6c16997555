#include "daemon/ending_requests.h"

#include <atomic>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "support/patience.h"

namespace zc::daemon {
namespace {

TEST(EndingRequests, OneWaitsForThoseThatAreEndingNow) {
  EndingRequests all;
  all.wait(test::kWaitMs);
  std::optional<EndingRequests::Entry> first(all);
  std::atomic<bool> has_ended = false;
  std::thread other([&] {
    has_ended = true;
    first.reset();
  });
  all.wait(test::kWaitMs);
  EXPECT_TRUE(has_ended);
  other.join();
}

TEST(EndingRequests, AndNotForeverNorForLaterOnes) {
  EndingRequests all;
  const EndingRequests::Entry never_ends(all);
  all.wait(1);
}

}  // namespace
}  // namespace zc::daemon
