#include "engine/driver/plain_script.h"

#include <string>

#include <gtest/gtest.h>

namespace zc::engine::driver {
namespace {

bool is_plain(const std::string& lines) {
  return is_plain_script("#!/bin/sh\n" + lines);
}

TEST(PlainScript, PassesItsWordsOn) {
  for (const std::string lines :
       {"exec gcc \"$@\"", "/usr/bin/gcc \"$@\"\n",
        "# says why\n\nexec /usr/bin/gcc-12 -m64 \"$@\" -lm\n", "exec ${CC_NAME} \"$@\"",
        "exec \"$CC\" -I/usr/include/a,b \"$@\"",
        "exec gcc -Wl,-rpath=/opt/lib:/lib \"$@\" @more"}) {
    EXPECT_TRUE(is_plain(lines)) << lines;
  }
  EXPECT_TRUE(is_plain_script("#!/usr/bin/env bash\nexec gcc \"$@\"\n"));
}

TEST(PlainScript, DoesNothingElse) {
  for (const std::string lines : {"",
                                  "exec gcc",
                                  "exec \"$@\"",
                                  "exec gcc $@",
                                  "exec gcc \"$@\" \"$@\"",
                                  "exec gcc \"$@\"\ntrue \"$@\"",
                                  "test -f main; exec gcc \"$@\"",
                                  "exec gcc \"$@\" >log",
                                  "exec gcc \"$@\" && strip main",
                                  "exec gcc \"$@\" &",
                                  "exec gcc \"$@\" | cat",
                                  "exec $(cat main) \"$@\"",
                                  "exec `cat main` \"$@\"",
                                  "exec gcc *.o \"$@\"",
                                  "exec gcc ~/x.o \"$@\"",
                                  "exec gcc [a].o \"$@\"",
                                  "exec gcc a?.o \"$@\"",
                                  "exec gcc {a,b}.o \"$@\"",
                                  "LD_PRELOAD=a.so gcc \"$@\"",
                                  "exec -a ld gcc \"$@\"",
                                  "exec gcc \\",
                                  "exec gcc \"$@\" \\\n-lm",
                                  "exec ${CC:-gcc} -o ${1%.o} \"$@\"",
                                  "exec gcc '$@'",
                                  "umask 0; exec gcc \"$@\"",
                                  "if gcc \"$@\"",
                                  "gcc \"$@\"",
                                  "eval gcc \"$@\"",
                                  ". ./a \"$@\"",
                                  "time gcc \"$@\"",
                                  "A=./b \"$@\"",
                                  "exec gcc $? \"$@\"",
                                  "exec gcc $$ \"$@\"",
                                  "exec gcc $! \"$@\"",
                                  "exec gcc \"a b\" \"$@\""}) {
    EXPECT_FALSE(is_plain(lines)) << lines;
  }
  EXPECT_FALSE(is_plain_script("exec gcc \"$@\""));
  EXPECT_FALSE(is_plain_script("#!/usr/bin/python3\nexec gcc \"$@\""));
  EXPECT_FALSE(is_plain_script("#!/bin/sh -x\nexec gcc \"$@\""));
  EXPECT_FALSE(is_plain_script(std::string("#!/bin/sh\nexec gcc \"$@\"\0;rm a", 29)));
}

}  // namespace
}  // namespace zc::engine::driver
