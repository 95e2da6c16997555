#include "engine/command/listed_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine::command {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Prerequisites, StandBehindTheFirstColonOfEachRule) {
  EXPECT_THAT(prerequisites_of("a.o b.o: x.c y.h\nz: w\n\nx:\n"), ElementsAre("x.c", "y.h", "w"));
  EXPECT_THAT(prerequisites_of(""), IsEmpty());
  EXPECT_THAT(prerequisites_of("no rule"), IsEmpty());
}

TEST(Prerequisites, LinesGoOnBehindABackslash) {
  EXPECT_THAT(prerequisites_of("a: b \\\n c\\\n  d\n"), ElementsAre("b", "c", "d"));
}

TEST(Prerequisites, AreUnquoted) {
  EXPECT_THAT(prerequisites_of("a: b\\ c d\\#e f$$g h\\:i j\\k\n"),
              ElementsAre("b c", "d#e", "f$g", "h:i", "j\\k"));
  EXPECT_THAT(prerequisites_of("a\\: b: c\n"), ElementsAre("c")) << "a quoted colon is a name's";
}

class IncludedFilesTest : public testing::Test {
 protected:
  std::vector<std::string> found() const { return included_files(fs_, "/w", options_); }

  test::MemFileSystem fs_;
  Options options_;
};

TEST_F(IncludedFilesTest, AreThoseOfAllThatIsIncludedEachOnce) {
  fs_.write("/w/s.c", "#include \"a.h\"\n # include <b.h>\n#define X\n#include NAME\n");
  fs_.write("/w/a.h", "#include \"sub/c.h\"\n#include \"a.h\"\n#include \"none.h\"\n");
  fs_.write("/w/sub/c.h", "#include \"d.h\"");
  fs_.write("/w/sub/d.h", "");
  fs_.write("/i/b.h", "");
  options_.scanned_files = {"s.c"};
  options_.include_directories = {"/i"};
  EXPECT_THAT(found(), ElementsAre("/w/s.c", "/w/a.h", "/i/b.h", "/w/sub/c.h", "/w/sub/d.h"));
}

TEST_F(IncludedFilesTest, NamesInQuotesAreLookedForBesideFirstThenInTheQuoteDirectories) {
  fs_.write("/w/s.c", "#include \"a.h\"\n#include \"b.h\"\n#include <a.h>\n#include <e.h>\n");
  for (const char* path :
       {"/w/a.h", "/q/a.h", "/q/b.h", "/w/inc/a.h", "/w/inc/b.h", "/y/e.h", "/q/e.h"}) {
    fs_.write(path, "");
  }
  options_.scanned_files = {"s.c"};
  options_.quote_directories = {"/q"};
  options_.include_directories = {"inc"};
  options_.system_directories = {"/y"};
  EXPECT_THAT(found(), ElementsAre("/w/s.c", "/w/a.h", "/q/b.h", "/w/inc/a.h", "/y/e.h"));
}

TEST_F(IncludedFilesTest, WhatIsNoDirectiveIsNothing) {
  fs_.write("/w/s.c", "x #include \"a.h\"\n#includ \"a.h\"\n#include \"a.h\n#include\n#\n");
  fs_.write("/w/a.h", "");
  options_.scanned_files = {"s.c"};
  EXPECT_THAT(found(), ElementsAre("/w/s.c"));
}

}  // namespace
}  // namespace zc::engine::command
