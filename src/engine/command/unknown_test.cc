// Which commands of programs that no frontend knows are taken for compiles.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/command/command_fixture.h"
#include "engine/command/compile.h"

namespace zc::engine::command {
namespace {

class UnknownTest : public FrontendTest<UnknownFrontend> {
 protected:
  UnknownTest() {
    fs_.write("/w/a.c", "int a;");
    fs_.write("/w/notes.txt", "text");
    fs_.make_directory("/w/d.c");
    fs_.tick();
  }
  static TypedCommand acc(const std::vector<std::string>& words) {
    TypedCommand out = {.tool = "/opt/bin/acomp", .is_declared = false};
    out.args = {"acomp"};
    out.args.insert(out.args.end(), words.begin(), words.end());
    return out;
  }
  std::string with(const std::vector<std::string>& words) { return refused(acc(words)); }
};

TEST_F(UnknownTest, ACommandOfTheFormOfACompileIsOne) {
  EXPECT_EQ(with({"-c", "a.c", "-o", "a.o"}), "");
  EXPECT_EQ(with({"-oa.o", "-Iinc", "/w/a.c", "-c"}), "");
  const auto compiled = compile(acc({"-Iinc", "-c", "a.c", "-o", "a.o"}));
  EXPECT_EQ(compiled->source, "a.c");
  EXPECT_EQ(compiled->main_output_path(), "a.o");
}

TEST_F(UnknownTest, AnyOtherRunsUntouched) {
  EXPECT_EQ(with({"a.c", "-o", "a.o"}), "not claimed");
  EXPECT_EQ(with({"-c", "a.c"}), "not claimed");
  EXPECT_EQ(with({"-c", "b.c", "-o", "b.o"}), "not claimed") << "there is no such source";
  EXPECT_EQ(with({"-c", "d.c", "-o", "d.o"}), "not claimed") << "a directory";
  EXPECT_EQ(with({"-c", "notes.txt", "-o", "a.o"}), "not claimed");
  EXPECT_EQ(with({"--version"}), "not claimed");
  EXPECT_EQ(with({}), "not claimed");
}

TEST_F(UnknownTest, CompilersThatAreKnownAreForOthers) {
  TypedCommand command = acc({"-c", "a.c", "-o", "a.o"});
  for (const char* tool : {"/bin/gcc", "/bin/rustc", "/bin/ar"}) {
    command.tool = tool;
    EXPECT_EQ(refused(command), "not claimed") << tool;
  }
  EXPECT_EQ(with({"gcc", "-c", "a.c", "-o", "a.o"}), "not claimed")
      << "what starts one may do more";
}

TEST_F(UnknownTest, ItReadsNoStandardInputUnlessAWordSaysSo) {
  TypedCommand command = acc({"-c", "a.c", "-o", "a.o"});
  command.has_empty_stdin = false;
  EXPECT_EQ(refused(command), "");
  command.args.emplace_back("-");
  EXPECT_EQ(refused(command), "standard_input");
}

TEST_F(UnknownTest, ItsFailuresAreNotKept) {
  TypedCommand command = acc({"-c", "a.c", "-o", "a.o"});
  command.takes_failures = true;
  const auto compiled = compile(command);
  EXPECT_TRUE(compiled->keeps_exit_code(0));
  EXPECT_FALSE(compiled->keeps_exit_code(1));
}

TEST_F(UnknownTest, EachWordCounts) {
  const codec::Digest before = key(acc({"-c", "a.c", "-o", "a.o"}));
  EXPECT_NE(key(acc({"-c", "a.c", "-o", "b.o"})), before);
  EXPECT_NE(key(acc({"-c", "-O", "a.c", "-o", "a.o"})), before);
  TypedCommand elsewhere = acc({"-c", "/w/a.c", "-o", "a.o"});
  const codec::Digest here = key(elsewhere);
  elsewhere.cwd = "/v";
  EXPECT_NE(key(elsewhere), here);
}

}  // namespace
}  // namespace zc::engine::command
