#include "compiler/c/path_words.h"

#include <string>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::compiler::c {
namespace {

std::string path_of(const std::string& word) {
  const auto at = path_in_word(word);
  return at ? word.substr(*at) : "none";
}

TEST(PathWords, ArePathsOfSearchAndMaps) {
  for (const char* option : {"-I", "-idirafter", "-imacros", "-include", "-iquote", "-isystem"}) {
    EXPECT_EQ(path_of(str_cat(option, '\0', "/w/include")), "/w/include") << option;
  }
  EXPECT_EQ(path_of("-ffile-prefix-map=/w=."), "/w=.");
  EXPECT_EQ(path_of("-fdebug-prefix-map=/w=."), "/w=.");
  EXPECT_EQ(path_of("-fmacro-prefix-map=/w=."), "/w=.");
}

TEST(PathWords, NothingElseIs) {
  for (const std::string& word :
       {std::string("-O2"), str_cat("-D", '\0', "X=/w"), str_cat("--sysroot=", '\0', "/w"),
        str_cat("-B", '\0', "/w"), std::string("/w"), std::string("-I"),
        str_cat("-L", '\0', "/w")}) {
    EXPECT_EQ(path_of(word), "none") << word;
  }
}

TEST(PathWords, AMapSaysWhatItIsFor) {
  const auto file = prefix_map_in_word("-ffile-prefix-map=/w=/x=y");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->from, "/w");
  EXPECT_TRUE(file->is_for_debug_information && file->is_for_macros);
  const auto debug = prefix_map_in_word("-fdebug-prefix-map=/w=");
  ASSERT_TRUE(debug);
  EXPECT_TRUE(debug->is_for_debug_information && !debug->is_for_macros);
  const auto macro = prefix_map_in_word("-fmacro-prefix-map=/w");
  ASSERT_TRUE(macro);
  EXPECT_EQ(macro->from, "/w");
  EXPECT_TRUE(!macro->is_for_debug_information && macro->is_for_macros);
  EXPECT_FALSE(prefix_map_in_word("-fprofile-prefix-map=/w=."));
}

TEST(PathWords, SomeFeaturesHidePaths) {
  for (const char* word :
       {"-gz", "-gz=zlib", "-funique-internal-linkage-names", "-fno-unique-internal-linkage-names",
        "-fexec-charset=UTF-16", "-finstrument-functions-exclude-file-list=one",
        "-fdebug-compilation-dir=/w", "-fprofile-update=atomic", "-fsanitize-recover"}) {
    EXPECT_TRUE(hides_paths(word)) << word;
  }
  for (const char* word :
       {"-g", "-g3", "-O2", "-fPIC", "-fno-exceptions", "-fvisibility=hidden", "-std=c++20",
        "-Wall", "-march=native", "-fdata-sections", "-ffile-prefix-map=/w=."}) {
    EXPECT_FALSE(hides_paths(word)) << word;
  }
}

}  // namespace
}  // namespace zc::compiler::c
