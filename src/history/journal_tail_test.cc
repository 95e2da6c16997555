#include "history/journal_tail.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history/journal.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::history {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JournalTailTest : public testing::Test {
 protected:
  void write(std::string_view bytes) {
    const auto file = os::open_file(path(), os::Open::kAppend);
    ASSERT_TRUE(file && os::write_all(file->get(), bytes));
  }
  void write_record(const std::string& source) { write(line(source) + '\n'); }

  static std::string line(const std::string& source) {
    CommandRecord record;
    record.compiler = "gcc";
    record.source = source;
    return encode(record);
  }
  std::string path() const { return directory_ / std::string(kJournalName); }

  static std::vector<std::string> sources(const std::vector<CommandRecord>& records) {
    std::vector<std::string> out;
    for (const CommandRecord& record : records) {
      out.push_back(record.source);
    }
    return out;
  }

  test::TemporaryDirectory directory_;
};

TEST_F(JournalTailTest, PassesOverWhatWasThere) {
  write_record("old.c");
  JournalTail tail(directory_.path());
  EXPECT_THAT(tail.take(), IsEmpty());
  write_record("a.c");
  write_record("b.c");
  EXPECT_THAT(sources(tail.take()), ElementsAre("a.c", "b.c"));
  EXPECT_THAT(tail.take(), IsEmpty());
}

TEST_F(JournalTailTest, BeginsWithAFileThatIsMadeLater) {
  JournalTail tail(directory_.path());
  EXPECT_THAT(tail.take(), IsEmpty());
  write_record("a.c");
  EXPECT_THAT(sources(tail.take()), ElementsAre("a.c"));
}

TEST_F(JournalTailTest, WaitsForTheEndOfALineAndPassesOverDamagedOnes) {
  JournalTail tail(directory_.path());
  const std::string whole = line("a.c");
  write("no record\n" + whole.substr(0, 20));
  EXPECT_THAT(tail.take(), IsEmpty());
  write(whole.substr(20) + '\n');
  EXPECT_THAT(sources(tail.take()), ElementsAre("a.c"));
}

TEST_F(JournalTailTest, FollowsToTheNextFile) {
  write_record("old.c");
  JournalTail tail(directory_.path());
  write_record("a.c");
  std::filesystem::rename(path(), path() + ".1");
  write_record("b.c");
  EXPECT_THAT(sources(tail.take()), ElementsAre("a.c", "b.c"));
  write_record("c.c");
  EXPECT_THAT(sources(tail.take()), ElementsAre("c.c"));
}

}  // namespace
}  // namespace zc::history
