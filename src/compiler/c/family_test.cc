#include "compiler/c/family.h"

#include <string>

#include <gtest/gtest.h>

#include "support/real_compiler.h"

namespace zc::compiler::c {
namespace {

TEST(Family, IsReadFromTheVersionText) {
  EXPECT_EQ(family_from_version("gcc (Debian 12.2.0-14) 12.2.0\n"
                                "Copyright (C) 2022 Free Software Foundation, Inc.\n"),
            Family::kGcc);
  EXPECT_EQ(family_from_version("cc (GCC) 14.1.0\n"
                                "Copyright (C) 2024 Free Software Foundation, Inc.\n"),
            Family::kGcc);
  EXPECT_EQ(family_from_version("Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu\n"),
            Family::kClangOld);
  EXPECT_EQ(family_from_version("clang version 19.1.7\n"), Family::kClang);
  EXPECT_EQ(family_from_version("Ubuntu clang version 15.0.7\n"), Family::kClang);
  EXPECT_FALSE(family_from_version("icc (ICC) 19.1.3.304\nCopyright (C) Intel\n"));
  EXPECT_FALSE(family_from_version("clang version unknown\n"));
  EXPECT_FALSE(family_from_version(""));
}

TEST(Family, PrefixesAreMappedSinceSomeVersion) {
  const std::string licence = "\nFree Software Foundation, Inc.\n";
  for (const char* line : {"gcc (Debian 12.2.0-14) 12.2.0", "cc (GCC) 8.1.0", "gcc-10 (x) 10.2.1",
                           "gcc (GCC) 13.2.1 20230801 (Red Hat 13.2.1-1)"}) {
    EXPECT_TRUE(maps_prefixes(line + licence)) << line;
  }
  for (const char* line :
       {"gcc (GCC) 7.5.0", "gcc (Debian 12.2.0-14)", "gcc (8.1.0) 4.8.5", "gcc", "9gcc (GCC)"}) {
    EXPECT_FALSE(maps_prefixes(line + licence)) << line;
  }
  EXPECT_TRUE(maps_prefixes("Debian clang version 14.0.6\n"));
  EXPECT_TRUE(maps_prefixes("clang version 10.0.0-4ubuntu1\n"));
  EXPECT_FALSE(maps_prefixes("clang version 9.0.1\n"));
  EXPECT_FALSE(maps_prefixes("tcc version 0.9\n"));
}

TEST(Family, InstalledCompilersSayTheirFamily) {
  const auto compilers = test::real_compilers();
  if (compilers.empty()) {
    GTEST_SKIP() << "no compiler is installed";
  }
  for (const auto& compiler : compilers) {
    const auto family = family_from_version(compiler.run({"--version"}, "/").out);
    ASSERT_TRUE(family) << compiler.path;
    EXPECT_EQ(*family == Family::kGcc, compiler.path.find("gcc") != std::string::npos);
  }
}

}  // namespace
}  // namespace zc::compiler::c
