#include "lifecycle/event_log.h"

#include <sys/stat.h>

#include <thread>

#include "base/str.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::lifecycle {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class LifecycleLog : public ::testing::Test {
 protected:
  LifecycleLog() {
    locations_.state = directory_.path();
    EXPECT_TRUE(os::make_directories(locations_.logs()));
  }

  std::string text(const std::string& path) const {
    return os::read_path(path, 64U << 20).value_or("");
  }

  test::TemporaryDirectory directory_;
  Locations locations_;
};

TEST_F(LifecycleLog, EventHasAnEnvelope) {
  const LifecycleEvent event("spawn", locations_);
  EXPECT_THAT(event.line(), MatchesRegex("\\{\"ts_ms\":[0-9]+,\"event\":\"spawn\",\"pid\":[0-9]+,"
                                         "\"daemon_namespace\":\"default\"\\}"));
}

TEST_F(LifecycleLog, PidOfTheEventReplacesTheWriters) {
  EXPECT_THAT(LifecycleEvent("daemon-died", locations_, 42).line(), HasSubstr("\"pid\":42,"));
}

TEST_F(LifecycleLog, ValuesAreEscaped) {
  LifecycleEvent event("x", locations_);
  event.text("path", "a\"b\nc").number("n", -3);
  EXPECT_THAT(event.line(), HasSubstr("\"path\":\"a\\\"b\\nc\",\"n\":-3"));
}

TEST_F(LifecycleLog, FileIsPrivate) {
  LifecycleEvent("x", locations_).append();
  const Result<os::FileStamp> stamp = os::stat_path(locations_.lifecycle_log());
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->mode & 07777, 0600U);
}

TEST_F(LifecycleLog, WithoutItsDirectoryNothingHappens) {
  locations_.state = directory_ / "missing";
  LifecycleEvent("x", locations_).append();
  EXPECT_FALSE(os::stat_path(locations_.state));
}

TEST_F(LifecycleLog, RotatesAboveTheLimit) {
  const std::string path = locations_.lifecycle_log();
  const std::string old(kLifecycleLogBytesMax, 'o');
  ASSERT_TRUE(os::replace_file(path, old, 0600));
  LifecycleEvent("at-the-limit", locations_).append();
  EXPECT_FALSE(os::stat_path(path + ".1"));
  LifecycleEvent("above", locations_).append();
  EXPECT_THAT(text(path + ".1"), HasSubstr("at-the-limit"));
  EXPECT_THAT(text(path), HasSubstr("above"));
  EXPECT_LT(text(path).size(), 200U);
}

TEST_F(LifecycleLog, LinesOfManyWritersStayWhole) {
  constexpr int kThreads = 4;
  constexpr int kEvents = 200;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kEvents; ++n) {
          LifecycleEvent("many", locations_).text("filler", std::string(100, 'f')).append();
        }
      });
    }
  }
  const std::string all = text(locations_.lifecycle_log());
  const std::vector<std::string_view> lines = split(all, '\n');
  ASSERT_EQ(lines.size(), std::size_t{kThreads * kEvents + 1});
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    EXPECT_TRUE(lines[i].starts_with("{\"ts_ms\":") && lines[i].ends_with("f\"}")) << lines[i];
  }
}

}  // namespace
}  // namespace zc::lifecycle
