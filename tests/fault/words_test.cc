// What the programs make of words that a user types.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "fault/lifecycle_fixture.h"

namespace zc {
namespace {

using test::Lifecycle;
using test::Outcome;
using ::testing::HasSubstr;

class Words : public Lifecycle {};

// The client hands over what is no compiler, and zccache-cli says what may have been meant.
TEST_F(Words, AreHandedOverUnlessACompilerIsMeant) {
  settings("ZCCACHE_NO_SPAWN", "1");
  struct Typed {
    std::vector<std::string> words;
    int exit_code;
    std::string answer;
  };
  for (const Typed& typed : std::vector<Typed>{
           {{"statsu"}, 127, "did you mean: zccache status"},
           {{"no-such-compiler", "-c", "a.c"}, 127, "cannot find no-such-compiler on PATH"},
           {{"-s"}, 1, "daemon not running"},
           {{"-z"}, 2, "zccache stop"},
           {{"-c", "a.c"}, 2, "behind its name"},
           {{"wrap", "--help"}, 0, "usage: zccache wrap"},
           {{"status", "--help"}, 0, "usage: zccache status"},
           {{"status", "--jsno"}, 2, "zccache status --help"},
           {{"--", "/bin/echo", "compiled"}, 0, "compiled"},
       }) {
    const Outcome outcome = run("zccache", typed.words);
    EXPECT_EQ(outcome.exit_code, typed.exit_code) << typed.words.front();
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr(typed.answer)) << typed.words.front();
  }
}

TEST_F(Words, WhatCannotBePrintedIsAFailure) {
  const std::string command = str_cat("exec ", ZCCACHE_BIN_DIR, "/zccache-cli help >/dev/full");
  const Outcome outcome = run_in("/bin", "sh", {"-c", command});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write to standard output: No space left on device"));
}

}  // namespace
}  // namespace zc
