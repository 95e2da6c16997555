#include "daemon/single_flight.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace zc::daemon {
namespace {

const codec::Digest kKey = codec::digest_of("key");

TEST(SingleFlight, OneLeadsAtATime) {
  SingleFlight flights;
  auto lead = flights.try_lead(kKey);
  EXPECT_TRUE(lead.has_value());
  EXPECT_FALSE(flights.try_lead(kKey).has_value());
  EXPECT_TRUE(flights.try_lead(codec::digest_of("other")).has_value());
  EXPECT_FALSE(flights.wait(kKey, 1));
  lead.reset();
  EXPECT_TRUE(flights.wait(kKey, 1));
  EXPECT_TRUE(flights.try_lead(kKey).has_value());
}

TEST(SingleFlight, ExactlyOneOfThoseThatWaitedRunsNext) {
  SingleFlight flights;
  auto lead = flights.try_lead(kKey);
  std::atomic<int> at_once = 0;
  std::atomic<int> most_at_once = 0;
  std::atomic<int> led = 0;
  std::vector<std::jthread> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.emplace_back([&] {
      while (true) {
        if (auto mine = flights.try_lead(kKey)) {
          most_at_once = std::max(most_at_once.load(), ++at_once);
          ++led;
          --at_once;
          return;
        }
        while (!flights.wait(kKey, 10)) {
        }
      }
    });
  }
  lead.reset();
  waiting.clear();
  EXPECT_EQ(led, 8);
  EXPECT_EQ(most_at_once, 1);
}

}  // namespace
}  // namespace zc::daemon
