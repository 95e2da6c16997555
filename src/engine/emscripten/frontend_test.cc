// What Emscripten's commands share across directories, and which of them are left alone.
#include "engine/emscripten/frontend.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/command/command_fixture.h"
#include "engine/emscripten/compile.h"

namespace zc::engine::emscripten {
namespace {

using command::TypedCommand;
using Words = std::vector<std::string>;

class EmscriptenTest : public command::FrontendTest<Frontend> {
 protected:
  EmscriptenTest() {
    fs_.write("/w/a.c", "int a;");
    fs_.write("/v/a.c", "int a;");
    fs_.tick();
  }
  static TypedCommand typed(Words words, std::vector<std::string> env = {"HOME=/home/me"}) {
    const std::string tool = "/bin/" + words[0];
    return {.tool = tool, .args = std::move(words), .env = std::move(env), .is_declared = false};
  }
  bool is_shared(TypedCommand command) {
    const codec::Digest here = key(command);
    command.cwd = "/v";
    return key(command) == here;
  }
  std::string refused(const TypedCommand& command) { return FrontendTest::refused(command); }
};

TEST_F(EmscriptenTest, ACompileIsSharedIfNothingOfItsDirectoryCanShow) {
  EXPECT_TRUE(is_shared(typed({"emcc", "-O1", "-c", "a.c", "-o", "a.o"})));
  EXPECT_TRUE(is_shared(typed({"em++", "-c", "a.c"})));
  EXPECT_FALSE(is_shared(typed({"emcc", "a.c", "-o", "a.js"}))) << "a link";
  EXPECT_FALSE(is_shared(typed({"emcc", "-g", "-c", "a.c"}))) << "the directory is in it";
  EXPECT_FALSE(is_shared(typed({"emcc", "--no-such-word", "-c", "a.c"}))) << "not understood";
  EXPECT_FALSE(is_shared(typed({"emcc", "-gsplit-dwarf", "-c", "a.c"})));
  EXPECT_FALSE(is_shared(typed({"emcc", "--coverage", "-c", "a.c"})));
  EXPECT_FALSE(is_shared(typed({"emcc", "-c", "a.c"}, {"EMCC_CFLAGS=-g"}))) << "further words";
}

TEST_F(EmscriptenTest, WhatShowsTimesIsLeftAlone) {
  for (const char* name : {"EMCC_DEBUG", "EMCC_DEBUG_SAVE", "EMPROFILE", "EM_PROFILE_TOOLCHAIN"}) {
    const std::string variable = name;
    EXPECT_EQ(refused(typed({"emcc", "-c", "a.c"}, {variable + "=1"})),
              "unsupported_environment_variable");
    EXPECT_EQ(refused(typed({"emcc", "-c", "a.c"}, {variable + "=0"})), "");
    EXPECT_EQ(refused(typed({"emcc", "-c", "a.c"}, {variable + "="})), "");
  }
}

TEST_F(EmscriptenTest, WordsThatARunDoesNotShowAreLeftAlone) {
  fs_.write("/w/words", "-E");
  for (const auto& [word, reason] : {std::pair("-", "standard_input"),
                                     {"-include-pch", "unsupported_compiler_option"},
                                     {"-E", "called_for_preprocessing"},
                                     {"@words", "called_for_preprocessing"}}) {
    EXPECT_EQ(refused(typed({"emcc", "-c", "a.c", word})), reason);
    EXPECT_EQ(refused(typed({"emcc", "-c", "a.c"}, {std::string("EMCC_CFLAGS=") + word})), reason);
  }
}

TEST_F(EmscriptenTest, ScriptsAndTimesOfArchivesAreLeftAlone) {
  for (const char* operation : {"-M", "ru", "xo", "rcU"}) {
    EXPECT_EQ(refused(typed({"emar", operation, "lib.a"})), "unsupported_compiler_option");
  }
  EXPECT_EQ(refused(typed({"emar", "rcs", "lib.a", "uo.o"})), "");
  EXPECT_EQ(refused(typed({"emar"})), "");
  EXPECT_EQ(refused(typed({"emcc", "-O1", "-c", "a.c"})), "") << "no operation";
}

TEST_F(EmscriptenTest, OtherCompilersAreForOtherFrontends) {
  EXPECT_EQ(refused(typed({"gcc", "-c", "a.c"})), "not claimed");
  EXPECT_EQ(refused(typed({"gen", "in"})), "not claimed");
}

}  // namespace
}  // namespace zc::engine::emscripten
