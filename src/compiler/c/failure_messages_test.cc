#include "compiler/c/failure_messages.h"

#include <gtest/gtest.h>

namespace zc::compiler::c {
namespace {

TEST(FailureMessages, KnowsErrorsOfSources) {
  for (const char* err : {
           "e.c:2:9: error: 'y' undeclared here (not in a function)\n"
           "    2 | int x = y;\n"
           "      |         ^\n",
           "e.c: In function 'f':\n"
           "e.c:3:21: error: 'z' undeclared (first use in this function)\n"
           "e.c:3:21: note: each undeclared identifier is reported only once\n",
           "m.c:1:10: fatal error: none.h: No such file or directory\n"
           "    1 | #include \"none.h\"\n"
           "      |          ^~~~~~~~\n"
           "compilation terminated.\n",
           "In file included from a.c:1:\n"
           "a.h:1:2: error: #error no\n",
           "w.c:1:13: error: unused variable 'u' [-Werror=unused-variable]\n"
           "cc1: all warnings being treated as errors\n",
           "w.c:1:13: error: unused variable 'u' [-Werror=unused-variable]\n"
           "cc1plus: some warnings being treated as errors\n",
           "m.c:1:10: fatal error: 'none.h' file not found\n"
           "#include \"none.h\"\n"
           "         ^~~~~~~~\n"
           "1 error generated.\n",
           "e.c:1:1: warning: w\n"
           "e.c:2:9: error: use of undeclared identifier 'y'\n"
           "int x = y;\n"
           "        ^\n"
           "1 warning and 1 error generated.\n",
           "t.cc: In instantiation of 'void f() [with T = int]':\n"
           "t.cc:5:3:   required from here\n"
           "t.cc:2:3: error: no matching function\n",
       }) {
    EXPECT_TRUE(are_about_sources(err)) << err;
  }
}

TEST(FailureMessages, KnowsErrorsOfOptions) {
  for (const char* err : {
           "gcc: error: unrecognized command-line option '-mx'; did you mean '-my'?\n",
           "gcc: error: unrecognized command-line option \u2018-fx\u2019\n",
           "clang: error: unknown argument '-mx'; did you mean '-my'?\n",
           "clang: error: unknown argument: '-mx'\n",
           "cc1: error: bad value 'x' for '-march=' switch\n"
           "cc1: note: valid arguments to '-march=' switch are: nocona core2\n",
           "error: unknown target CPU 'x'\nnote: valid target CPU values are: nocona, core2\n",
           "error: invalid value 'c9' in '-std=c9'\nnote: use 'c99' for 'ISO C 1999' standard\n",
       }) {
    EXPECT_TRUE(are_about_sources(err)) << err;
  }
  for (const char* err : {
           "gcc: note: valid arguments to '-march=' switch are: nocona core2\n",
           "gcc: fatal error: cannot execute 'cc1': execvp: No such file or directory\n",
           "gcc: error: unrecognized command-line option '-mx'\nKilled\n",
           "a.c: no error: unrecognized command-line option '-mx'\n",
           "gcc: error: x: No such file or directory\n",
           "cc1: error: bad value 'x': Cannot allocate memory\n",
       }) {
    EXPECT_FALSE(are_about_sources(err)) << err;
  }
}

TEST(FailureMessages, TakesNothingElseForThem) {
  for (const char* err : {
           "",
           "a.c:1:1: warning: only that\n",
           "a.c:1:1: error: not ended",
           "a.c:1:1: error: one\n\n",
           "a.c:1:1: error: one\nKilled\n",
           "a.c:1:1: error: one\ngcc: fatal error: Killed signal terminated program cc1\n"
           "compilation terminated.\n",
           "a.c:1:1: internal compiler error: Segmentation fault\n",
           "a.c:1:1: error: internal compiler error\n",
           "a.c:1:10: fatal error: h.h: Permission denied\n",
           "a.c:1:10: fatal error: h.h: Input/output error\n",
           "a.c:1:10: error: h.h: Too many open files\n",
           "a.c:1:10: fatal error: when writing output to a.o: No space left on device\n",
           "a.c:1:10: fatal error: template instantiation depth exceeds maximum of 900\n",
           "a.c:1:10: fatal error: anything new\n",
           "/tmp/ccAbCdEf.s: Assembler messages:\n/tmp/ccAbCdEf.s:3: Error: no such instruction\n",
           "cc1: out of memory allocating 65536 bytes after a total of 405504 bytes\n",
           "cc1: fatal error: can't open 'a.s' for writing: Permission denied\n",
           "error: unable to open output file 'a.o': 'No space left on device'\n1 error "
           "generated.\n",
           "a.c:1:1: error: one\nPLEASE submit a bug report\n",
           "a.c:1:1: error: \x1b[2Jone\n",
           "a.c:1:1: error: \x1b]8;;http://x",
           "a.c:1:1: error: \x1b]2;title\x07one\n",
           "virtual memory exhausted: Cannot allocate memory\n",
       }) {
    EXPECT_FALSE(are_about_sources(err)) << err;
  }
}

TEST(FailureMessages, ColoursAndLinksOfATerminalAreNoPartOfThem) {
  EXPECT_TRUE(are_about_sources(
      "\x1b[01m\x1b[Ka.c:1:5:\x1b[m\x1b[K \x1b[01;31m\x1b[Kerror: \x1b[m\x1b[Kone "
      "[\x1b]8;;http://x\x07-Werror=x\x1b]8;;\x07]\n"));
  EXPECT_TRUE(are_about_sources("a.c:1:1: error: \x1b]8;;http://x\x1b\\one\x1b]8;;\x1b\\\n"));
  EXPECT_FALSE(are_about_sources("a.c:1:1: error: \x1b[01;31mout of memory\n"));
}

// A source may quote a line that looks like an error of the compiler's.
TEST(FailureMessages, AQuotedLineIsNoError) {
  EXPECT_FALSE(
      are_about_sources("a.c:1:1: warning: w\na.c:1:1: error: text of a source\n        ^\n"));
}

}  // namespace
}  // namespace zc::compiler::c
