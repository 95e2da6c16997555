#include "history/statistics.h"

#include <gtest/gtest.h>

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/file_stamp.h"
#include "support/temporary_directory.h"

namespace zc::history {
namespace {

constexpr std::int64_t kDayNs = 24LL * 60 * 60 * os::kSecondNs;
constexpr std::int64_t kNoon = 1'769'860'800 * os::kSecondNs;  // 2026-01-31T12:00:00Z

CommandRecord hit(std::int64_t start_ns = kNoon) {
  return {.start_ns = start_ns,
          .outcome = Outcome::kHit,
          .compiler = "/usr/bin/gcc",
          .cwd = "/w",
          .source = "a.c",
          .exit_code = 0,
          .compiler_ns = 100};
}

CommandRecord refused(std::int64_t start_ns) {
  CommandRecord out = hit(start_ns);
  out.outcome = Outcome::kMiss;
  out.reason = "side_effect";
  return out;
}

class StatisticsTest : public testing::Test {
 protected:
  std::unique_ptr<Statistics> open(const std::string& older_path = {}) {
    return std::make_unique<Statistics>(path_, older_path,
                                        [this](const std::string& text) { warning_ += text; });
  }
  Figures on_disk() const { return read_figures(path_).value_or(Figures()); }
  void write(const std::string& path, std::string_view text) {
    ASSERT_TRUE(os::replace_file(path, text, 0600));
  }

