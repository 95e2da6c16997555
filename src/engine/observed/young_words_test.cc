#include "engine/observed/young_words.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

TEST(YoungWords, AreWaitedForATick) {
  test::MemFileSystem fs;
  fs.write("/w/old.o", "");
  for (int i = 0; i < 3; ++i) {
    fs.tick();
  }
  const os::DirectoryHandle nowhere = os::FileSystem::kNoDirectory;
  EXPECT_EQ(settled_at_ns(fs, nowhere, {"ar", "rcs", "/w/old.o", "/w/none.o"}), 0);
  fs.write("/w/new.o", "");
  const std::int64_t settled_ns = settled_at_ns(fs, nowhere, {"/w/old.o", "/w/new.o"});
  EXPECT_GT(settled_ns, fs.now_ns());
  EXPECT_LE(settled_ns, fs.now_ns() + 2 * limits::kTimestampGranuleNs);
}

}  // namespace
}  // namespace zc::engine
