#include "files/file_cache.h"

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::files {
namespace {

constexpr os::DirectoryHandle kRoot = os::FileSystem::kNoDirectory;

class RecordingMemory final : public DigestMemory {
 public:
  std::optional<Digest> recall(const os::FileStamp& stamp) override {
    ++recalls;
    return last && last->first.same_content_as(stamp) ? std::optional(last->second) : std::nullopt;
  }
  void remember(const os::FileStamp& stamp, const Digest& digest) override {
    last = {stamp, digest};
  }
  std::optional<std::pair<os::FileStamp, Digest>> last;
  int recalls = 0;
};

class FileCacheTest : public testing::Test {
 protected:
  Digest look(const char* path) {
    Result<KnownFile> known = cache_.look(kRoot, path);
    return known ? known->digest : Digest{};
  }

  test::MemFileSystem fs_;
  RecordingMemory memory_;
  FileCache cache_{fs_, &memory_};
};

TEST_F(FileCacheTest, ReadsAFileOnce) {
  fs_.write("/a.h", "one");
  fs_.tick();
  EXPECT_EQ(look("/a.h"), codec::digest_of("one"));
  EXPECT_EQ(look("/a.h"), codec::digest_of("one"));
  EXPECT_EQ(fs_.reads, 1);
}

TEST_F(FileCacheTest, SeesASameSizeEditWithRestoredMtime) {
  fs_.write("/a.h", "one");
  fs_.tick();
  EXPECT_EQ(look("/a.h"), codec::digest_of("one"));
  fs_.write_keeping_mtime("/a.h", "two");
  fs_.tick();
  EXPECT_EQ(look("/a.h"), codec::digest_of("two"));
}

TEST_F(FileCacheTest, DoesNotTrustAFileThatHasJustChanged) {
  fs_.write("/a.h", "one");  // the clock stands still: a racy stamp
  EXPECT_TRUE(cache_.look(kRoot, "/a.h")->racy);
  fs_.write("/a.h", "two");  // same size, same stamps
  EXPECT_EQ(look("/a.h"), codec::digest_of("two"));
  EXPECT_FALSE(memory_.last.has_value());
}

TEST_F(FileCacheTest, RemembersAYoungFileIfTheCallerVouchesForItsStamp) {
  fs_.write("/a.o", "one");
  os::FileStamp stamp;
  ASSERT_EQ(fs_.stat(kRoot, "/a.o", stamp), 0);
  cache_.remember(stamp, codec::digest_of("one"));
  EXPECT_EQ(look("/a.o"), codec::digest_of("one"));
  EXPECT_EQ(fs_.reads, 0);
  fs_.tick();
  fs_.write("/a.o", "two");
  EXPECT_EQ(look("/a.o"), codec::digest_of("two"));
}

// A second write in the tick of the stamp, and a reader that is slow: what was read first may be
// old, and the stamp does not show it.
TEST_F(FileCacheTest, DoesNotTrustAFileThatWasYoungWhenItsReadingBegan) {
  fs_.write("/a.h", "one");
  fs_.while_reading([&] {
    fs_.write("/a.h", "two");
    fs_.tick();
  });
  EXPECT_TRUE(cache_.look(kRoot, "/a.h")->racy);
  EXPECT_EQ(look("/a.h"), codec::digest_of("two"));
}

TEST_F(FileCacheTest, NorOneThatTheCallerHasRead) {
  fs_.write("/a.h", "one");
  const auto read = fs_.read(kRoot, "/a.h", 100);
  fs_.write("/a.h", "two");
  fs_.tick();
  EXPECT_TRUE(cache_.learn(*read).racy);
  EXPECT_EQ(look("/a.h"), codec::digest_of("two"));
}

// Such a file system cuts off what is below a second: a later change may have the same stamp.
TEST_F(FileCacheTest, ATimestampOfSecondsIsYoungForOneMore) {
  fs_.tick(1'000'000'000 - fs_.now_ns() % 1'000'000'000);
  fs_.write("/a.h", "one");
  fs_.tick(900'000'000);
  EXPECT_TRUE(cache_.look(kRoot, "/a.h")->racy);
  fs_.tick(200'000'000);
  EXPECT_FALSE(cache_.look(kRoot, "/a.h")->racy);
}

TEST_F(FileCacheTest, SeesAnotherFileRenamedOverIt) {
  fs_.write("/a.h", "one");
  fs_.write("/b.h", "two");
  fs_.tick();
  EXPECT_EQ(look("/a.h"), codec::digest_of("one"));
  fs_.rename("/b.h", "/a.h");
  EXPECT_EQ(look("/a.h"), codec::digest_of("two"));
}

TEST_F(FileCacheTest, AsksThePersistentMemoryBeforeReading) {
  fs_.write("/a.h", "one");
  fs_.tick();
  (void)look("/a.h");
  FileCache after_restart(fs_, &memory_);
  EXPECT_EQ(after_restart.look(kRoot, "/a.h")->digest, codec::digest_of("one"));
  EXPECT_EQ(fs_.reads, 1);
}

TEST_F(FileCacheTest, RefusesWhatIsNoPlainFile) {
  fs_.make_directory("/d");
  EXPECT_EQ(cache_.look(kRoot, "/d").error().code, Code::kInvalid);
  EXPECT_EQ(cache_.look(kRoot, "/none").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace zc::files