  test::TemporaryDirectory directory_;
  std::string path_ = directory_ / "statistics.json";
  std::string warning_;
};

TEST_F(StatisticsTest, Last) {
  {
    const auto first = open();
    first->add(hit());
    first->add(hit());
  }
  const auto second = open();
  second->add(hit());
  EXPECT_EQ(second->since_start().hits, 1U);
  EXPECT_EQ(second->lasting().total.hits, 3U);
  EXPECT_EQ(second->lasting().days.at("2026-01-31").hits, 3U);
  EXPECT_EQ(warning_, "");
}

TEST_F(StatisticsTest, AreOnDiskOnceTheyAreSaved) {
  const auto statistics = open();
  statistics->add(hit());
  ASSERT_TRUE(statistics->save());
  EXPECT_EQ(on_disk(), statistics->lasting());
  const auto stamp = os::stat_path(path_);
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->permissions(), 0600U);
}

TEST_F(StatisticsTest, WriteNothingUnlessSomethingHasChanged) {
  {
    const auto statistics = open();
    ASSERT_TRUE(statistics->save());
  }
  EXPECT_FALSE(os::stat_path(path_));
}

TEST_F(StatisticsTest, BeginAtZeroWhenTheFileIsDamaged) {
  for (const std::string_view text : {"", "{", "[]", "{}", "\xff\xfe", "{\"schema_version\":1}",
                                      "{\"schema_version\":\"1\",\"total\":{}}"}) {
    warning_.clear();
    write(path_, text);
    const auto statistics = open();
    EXPECT_EQ(statistics->lasting().total, Tally()) << text;
    EXPECT_NE(warning_.find("begin at zero"), std::string::npos) << text;
    EXPECT_EQ(os::read_path(path_ + ".damaged", 100).value_or("none"), text);
    EXPECT_FALSE(os::stat_path(path_)) << text;
  }
}

TEST_F(StatisticsTest, KeepTheFileOfANewerVersionAside) {
  constexpr std::string_view kNewer = R"({"schema_version":2,"total":{"hits":5}})";
  write(path_, kNewer);
  const auto statistics = open();
  statistics->add(hit());
  ASSERT_TRUE(statistics->save());
  EXPECT_EQ(os::read_path(path_ + ".damaged", 100).value_or(""), kNewer);
  EXPECT_EQ(on_disk().total.hits, 1U);
}

TEST_F(StatisticsTest, TakeOverThoseOfAnOlderVersionOnce) {
  const std::string older = directory_ / "older.json";
  Figures figures;
  figures.since_ns = 5;
  figures.add(hit());
  write(older, encode(figures));
  {
    const auto statistics = open(older);
    EXPECT_EQ(statistics->lasting(), figures);
    statistics->add(hit());
  }
  EXPECT_EQ(open(older)->lasting().total.hits, 2U);
}

TEST_F(StatisticsTest, AnOlderFileThatIsDamagedIsNotTaken) {
  const std::string older = directory_ / "older.json";
  write(older, "{");
  EXPECT_EQ(open(older)->lasting().total, Tally());
  EXPECT_EQ(os::read_path(older, 100).value_or(""), "{");
}

TEST_F(StatisticsTest, ZeroKeepsTheDaysUnlessToldOtherwise) {
  const auto statistics = open();
  statistics->add(hit());
  const std::int64_t before_ns = os::wall_ns();
  statistics->zero(false);
  EXPECT_EQ(statistics->lasting().total, Tally());
  EXPECT_GE(statistics->lasting().since_ns, before_ns);
  EXPECT_EQ(statistics->lasting().days.size(), 1U);
  EXPECT_EQ(statistics->since_start(), Tally());
  statistics->add(hit());
  statistics->zero(true);
  EXPECT_TRUE(statistics->lasting().days.empty());
  statistics->add(hit());
  statistics->restart();
  EXPECT_EQ(statistics->since_start(), Tally());
  EXPECT_EQ(statistics->lasting().total.hits, 1U);
}

TEST_F(StatisticsTest, WithoutADirectoryNothingElseIsLost) {
  path_ = directory_ / "gone/statistics.json";
  const auto statistics = open();
  statistics->add(hit());
  EXPECT_FALSE(statistics->save());
  EXPECT_NE(statistics->problem(), "");
  EXPECT_EQ(statistics->lasting().total.hits, 1U);
  ASSERT_TRUE(os::make_directories(directory_ / "gone"));
  ASSERT_TRUE(statistics->save());
  EXPECT_EQ(statistics->problem(), "");
  EXPECT_EQ(on_disk().total.hits, 1U);
}

TEST(Figures, ADayThatIsOverForgetsNames) {
  Figures figures;
  figures.add(refused(kNoon));
  EXPECT_EQ(figures.days.at("2026-01-31").not_cached.at("side_effect").files.size(), 1U);
  figures.add(refused(kNoon + kDayNs));
  EXPECT_TRUE(figures.days.at("2026-01-31").not_cached.at("side_effect").files.empty());
  EXPECT_EQ(figures.days.at("2026-01-31").not_cached.at("side_effect").count, 1U);
  EXPECT_EQ(figures.days.at("2026-02-01").not_cached.at("side_effect").files.size(), 1U);
  EXPECT_EQ(figures.total.not_cached.at("side_effect").count, 2U);
}

TEST(Figures, DaysAreBounded) {
  Figures figures;
  for (std::int64_t day = 0; day < 450; ++day) {
    figures.add(hit(kNoon + day * kDayNs));
  }
  EXPECT_EQ(figures.days.size(), Figures::kDaysMax);
  EXPECT_FALSE(figures.days.contains("2026-01-31"));
  EXPECT_EQ(figures.total.hits, 450U);
  const auto read = decode_figures(encode(figures));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, figures);
}

TEST(Figures, TheLastDays) {
  Figures figures;
  for (std::int64_t day = 0; day < 10; ++day) {
    figures.add(hit(kNoon + day * kDayNs));
  }
  const std::int64_t now_ns = kNoon + 9 * kDayNs;
  EXPECT_EQ(figures.last_days(1, now_ns).hits, 1U);
  EXPECT_EQ(figures.last_days(7, now_ns).hits, 7U);
  EXPECT_EQ(figures.last_days(100, now_ns).hits, 10U);
  EXPECT_EQ(figures.last_days(3, now_ns + kDayNs).hits, 2U);
}

}  // namespace
}  // namespace zc::history
