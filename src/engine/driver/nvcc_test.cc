// What nvcc's programs ask for in each run, and where they may be replaced.
#include "engine/driver/nvcc.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/driver/driver_fixture.h"
#include "support/observation_text.h"

namespace zc::engine::driver {
namespace {

class NvccTest : public DriverTest {
 protected:
  NvccTest() {
    for (const char* path : {"/c/bin/nvcc", "/c/bin/cudafe++", "/bin/sh", "/bin/gcc"}) {
      fs_.write(path, test::harmless_object());
    }
    fs_.write("/c/bin/nvcc.profile", "PATH += $(_HERE_):\nLD_LIBRARY_PATH += $(_HERE_)/../lib:\n");
    fs_.tick();
    trace_.programs = {{.path = "/c/bin/nvcc", .objects = {"/lib/libc.so.6"}},
                       {.path = "/bin/sh"},
                       {.path = "/c/bin/cudafe++"},
                       {.path = "/bin/gcc"}};
    trace_.accesses = {{.path = "/c/bin/nvcc.profile", .opened = true}};
  }
  command::TypedCommand nvcc(const Words& words) const {
    command::TypedCommand out = typed(words);
    out.tool = "/c/bin/nvcc";
    return out;
  }
  static Query by(std::size_t program, std::string_view about) {
    return {.about = about, .program = program};
  }
  std::string added() {
    const auto compiled = compile(nvcc({"nvcc", "-c", "a.cu"}));
    list_ = {};
    const auto done = add_directories_of_nvcc(fs_, dynamic_cast<const ObservedCompile&>(*compiled),
                                              trace_, list_);
    return done ? "" : std::string(compiler::text_of(done.error().reason).id);
  }
  bool has_absence(std::string_view path) const {
    return std::ranges::find(list_.absences, path, &RootedPath::path) != list_.absences.end();
  }

  Trace trace_;
  InputList list_;
};

TEST_F(NvccTest, ACompileIsKeptAndAnAnswerIsNot) {
  EXPECT_EQ(FrontendTest::refused(nvcc({"nvcc", "-c", "a.cu", "-o", "a.o"})), "");
  EXPECT_EQ(FrontendTest::refused(nvcc({"nvcc", "a.o", "-o", "a"})), "") << "whatever it makes";
  for (const char* word : {"--version", "--dryrun", "-run", "--time=x", "-h"}) {
    EXPECT_EQ(FrontendTest::refused(nvcc({"nvcc", "a.cu", word})), "called_for_information");
  }
  EXPECT_EQ(FrontendTest::refused(nvcc({"nvcc"})), "no_input_file");
  EXPECT_FALSE(compile(nvcc({"nvcc", "a.cu"}))->reads_outputs);
}

TEST_F(NvccTest, TheTimeIsNothingToItsOwnProgramsAndTheirShell) {
  const NvccRules rules(trace_);
  EXPECT_TRUE(rules.is_idle_question(by(0, "time")));
  Query of_shell = by(1, "time");
  EXPECT_FALSE(rules.is_idle_question(of_shell)) << "a script names it";
  of_shell.before_read = true;
  EXPECT_TRUE(rules.is_idle_question(of_shell));
  EXPECT_TRUE(rules.is_idle_question(by(2, "localtime")));
  EXPECT_FALSE(rules.is_idle_question(by(3, "localtime"))) << "gcc expands __TIME__";
  Query forked = by(0, "time");
  forked.is_forked = true;
  EXPECT_FALSE(rules.is_idle_question(forked));
}

TEST_F(NvccTest, ASeedIsNoInputUnlessASourceReadsIt) {
  const PathAccess seed = {.path = "/dev/urandom", .opened = true};
  trace_.openings = {{.path = "/dev/urandom", .program = 2}};
  EXPECT_TRUE(NvccRules(trace_).is_passed_over(seed));
  trace_.openings.push_back({.path = "/dev/urandom", .program = 3});
  EXPECT_FALSE(NvccRules(trace_).is_passed_over(seed));
  EXPECT_FALSE(NvccRules(trace_).is_passed_over({.path = "/w/a.cu", .opened = true}));
}

TEST_F(NvccTest, TheDirectoryThatItCleansUpIsNoInput) {
  const PathAccess listing = {.path = "/tmp", .listed = true};
  MetadataQuery look = {.at = MetadataQuery::At::kListing, .query = by(0, "/tmp")};
  EXPECT_FALSE(NvccRules(trace_).is_passed_over(listing));
  EXPECT_FALSE(NvccRules(trace_).is_idle_look(look));
  trace_.passing = {"/tmp/tmpxft_0001_00000000-1_a.ii"};
  EXPECT_TRUE(NvccRules(trace_).is_passed_over(listing));
  EXPECT_TRUE(NvccRules(trace_).is_idle_look(look));
  EXPECT_FALSE(NvccRules(trace_).is_passed_over({.path = "/w", .listed = true}));
  look.query.program = 3;
  EXPECT_FALSE(NvccRules(trace_).is_idle_look(look)) << "of gcc";
}

TEST_F(NvccTest, WhereItsProgramsAreLookedForFirstNothingMayBe) {
  trace_.names = {"as", "cudafe++"};
  EXPECT_EQ(added(), "");
  EXPECT_TRUE(has_absence("/c/bin/as"));
  EXPECT_FALSE(has_absence("/c/bin/cudafe++")) << "it is there";
  EXPECT_TRUE(has_absence("/c/bin/../lib/libc.so.6"));
  EXPECT_TRUE(has_absence("/w/libc.so.6")) << "an empty directory is the working one";
  fs_.write("/c/bin/as", "another");
  EXPECT_EQ(added(), "not_observed");
}

TEST_F(NvccTest, AnUnknownProfileIsNotObserved) {
  fs_.write("/c/bin/nvcc.profile", "PATH += $(ELSEWHERE):\n");
  EXPECT_EQ(added(), "not_observed");
  trace_.accesses.clear();
  EXPECT_EQ(added(), "not_observed");
}

}  // namespace
}  // namespace zc::engine::driver
