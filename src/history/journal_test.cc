#include "history/journal.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "history/journal_reader.h"
#include "os/file.h"
#include "support/temporary_directory.h"
#include "wire/message.h"

namespace zc::history {
namespace {

std::string request(std::vector<ByteView> args, std::vector<ByteView> env = {}) {
  wire::CompileRequest out;
  out.tool = "/usr/bin/gcc";
  out.cwd = "/w";
  out.args = std::move(args);
  out.env = std::move(env);
  const std::string frame = wire::encode(out).value_or("");
  return frame.substr(wire::kHeaderBytes);
}

class JournalTest : public testing::Test {
 protected:
  std::string text(const std::string& path) const {
    return os::read_path(path, std::uint64_t{1} << 30).value_or("");
  }
  std::string text() const { return text(directory_ / std::string(kJournalName)); }

  test::TemporaryDirectory directory_;
};

TEST_F(JournalTest, WritesTheCommandOfARequest) {
  Journal journal(directory_.path());
  journal.add(request({"gcc", "-c", "a.c"}, {"SECRET=hunter2", "ZCCACHE_SESSION_ID=s1"}),
              {.source = "a.c", .exit_code = 0});
  journal.flush();
  const std::string line = text();
  const auto record = decode(line);
  ASSERT_TRUE(record) << line;
  EXPECT_EQ(record->compiler, "/usr/bin/gcc");
  EXPECT_EQ(record->args, (std::vector<std::string>{"-c", "a.c"}));
  EXPECT_EQ(record->cwd, "/w");
  EXPECT_EQ(record->session_id, "s1");
  EXPECT_EQ(line.find("hunter2"), std::string::npos);
}

TEST_F(JournalTest, WritesAtItsEndWhatIsLeft) {
  {
    Journal journal(directory_.path());
    journal.add(request({"gcc", "a.c"}), {});
    journal.add(request({"gcc", "b.c"}), {});
  }
  const std::string lines = text();
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
}

TEST_F(JournalTest, ShowsEachRecordToItsListener) {
  std::vector<std::string> seen;
  Journal journal(directory_ / "gone", kJournalBytesMax, [&](const CommandRecord& record) {
    seen.push_back(record.compiler + ' ' + record.source);
  });
  journal.add(request({"gcc"}), {.source = "a.c"});
  journal.add(request({"gcc"}), {.source = "b.c"});
  journal.add({}, {.reason = "daemon_busy"});
  journal.flush();
  EXPECT_EQ(seen, (std::vector<std::string>{"/usr/bin/gcc a.c", "/usr/bin/gcc b.c", " "}));
}

TEST_F(JournalTest, HasNoLineForARequestThatWasNeverDecoded) {
  Journal journal(directory_.path());
  journal.add({}, {.reason = "daemon_busy"});
  journal.flush();
  EXPECT_EQ(text(), "");
}

TEST_F(JournalTest, OfNobodyElse) {
  {
    Journal journal(directory_.path());
    journal.add(request({"gcc"}), {});
  }
  const auto stamp = os::stat_path(directory_ / std::string(kJournalName));
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->permissions(), 0600U);
}

TEST_F(JournalTest, KeepsThreeArchives) {
  Journal journal(directory_.path(), 100);
  for (int i = 0; i < 6; ++i) {
    journal.add(request({"gcc", "-c", "a.c"}), {.source = std::to_string(i)});
    journal.flush();
  }
  const std::vector<std::string> files = journal_files(directory_.path());
  ASSERT_EQ(files.size(), 1 + kJournalArchives);
  EXPECT_EQ(text(files[0]), "");
  EXPECT_EQ(decode(text(files[1]))->source, "5");
  EXPECT_EQ(decode(text(files[3]))->source, "3");
}

TEST_F(JournalTest, IsReadFromItsEnd) {
  Journal journal(directory_.path(), 2'000);
  for (int i = 0; i < 12; ++i) {
    journal.add(request({"gcc", "-c", "a.c"}), {.source = std::to_string(i)});
    journal.flush();
  }
  std::vector<std::string> sources;
  read_backwards(directory_.path(), {}, [&](const CommandRecord& record) {
    sources.push_back(record.source);
    return sources.size() < 10;
  });
  EXPECT_EQ(sources,
            (std::vector<std::string>{"11", "10", "9", "8", "7", "6", "5", "4", "3", "2"}));
  std::size_t found = 0;
  read_backwards(directory_.path(), "\"source\":\"11\"", [&](const CommandRecord&) {
    ++found;
    return true;
  });
  EXPECT_EQ(found, 1U);
}

TEST_F(JournalTest, WithoutADirectoryLinesAreLostAndNothingElse) {
  Journal journal(directory_ / "gone");
  journal.add(request({"gcc"}), {});
  journal.flush();
}

}  // namespace
}  // namespace zc::history
