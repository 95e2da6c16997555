#include "engine/observed/path_roots.h"

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

// "@deps/a", or the path itself.
std::string text_of(const RootedPath& path) {
  return path.root.empty() ? path.path : "@" + path.root + path.path;
}

std::optional<std::string> absolute(const PathRoots& roots, const RootedPath& path) {
  return roots.to_absolute(path.root, path.path);
}

PathRoots two_roots() {
  PathRoots roots;
  roots.add("deps", "/t/deps");
  roots.add("inner", "/t/deps/inner");
  return roots;
}

TEST(PathRoots, APathIsRelativeToItsPlace) {
  const PathRoots roots = two_roots();
  EXPECT_EQ(text_of(roots.to_symbolic("/t/deps/liba.rlib")), "@deps/liba.rlib");
  EXPECT_EQ(text_of(roots.to_symbolic("/t/deps/sub/a")), "@deps/sub/a");
  EXPECT_EQ(text_of(roots.to_symbolic("/t/deps")), "@deps");
  EXPECT_EQ(text_of(roots.to_symbolic("/t/deps/")), "@deps/");
}

TEST(PathRoots, WhatIsInNoPlaceStands) {
  const PathRoots roots = two_roots();
  for (const char* path : {"/", "/t", "/t/dep", "/t/deps2", "/t/deps2/a", "/t/./deps/a", "t/deps/a",
                           "deps/a", "", "-lfoo"}) {
    EXPECT_EQ(text_of(roots.to_symbolic(path)), path);
    EXPECT_EQ(roots.to_absolute("", path), path);
  }
}

TEST(PathRoots, TheLongestDirectoryCounts) {
  PathRoots outer_first = two_roots();
  PathRoots inner_first;
  inner_first.add("inner", "/t/deps/inner");
  inner_first.add("deps", "/t/deps");
  for (const PathRoots* roots : {&outer_first, &inner_first}) {
    EXPECT_EQ(text_of(roots->to_symbolic("/t/deps/inner/a")), "@inner/a");
    EXPECT_EQ(text_of(roots->to_symbolic("/t/deps/inner")), "@inner");
    EXPECT_EQ(text_of(roots->to_symbolic("/t/deps/inner2")), "@deps/inner2");
  }
}

TEST(PathRoots, ADirectoryIsOnePlaceOnly) {
  PathRoots roots = two_roots();
  roots.add("again", "/t/deps");
  roots.add("and_again", "/t/deps//");
  EXPECT_EQ(roots.all().size(), 2U);
  EXPECT_EQ(text_of(roots.to_symbolic("/t/deps/a")), "@deps/a");
  EXPECT_EQ(roots.directory_of("again"), std::nullopt);
}

TEST(PathRoots, SlashesAtTheEndMeanNothing) {
  PathRoots roots;
  roots.add("deps", "/t/deps//");
  EXPECT_EQ(roots.directory_of("deps"), "/t/deps");
  EXPECT_EQ(text_of(roots.to_symbolic("/t/deps/a")), "@deps/a");
}

TEST(PathRoots, TheRootIsNone) {
  PathRoots roots;
  roots.add("root", "/");
  roots.add("nothing", "");
  EXPECT_TRUE(roots.all().empty());
  EXPECT_EQ(text_of(roots.to_symbolic("/a")), "/a");
}

TEST(PathRoots, WhatOneRequestWroteDownAnotherFindsInItsOwnDirectory) {
  const PathRoots here = two_roots();
  PathRoots there;
  there.add("inner", "/elsewhere");
  there.add("deps", "/u");
  EXPECT_EQ(absolute(there, here.to_symbolic("/t/deps/liba.rlib")), "/u/liba.rlib");
  EXPECT_EQ(absolute(there, here.to_symbolic("/t/deps/inner/a/b")), "/elsewhere/a/b");
  EXPECT_EQ(absolute(there, here.to_symbolic("/t/deps")), "/u");
  EXPECT_EQ(absolute(there, here.to_symbolic("/x")), "/x");
  for (const char* path : {"/t/deps", "/t/deps/", "/t/deps/a", "/t/deps/inner//a", "/x"}) {
    EXPECT_EQ(absolute(here, here.to_symbolic(path)), path);
  }
}

TEST(PathRoots, OnlyWhatIsLookedForInAPlaceIsKeptRelativeToIt) {
  PathRoots roots;
  const auto is_library = [](std::string_view name) { return name.starts_with("lib"); };
  roots.add("deps", "/t/deps", is_library);
  roots.add("checkout", "/c");
  for (const char* path :
       {"/t/deps", "/t/deps/liba-12.rlib", "/t/deps/liba.rmeta", "/t/deps/libz.a",
        "/t/deps/libz.so", "/t/deps/libz.so.1", "/c/src/lib.rs", "/x"}) {
    EXPECT_EQ(roots.keep(path).path, roots.to_symbolic(path));
    EXPECT_EQ(roots.keep(path).bound_to, "") << path;
  }
  for (const char* path : {"/t/deps/a.rs", "/t/deps/a.so", "/t/deps/sub/liba.rlib",
                           "/t/deps/../liba.rlib", "/t/deps/"}) {
    EXPECT_EQ(text_of(roots.keep(path).path), path);
    EXPECT_EQ(roots.keep(path).bound_to, "deps") << path;
  }
}

TEST(PathRoots, WhatWasSpelledRelativeStaysSo) {
  PathRoots roots;
  roots.add("deps", "/w/deps");
  EXPECT_EQ(text_of(roots.to_symbolic("/w/./a")), "/w/./a");
  roots.keep_relative("/w");
  EXPECT_EQ(text_of(roots.to_symbolic("/w/./deps/a")), "deps/a");
  EXPECT_EQ(text_of(roots.keep("/w/./../a").path), "../a");
  EXPECT_EQ(text_of(roots.to_symbolic("/w/a")), "/w/a");
  EXPECT_EQ(roots.to_absolute("", "../a"), "/w/./../a");
  EXPECT_EQ(roots.to_absolute("", "/x"), "/x");
  roots.keep_relative("/");
  EXPECT_EQ(text_of(roots.to_symbolic("/./a")), "a");
}

TEST(PathRoots, APlaceThatIsNotThereHasNoPaths) {
  const PathRoots roots = two_roots();
  for (const char* root : {"dep", "deps2", "other"}) {
    EXPECT_EQ(roots.to_absolute(root, "/a"), std::nullopt) << root;
    EXPECT_EQ(roots.to_absolute(root, ""), std::nullopt) << root;
  }
  EXPECT_EQ(roots.directory_of("dep"), std::nullopt);
  EXPECT_EQ(roots.directory_of("inner"), "/t/deps/inner");
}

}  // namespace
}  // namespace zc::engine
