#include "engine/command/written_paths.h"

#include <sys/stat.h>

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "compiler/reason.h"
#include "engine/observed/facts.h"
#include "support/mem_file_system.h"

namespace zc::engine::command {
namespace {

using Before = LeftPath::Before;
using testing::ElementsAre;
using testing::IsEmpty;

class WrittenPathsTest : public testing::Test {
 protected:
  WrittenPathsTest() {
    fs_.write("/w/out", "text");
    fs_.set_mode("/w/out", S_IFREG | 0640);
    trace_.programs = {{.path = "/bin/sh", .first_read = {}, .objects = {}},
                       {.path = "/bin/rm", .first_read = {}, .objects = {}}};
  }

  // Why there is no result, or "".
  std::string found() {
    auto written = find_written_paths(fs_, trace_, rules_, {});
    written_ = written ? *std::move(written) : WrittenPaths();
    return written
               ? ""
               : str_cat(compiler::text_of(written.error().reason).id, ' ', written.error().detail);
  }
  // What must be at a path before: "any", "nothing" or "file".
  std::string old(const std::string& path) {
    const auto it = written_.old.find(path);
    return it == written_.old.end()                    ? "any"
           : !it->second                               ? "nothing"
           : *it->second == codec::digest_of(kOldFile) ? "file"
                                                       : "something else";
  }
  void look(std::string_view path, bool is_there, std::size_t program = 0) {
    PathAccess& seen = trace_.accesses.emplace_back();
    seen.path = path;
    (is_there ? seen.looked_at : seen.missing) = true;
    if (is_there) {
      trace_.metadata_queries.push_back(
          {.at = MetadataQuery::At::kMetadata, .query = {.about = path, .program = program}});
    }
  }

  test::MemFileSystem fs_;
  Trace trace_;
  const InputRules rules_;
  WrittenPaths written_;
};

TEST_F(WrittenPathsTest, AFileIsAnOutputWithItsMode) {
  trace_.left = {{.path = "/w/out"}};
  EXPECT_EQ(found(), "");
  EXPECT_THAT(written_.paths, ElementsAre("/w/out"));
  ASSERT_EQ(written_.outputs.size(), 1U);
  EXPECT_EQ(written_.outputs[0].path, "/w/out");
  EXPECT_EQ(written_.outputs[0].mode, 0640U);
  EXPECT_EQ(written_.outputs[0].kind, store::FileKind::kPlain);
  EXPECT_TRUE(written_.outputs[0].is_rewritten);
  EXPECT_EQ(old("/w/out"), "any");
  trace_.left[0].is_new_file = true;
  EXPECT_EQ(found(), "");
  EXPECT_FALSE(written_.outputs[0].is_rewritten);
}

TEST_F(WrittenPathsTest, WhatMustHaveBeenThereIsWhatTheRunHasShown) {
  for (const auto& [before, expected] :
       {std::pair(Before::kAny, "any"), {Before::kNothing, "nothing"}, {Before::kFile, "file"}}) {
    trace_.left = {{.path = "/w/out", .before = before}};
    EXPECT_EQ(found(), "");
    EXPECT_EQ(old("/w/out"), expected);
  }
  trace_.left = {{.path = "/w/out", .before = Before::kContent}};
  EXPECT_EQ(found(), "unrepeatable_input /w/out");
}

TEST_F(WrittenPathsTest, ALookThatFoundNothingMustFindNothingAgain) {
  trace_.left = {{.path = "/w/out"}};
  look("/w/out", false);
  EXPECT_EQ(found(), "");
  EXPECT_EQ(old("/w/out"), "nothing");
}

TEST_F(WrittenPathsTest, WhatAProgramMakesOfAnOldOutputThatItFoundIsNotKnown) {
  trace_.left = {{.path = "/w/out"}};
  look("/w/out", true);
  EXPECT_EQ(found(), "unrepeatable_input /w/out");
}

TEST_F(WrittenPathsTest, ProgramsThatRemoveOnlyLookWhetherItIsThere) {
  trace_.left = {{.path = "/w/out"}};
  look("/w/out", true, 1);
  EXPECT_EQ(found(), "");
  EXPECT_EQ(old("/w/out"), "file");
  trace_.metadata_queries[0].query.is_forked = true;
  EXPECT_EQ(found(), "unrepeatable_input /w/out") << "by a process that is not known";
}

TEST_F(WrittenPathsTest, AnOldOutputThatWasReadIsInWhatIsThere) {
  for (bool PathAccess::* const how :
       {&PathAccess::opened, &PathAccess::listed, &PathAccess::refused}) {
    trace_.left = {{.path = "/w/out"}};
    trace_.accesses = {{.path = "/w/out"}};
    trace_.accesses[0].*how = true;
    EXPECT_EQ(found(), "unrepeatable_input /w/out");
  }
}

TEST_F(WrittenPathsTest, ADirectoryThatIsMadeWasNotThere) {
  fs_.make_directory("/w/d");
  fs_.set_mode("/w/d", S_IFDIR | 0700);
  trace_.left = {{.path = "/w/d", .is_directory = true}};
  EXPECT_EQ(found(), "");
  EXPECT_EQ(written_.outputs.at(0).kind, store::FileKind::kDirectory);
  EXPECT_EQ(written_.outputs.at(0).mode, 0700U);
  EXPECT_EQ(old("/w/d"), "nothing");
}

TEST_F(WrittenPathsTest, ANewSymlinkIsOneAndAnOldOneLedElsewhere) {
  fs_.link("/w/l", "out");
  trace_.left = {{.path = "/w/l", .is_new_file = true}};
  EXPECT_EQ(found(), "");
  EXPECT_EQ(written_.outputs.at(0).kind, store::FileKind::kSymlink);
  trace_.left[0].is_new_file = false;
  EXPECT_EQ(found(), "side_effect /w/l");
}

TEST_F(WrittenPathsTest, WhatNoHitCouldMakeIsASideEffect) {
  trace_.left = {{.path = "/w/out", .has_attributes = true}};
  EXPECT_EQ(found(), "side_effect /w/out");
  trace_.left = {{.path = "/w/out"}};
  fs_.set_mode("/w/out", S_IFREG | 04755);
  EXPECT_EQ(found(), "side_effect /w/out") << "setuid";
  fs_.set_mode("/w/out", S_IFIFO | 0644);
  EXPECT_EQ(found(), "side_effect /w/out") << "a pipe";
  fs_.write("/w/a", "");
  fs_.hard_link("/w/b", "/w/a");
  trace_.left = {{.path = "/w/b"}};
  EXPECT_EQ(found(), "side_effect /w/b") << "two names of one file";
}

TEST_F(WrittenPathsTest, ARandomNameIsAnotherOneInTheNextRun) {
  trace_.left = {{.path = "/w/out", .has_random_name = true}};
  EXPECT_EQ(found(), "unrepeatable_input /w/out");
}

TEST_F(WrittenPathsTest, WhatGoesToTheKernelIsNothingOrASideEffect) {
  trace_.left = {{.path = "/dev/null"}, {.path = "/dev/stdout"}, {.path = "/dev/fd/2"}};
  EXPECT_EQ(found(), "");
  EXPECT_THAT(written_.paths, IsEmpty());
  trace_.left = {{.path = "/dev/tty"}};
  EXPECT_EQ(found(), "side_effect /dev/tty");
}

TEST_F(WrittenPathsTest, WhatIsGoneAgainHasBeenChangedByAnotherProcess) {
  trace_.left = {{.path = "/w/gone"}};
  EXPECT_EQ(found(), "modified_output_file /w/gone");
}

}  // namespace
}  // namespace zc::engine::command
