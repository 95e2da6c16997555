// What makes the key of a linker, of ar and of their kin, and which commands are left alone.
#include "engine/driver/frontend.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/driver/compile.h"
#include "engine/driver/driver_fixture.h"

namespace zc::engine::driver {
namespace {

using command::TypedCommand;

TEST_F(DriverTest, EachPartOfACommandCounts) {
  struct Change {
    const char* what;
    std::function<void(TypedCommand&)> apply;
  };
  const std::vector<Change> changes = {
      {"the program", [](TypedCommand& c) { c.tool = "/opt/ld"; }},
      {"its name", [](TypedCommand& c) { c.args[0] = "/bin/ld"; }},
      {"a word more", [](TypedCommand& c) { c.args.emplace_back("-s"); }},
      {"the order of words", [](TypedCommand& c) { c.args = {"ld", "b.o", "a.o"}; }},
      {"the directory", [](TypedCommand& c) { c.cwd = "/v"; }},
      {"the umask", [](TypedCommand& c) { c.umask = 077; }},
      {"what it inherits", [](TypedCommand& c) { c.inherited = "other limits"; }},
      {"a terminal", [](TypedCommand& c) { c.has_terminal = true; }},
      {"a variable of the C library", [](TypedCommand& c) { c.env[1] = "LC_ALL=C"; }},
  };
  std::vector<codec::Digest> keys = {key({"ld", "a.o", "b.o"})};
  for (const Change& change : changes) {
    TypedCommand command = typed({"ld", "a.o", "b.o"});
    change.apply(command);
    const codec::Digest other = FrontendTest::key(command);
    EXPECT_EQ(std::ranges::find(keys, other), keys.end()) << change.what;
    keys.push_back(other);
  }
  world_.host_cpu = "another cpu";
  EXPECT_NE(key({"ld", "a.o", "b.o"}), keys[0]);
}

TEST_F(DriverTest, WhatALinkReadsIsInNoKey) {
  const codec::Digest before = key({"ld", "a.o"});
  fs_.write("/w/a.o", "other");
  EXPECT_EQ(key({"ld", "a.o"}), before);
}

TEST_F(DriverTest, AnArchiveCountsAsItWas) {
  const Words words = {"ar", "rcs", "lib.a", "a.o"};
  expect_other_key(words, [&] { fs_.write("/w/lib.a", "old"); });
  expect_other_key(words, [&] { fs_.write("/w/lib.a", "older"); });
  const auto out = compile(typed(words));
  EXPECT_TRUE(dynamic_cast<const Compile&>(*out).keyed.contains("/w/lib.a"));
  EXPECT_TRUE(dynamic_cast<const Compile&>(*out).watches.contains("/w/lib.a"));
  fs_.remove("/w/lib.a");
  fs_.make_directory("/w/lib.a");
  const codec::Digest directory = key(words);
  fs_.remove("/w/lib.a");
  EXPECT_EQ(key(words), directory) << "nor is a directory a file that it could rewrite";
}

TEST_F(DriverTest, WhatStripMayRewriteCountsAsItWas) {
  expect_other_key({"strip", "a.o"}, [&] { fs_.write("/w/a.o", "other"); });
  expect_other_key({"strip", "-o", "x", "a.o"}, [&] { fs_.write("/w/x", "old"); });
  expect_other_key({"strip", "-o", "x", "y"}, [&] { fs_.rename("/w/x", "/w/y"); });
}

TEST_F(DriverTest, AScriptOfArNamesWhatItRewrites) {
  fs_.write("/w/script", "CREATE lib.a\nADDMOD a.o\nSAVE\nEND\n");
  TypedCommand command = typed({"ar", "-M"});
  command.read_from("/w/script");
  const codec::Digest before = FrontendTest::key(command);
  fs_.write("/w/lib.a", "old");
  EXPECT_NE(FrontendTest::key(command), before);
  EXPECT_EQ(dynamic_cast<const Compile&>(*compile(command)).standard_input, "/w/script");
  command.stdin_path = "pipe:[1]";
  EXPECT_EQ(FrontendTest::refused(command), "standard_input");
}

TEST_F(DriverTest, ThatAnArchiverReadsNoScriptNeedsNoStandardInput) {
  TypedCommand command = typed({"ar", "rcs", "lib.a", "a.o"});
  command.has_empty_stdin = false;
  EXPECT_EQ(FrontendTest::refused(command), "");
  command = typed({"ld", "-M", "a.o"});
  command.has_empty_stdin = false;
  EXPECT_EQ(FrontendTest::refused(command), "") << "of a linker, a map";
}

TEST_F(DriverTest, TimesOfMembersAreLeftToAr) {
  EXPECT_EQ(refused({"ar", "ru", "lib.a", "a.o"}), "") << "there is none to compare with";
  fs_.write("/w/lib.a", "old");
  EXPECT_EQ(refused({"ar", "ru", "lib.a", "a.o"}), "unsupported_compiler_option");
  EXPECT_EQ(refused({"ar", "xo", "lib.a"}), "unsupported_compiler_option");
  EXPECT_EQ(refused({"ar", "r", "lib.a", "uo.o"}), "");
  EXPECT_EQ(refused({"ar", "@words"}), "unsupported_compiler_option");
}

TEST_F(DriverTest, DatesThatAnEditorTakesOverAreLeftToIt) {
  EXPECT_EQ(refused({"strip", "-p", "a.o"}), "unsupported_compiler_option");
  EXPECT_EQ(refused({"strip", "--preserve-dates", "a.o"}), "unsupported_compiler_option");
  EXPECT_EQ(refused({"strip", "--preserve", "a.o"}), "");
  EXPECT_EQ(refused({"ld", "-p", "a.o"}), "") << "of a linker it says something else";
}

TEST_F(DriverTest, WordsThatNameStandardInputAreLeftAlone) {
  for (const char* word : {"-", "-Wl,-T,-", "-Wl,-,x"}) {
    EXPECT_EQ(refused({"ld", "a.o", word}), "standard_input") << word;
  }
  EXPECT_EQ(refused({"ld", "a.o", "-Wl,-s"}), "");
}

TEST_F(DriverTest, ARandomIdIsNeverTheSame) {
  EXPECT_EQ(refused({"ld", "--build-id=uuid"}), "not_deterministic");
  fs_.write("/w/words", "--build-id=uuid");
  fs_.write("/w/plain", "--build-id");
  EXPECT_EQ(refused({"ld", "@words"}), "not_deterministic");
  EXPECT_EQ(refused({"ld", "-Wl,@words"}), "not_deterministic");
  EXPECT_EQ(refused({"ld", "-Wl,--build-id=uuid,@plain"}), "not_deterministic");
  EXPECT_EQ(refused({"ld", "-build-i=uuid"}), "not_deterministic");
  EXPECT_EQ(refused({"ld", "--build-id=sha1,uuid"}), "not_deterministic");
  EXPECT_EQ(refused({"ld", "uuid.o", "cmake-build-debug/uuid.o", "-o", "uuid"}), "");
  EXPECT_EQ(refused({"ld", "@plain"}), "");
  EXPECT_EQ(refused({"ld", "@none"}), "");
}

TEST_F(DriverTest, ThePersonDecidesBySwitch) {
  TypedCommand command = typed({"ld", "a.o"});
  command.env[2] = "ZCCACHE_LINKS=never";
  EXPECT_EQ(FrontendTest::refused(command), "called_for_link");
  command.env[2] = "ZCCACHE_LINKS=measure";
  EXPECT_TRUE(compile(command)->only_measures);
  EXPECT_FALSE(compile(typed({"ld", "a.o"}))->only_measures);
}

TEST_F(DriverTest, ProgramsOfOtherKindsAndScriptsAreForOtherFrontends) {
  EXPECT_EQ(refused({"gen", "a.o"}), "not claimed");
  fs_.write("/bin/ld", "#!/bin/sh\n");
  EXPECT_EQ(refused({"ld", "a.o"}), "not claimed");
}

TEST_F(DriverTest, TheMainOutputIsWhereALinkerWrites) {
  EXPECT_EQ(output({"ld", "a.o"}), "/w/a.out");
  EXPECT_EQ(output({"ld", "-o", "x"}), "/w/x");
  EXPECT_EQ(output({"ld", "--output", "x"}), "/w/x");
  EXPECT_EQ(output({"ld", "--output=./x"}), "/w/x");
  EXPECT_EQ(output({"ld", "-o/v/x"}), "/v/x");
  EXPECT_EQ(output({"ld", "-o", "x", "-o", "y"}), "/w/y") << "the last one counts";
  EXPECT_EQ(output({"ld", "-o"}), "");
}

TEST_F(DriverTest, WhatIsNoLinkIsKnownByItsSource) {
  const auto source = [&](const Words& words) { return compile(typed(words))->source; };
  fs_.write("/bin/gcc", test::harmless_object());
  fs_.tick();
  EXPECT_EQ(source({"gcc", "-E", "-I", "x", "-DA=1", "a.c"}), "a.c");
  EXPECT_EQ(source({"gcc", "-o", "x", "-c", "a.c", "b.c"}), "a.c");
  EXPECT_EQ(source({"gcc", "-E"}), "");
  EXPECT_EQ(source({"gcc", "a.c", "-o", "x"}), "gcc") << "a link is known by what it makes";
}

TEST_F(DriverTest, AllThatGfortranDoesIsKeptButItsAnswers) {
  fs_.write("/bin/gfortran", test::harmless_object());
  fs_.tick();
  EXPECT_EQ(refused({"gfortran", "--version"}), "called_for_information");
  EXPECT_EQ(refused({"gfortran", "-###", "-c", "a.f90"}), "called_for_information");
  EXPECT_EQ(refused({"gfortran"}), "no_input_file");
  for (const Words& words :
       {Words{"gfortran", "-c", "a.f90"}, Words{"gfortran", "-S", "a.F", "b.F"},
        Words{"gfortran", "-cpp", "-E", "a.f"}}) {
    const auto out = compile(typed(words));
    ASSERT_TRUE(out) << words.back();
    EXPECT_TRUE(dynamic_cast<const Compile&>(*out).is_fortran) << words.back();
    EXPECT_FALSE(out->reads_outputs) << words.back();
  }
  const auto link = compile(typed({"gfortran", "a.f90", "-o", "x"}));
  EXPECT_TRUE(link->reads_outputs);
  EXPECT_EQ(dynamic_cast<const Compile&>(*link).main_output, "/w/x");
  EXPECT_EQ(compile(typed({"gfortran", "-J", "mod", "-c", "a.f90"}))->source, "a.f90");
}

TEST_F(DriverTest, WordsOfMicrosoftsCompilerAreNoLink) {
  fs_.write("/bin/clang-cl", test::harmless_object());
  fs_.write("/bin/clang", test::harmless_object());
  fs_.tick();
  EXPECT_FALSE(compile(typed({"clang-cl", "/c", "a.c", "/Foa.obj"}))->reads_outputs);
  EXPECT_FALSE(compile(typed({"clang", "--driver-mode=cl", "/c", "a.c"}))->reads_outputs);
  EXPECT_TRUE(compile(typed({"clang", "--driver-mode=gcc", "a.c"}))->reads_outputs);
  EXPECT_EQ(refused({"clang-cl", "-ftime-report", "/c", "a.c"}), "called_for_information");
  EXPECT_EQ(refused({"clang-cl", "--version"}), "called_for_information");
}

TEST_F(DriverTest, WhatComesThroughAPipeIsNoSource) {
  fs_.write("/bin/gcc", test::harmless_object());
  fs_.write("/w/a.c", "int a;");
  fs_.tick();
  TypedCommand command = typed({"gcc", "-x", "c", "-c", "-"});
  command.read_from("/w/a.c");
  const codec::Digest before = FrontendTest::key(command);
  fs_.write("/w/a.c", "int b;");
  fs_.tick();
  EXPECT_NE(FrontendTest::key(command), before);
  command.stdin_path = "pipe:[1]";
  EXPECT_EQ(FrontendTest::refused(command), "standard_input");
}

TEST_F(DriverTest, TheSwitchOfLinksIsForLinksAlone) {
  fs_.write("/bin/gcc", test::harmless_object());
  fs_.tick();
  TypedCommand command = typed({"gcc", "-E", "a.c"});
  command.env[2] = "ZCCACHE_LINKS=never";
  EXPECT_EQ(FrontendTest::refused(command), "");
  for (const char* word : {"a.h", "a.hpp", "-xc++-header", "-fsyntax-only", "-c"}) {
    command.args = {"gcc", "b.c", word};
    EXPECT_EQ(FrontendTest::refused(command), "") << word;
    EXPECT_FALSE(compile(command)->reads_outputs) << word;
  }
  command.args = {"gcc", "b.c", "-include.h"};
  EXPECT_EQ(FrontendTest::refused(command), "called_for_link") << "an option";
}

TEST_F(DriverTest, OfAnOldOutputTheBirthIsKnown) {
  EXPECT_TRUE(dynamic_cast<const Compile&>(*compile(typed({"ld", "a.o"}))).born_ns.empty());
  fs_.write("/w/a.out", "old");
  const auto out = compile(typed({"ld", "a.o"}));
  EXPECT_EQ(dynamic_cast<const Compile&>(*out).born_ns.at("/w/a.out"),
            fs_.details_of("/w/a.out").born_ns);
}

}  // namespace
}  // namespace zc::engine::driver
