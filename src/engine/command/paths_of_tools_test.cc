#include <sys/stat.h>

#include <cerrno>

#include <gtest/gtest.h>

#include "engine/command/written_paths.h"
#include "support/mem_file_system.h"
#include "support/observation_text.h"

namespace zc::engine::command {
namespace {

using compiler::Reason;

class NoPaths final : public OwnPaths {
 public:
  Kind kind_of(std::string_view) const override { return Kind::kOther; }
};

// A linker that makes /w/out; `out_` is what it has left.
class ToolOutputTest : public testing::Test {
 protected:
  static constexpr const char* kOut = "/w/out";

  ToolOutputTest() { seen_.add('H', "/bin/ld"); }

  void given_old(std::uint32_t permissions) {
    fs_.write(kOut, "old");
    fs_.set_mode(kOut, S_IFREG | permissions);
    fs_.tick();
    born_ns_.emplace(kOut, fs_.details_of(kOut).born_ns);
    start_ns_ = fs_.now_ns();
    fs_.tick();
  }
  void replace(std::uint32_t permissions) {
    fs_.remove(kOut);
    rewrite(permissions);
  }
  void rewrite(std::uint32_t permissions) {
    fs_.write(kOut, "new");
    fs_.set_mode(kOut, S_IFREG | permissions);
  }

  std::optional<Reason> reason() {
    trace_ = read_trace(seen_.text(), own_, fs_);
    const auto found = find_paths_of_tools(fs_, *trace_,
                                           {.start_ns = start_ns_,
                                            .umask = 022,
                                            .born_ns = born_ns_,
                                            .keyed = keyed_,
                                            .overwritten = overwritten_});
    return found ? std::nullopt : std::optional(found.error().reason);
  }

  test::MemFileSystem fs_;
  NoPaths own_;
  test::ObservationText seen_;
  std::optional<Trace> trace_;
  std::map<std::string, std::int64_t> born_ns_;
  std::set<std::string> keyed_;
  std::string overwritten_;
  std::int64_t start_ns_ = 0;
};

TEST_F(ToolOutputTest, WhereNothingWasAnyModeIsItsOwn) {
  seen_.add('S', kOut, ENOENT).add('W', kOut);
  rewrite(0750);
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(ToolOutputTest, ALookAtWhatIsReplacedDoesNotCount) {
  given_old(0600);
  seen_.add('S', kOut).add('U', kOut).add('W', kOut);
  replace(0755);
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(ToolOutputTest, WhatIsWrittenAnewKeepsAMode) {
  given_old(0600);
  seen_.add('U', kOut).add('W', kOut);
  rewrite(0600);
  EXPECT_EQ(reason(), Reason::kUnrepeatableInput);
}

TEST_F(ToolOutputTest, TheModeOfANewFileIsNoSignOfAnOldOne) {
  given_old(0644);
  seen_.add('U', kOut).add('W', kOut);
  rewrite(0644);
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(ToolOutputTest, WhatWasReadCountsUnlessTheKeyHasIt) {
  given_old(0644);
  seen_.add('R', kOut).add('S', "/w/a.o").add('U', kOut).add('W', kOut);
  fs_.write("/w/a.o", "");
  replace(0644);
  EXPECT_EQ(reason(), Reason::kUnrepeatableInput);
  keyed_.insert(kOut);
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(ToolOutputTest, OfWhatIsOverwrittenNothingStays) {
  given_old(0600);
  seen_.add('R', kOut).add('W', kOut);
  rewrite(0755);
  EXPECT_EQ(reason(), Reason::kUnrepeatableInput);
  overwritten_ = kOut;
  EXPECT_EQ(reason(), std::nullopt);
}

TEST_F(ToolOutputTest, WhatItWasRefusedCounts) {
  given_old(0644);
  seen_.add('R', kOut, EACCES).add('U', kOut).add('W', kOut);
  replace(0644);
  EXPECT_EQ(reason(), Reason::kUnrepeatableInput);
}

TEST_F(ToolOutputTest, WhatWasOnlyLookedAtWasThere) {
  given_old(0600);
  seen_.add('S', kOut).add('W', kOut);
  rewrite(0600);
  EXPECT_EQ(reason(), Reason::kUnrepeatableInput);
}

TEST_F(ToolOutputTest, WhatWasOpenedToBeRemovedWasNotRead) {
  given_old(0644);
  seen_.add('R', kOut).add('U', kOut).add('W', kOut);
  replace(0755);
  EXPECT_EQ(reason(), std::nullopt);
}

class HoldsAtTest : public testing::Test {
 protected:
  bool holds() const {
    return holds_at(fs_, "/w/out", {.kind = store::FileKind::kPlain, .mode = 0755});
  }

  test::MemFileSystem fs_;
};

TEST_F(HoldsAtTest, NeedsADirectory) {
  EXPECT_FALSE(holds());
  fs_.make_directory("/w");
  EXPECT_TRUE(holds());
}

TEST_F(HoldsAtTest, TakesAFileThatEndsWithTheSameModeEitherWay) {
  fs_.write("/w/out", "old");
  fs_.set_mode("/w/out", S_IFREG | 0755);
  EXPECT_TRUE(holds());
  fs_.set_mode("/w/out", S_IFREG | 0644);
  EXPECT_FALSE(holds());
}

TEST_F(HoldsAtTest, TakesAFileOnlyForAFile) {
  fs_.write("/w/out", "old");
  fs_.set_mode("/w/out", S_IFREG | 0755);
  EXPECT_FALSE(holds_at(fs_, "/w/out", {.kind = store::FileKind::kSymlink, .mode = 0755}));
}

TEST_F(HoldsAtTest, TakesNoSymlinkAndNoDirectory) {
  fs_.write("/w/file", "old");
  fs_.set_mode("/w/file", S_IFREG | 0755);
  fs_.link("/w/out", "file");
  EXPECT_FALSE(holds());
  fs_.remove("/w/out");
  fs_.make_directory("/w/out");
  EXPECT_FALSE(holds());
}

}  // namespace
}  // namespace zc::engine::command
