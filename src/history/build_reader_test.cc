#include "history/build_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "history/journal.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::history {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr std::int64_t kHourNs = 3'600'000'000'000;

class BuildReaderTest : public testing::Test {
 protected:
  void write(std::int64_t hour, const std::string& output, const std::string& session = {}) {
    CommandRecord record;
    record.start_ns = hour * kHourNs;
    record.compiler = "/usr/bin/gcc";
    record.cwd = "/w";
    record.outputs = {output};
    record.exit_code = 0;
    record.session_id = session;
    const auto file = os::open_file(directory_ / std::string(kJournalName), os::Open::kAppend);
    ASSERT_TRUE(file && os::write_all(file->get(), encode(record) + '\n'));
  }

  static std::vector<std::string> outputs(const Build& build) {
    std::vector<std::string> out;
    for (const CommandRecord& record : build.commands) {
      out.push_back(record.outputs[0]);
    }
    return out;
  }

  std::string logs() const { return directory_.path(); }
  const OnRecord count_ = [this] { ++read_; };
  std::size_t read_ = 0;
  test::TemporaryDirectory directory_;
};

TEST_F(BuildReaderTest, OfASessionAllCommandsAreFoundHoweverLongItLasted) {
  write(1, "a.o", "s");
  write(2, "b.o");
  write(3, "c.o", "s");
  const std::vector<Build> last = last_builds(logs(), 1, count_);
  ASSERT_THAT(last, SizeIs(1));
  EXPECT_THAT(outputs(last[0]), ElementsAre("a.o", "c.o"));
  EXPECT_FALSE(build_of_session(logs(), "t", count_));
}

TEST_F(BuildReaderTest, TheBuildBeforeMadeSomeOfTheSameFiles) {
  write(1, "a.o");
  for (std::int64_t hour = 2; hour < 12; ++hour) {
    write(hour, str_cat("other_project_", hour, ".o"));
  }
  write(12, "a.o");
  const std::vector<Build> last = last_builds(logs(), 1, count_);
  const auto before = build_before(logs(), last.at(0), count_);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->begin_ns(), kHourNs);
  EXPECT_FALSE(build_before(logs(), *before, count_));
}

TEST_F(BuildReaderTest, TheBuildBeforeIsFoundWithoutReadingEverything) {
  for (std::int64_t hour = 1; hour <= 200; ++hour) {
    write(hour, "a.o");
  }
  const std::vector<Build> last = last_builds(logs(), 1, count_);
  read_ = 0;
  EXPECT_TRUE(build_before(logs(), last.at(0), count_));
  EXPECT_LT(read_, 10U);
}

TEST_F(BuildReaderTest, SinceATime) {
  write(1, "a.o");
  write(3, "b.o");
  write(5, "c.o", "s");
  const auto build = commands_since(logs(), 2 * kHourNs, count_);
  ASSERT_TRUE(build);
  EXPECT_THAT(outputs(*build), ElementsAre("b.o", "c.o"));
  EXPECT_FALSE(commands_since(logs(), 6 * kHourNs, count_));
}

TEST_F(BuildReaderTest, AFileIsABuild) {
  write(1, "a.o");
  write(9, "b.o");
  const auto build = build_in_file(directory_ / std::string(kJournalName), count_);
  ASSERT_TRUE(build);
  EXPECT_THAT(build->commands, SizeIs(2));
  EXPECT_FALSE(build_in_file(directory_ / "nothing", count_));
}

}  // namespace
}  // namespace zc::history
