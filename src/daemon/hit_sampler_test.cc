#include "daemon/hit_sampler.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"

namespace zc::daemon {
namespace {

class HitSamplerTest : public ::testing::Test {
 protected:
  // Of so many hits in a row, "x" for each that is taken.
  std::string taken(std::string_view value, int hits) {
    std::string out;
    for (int i = 0; i < hits; ++i) {
      out += sampler_.takes(value) ? 'x' : '.';
    }
    return out;
  }
  std::string logged() const { return os::read_from_start(file_.get(), 4096).value_or("none"); }

  const os::Fd file_{::memfd_create("log", MFD_CLOEXEC)};
  const log::Log log_{log::Level::kWarn, file_.get()};
  HitSampler sampler_{log_};
};

TEST_F(HitSamplerTest, TakesEachNthHit) {
  EXPECT_EQ(taken("1/1", 3), "xxx");
  EXPECT_EQ(taken("1/3", 7), "..x..x.");
  EXPECT_EQ(taken(" 1/2 ", 2), "x.") << "the last hit of before counts";
}

TEST_F(HitSamplerTest, RequestsThatWantNoneDoNotCount) {
  EXPECT_EQ(taken("1/2", 1), ".");
  EXPECT_EQ(taken("", 3), "...");
  EXPECT_EQ(taken("0", 3), "...");
  EXPECT_EQ(taken("1/2", 1), "x");
  EXPECT_EQ(sampler_.warning(), "");
}

TEST_F(HitSamplerTest, AValueThatMakesNoSenseIsNoneAndIsReportedOnce) {
  for (const char* value :
       {"yes", "1", "2/3", "1/0", "1/", "/3", "1/-1", "1/1.5", "1/99999999999999999999"}) {
    EXPECT_EQ(HitSampler::parse(value), std::nullopt) << value;
    EXPECT_EQ(taken(value, 2), "..") << value;
  }
  EXPECT_THAT(sampler_.warning(), ::testing::StartsWith("ZCCACHE_VERIFY=yes is not usable"));
  const std::string log = logged();
  EXPECT_EQ(std::ranges::count(log, '\n'), 1) << log;
  EXPECT_THAT(log, ::testing::HasSubstr("expected 1/N"));
}

}  // namespace
}  // namespace zc::daemon
