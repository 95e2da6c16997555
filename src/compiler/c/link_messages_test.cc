#include "compiler/c/link_messages.h"

#include <gtest/gtest.h>

#include "compiler/c/failure_messages.h"

namespace zc::compiler::c {
namespace {

TEST(LinkMessages, KnowsErrorsOfWhatIsLinked) {
  for (const char* err : {
           "/usr/bin/ld: main.o: in function `main':\n"
           "main.c:(.text+0x5): undefined reference to `f'\n"
           "collect2: error: ld returned 1 exit status\n",
           "/usr/bin/ld.bfd: f.o: in function `f':\n"
           "f.c:(.text+0x0): multiple definition of `f'; f.o:f.c:(.text+0x0): first defined here\n"
           "collect2: error: ld returned 1 exit status\n",
           "/usr/bin/x86_64-linux-gnu-ld: cannot find -lnone: No such file or directory\n"
           "collect2: error: ld returned 1 exit status\n",
           "(.text+0x17): undefined reference to `main'\n"
           "a.c:(.text+0x27): more undefined references to `f' follow\n",
           "main.o:main.c:function main: error: undefined reference to 'f'\n",
           "/usr/bin/ld.gold: error: f.o: multiple definition of 'f'\n"
           "/usr/bin/ld.gold: f.o: previous definition here\n",
           "/usr/bin/ld.gold: error: cannot find -lnone\n",
           "/usr/bin/ld.gold: error: cannot open none.o: No such file or directory\n",
           "ld.lld: error: undefined symbol: f\n"
           ">>> referenced by main.c:2 (/w/main.c:2)\n"
           ">>>               main.o:(main)\n"
           "\n"
           "ld.lld: error: duplicate symbol: g\n"
           "clang: error: linker command failed with exit code 1 (use -v to see invocation)\n",
           "ld.lld: error: unable to find library -lnone\n",
           "wasm-ld-14: error: main.o: undefined symbol: f\n"
           "wasm-ld-14: error: libf.a(f.o): undefined symbol: g\n",
           "wasm-ld: error: duplicate symbol: f\n"
           ">>> defined in f.o\n"
           ">>> defined in g.o\n",
           "mold: fatal: library not found: none\n",
           "clang: error: no such file or directory: 'none.o'\n",
           "gcc: error: none.o: No such file or directory\n",
       }) {
    EXPECT_TRUE(are_about_link(err)) << err;
    EXPECT_FALSE(are_about_sources(err)) << err;
  }
}

TEST(LinkMessages, TheMessagesOfACompileMayComeBefore) {
  EXPECT_TRUE(
      are_about_link("a.c:1:6: warning: conflicting types for built-in function 'f'\n"
                     "    1 | char f();\n"
                     "      |      ^\n"
                     "/usr/bin/ld: /tmp/ccAbC123.o: in function `main':\n"
                     "a.c:(.text+0x5): undefined reference to `g'\n"
                     "collect2: error: ld returned 1 exit status\n"));
  EXPECT_TRUE(are_about_link("a.c:2:9: error: 'y' undeclared here (not in a function)\n"));
}

TEST(LinkMessages, TakesNothingElseForThem) {
  for (const char* err : {
           "collect2: error: ld returned 1 exit status\n",
           "/usr/bin/ld: warning: main.o: missing .note.GNU-stack section\n",
           "/usr/bin/ld: final link failed: No space left on device\n",
           "a.o: undefined reference to `f'\nld: final link failed: No space left on device\n",
           "a.o: undefined reference to `f'\ncollect2: fatal error: ld was killed\n",
           "/usr/bin/ld: cannot open output file x/main: No such file or directory\n",
           "ld.lld: error: cannot open output file x/main: No such file or directory\n",
           "/usr/bin/ld: cannot find main.o: Permission denied\n",
           "mold: fatal: cannot open main.o: Too many open files\n",
           "/usr/bin/ld: main.o: file not recognized: file format not recognized\n",
           "none: error: undefined symbol: f\n",
           "ld: memory exhausted\n",
           "wasm-ld: error: failed to open main.wasm: Permission denied\n",
           "wasm-ld: error: main.o: not a relocatable wasm file\n",
           "gcc: error: f.o: Permission denied\n",
       }) {
    EXPECT_FALSE(are_about_link(err)) << err;
  }
}

}  // namespace
}  // namespace zc::compiler::c
