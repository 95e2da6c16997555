#include "engine/observed/path_roots.h"

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

Places two_places() {
  Places places;
  places.add("deps", "/t/deps");
  places.add("inner", "/t/deps/inner");
  return places;
}

TEST(Places, APathIsRelativeToItsPlace) {
  const Places places = two_places();
  EXPECT_EQ(places.general("/t/deps/liba.rlib"), "\2deps/liba.rlib");
  EXPECT_EQ(places.general("/t/deps/sub/a"), "\2deps/sub/a");
  EXPECT_EQ(places.general("/t/deps"), "\2deps");
  EXPECT_EQ(places.general("/t/deps/"), "\2deps/");
}

TEST(Places, WhatIsInNoPlaceStands) {
  const Places places = two_places();
  for (const char* path : {"/", "/t", "/t/dep", "/t/deps2", "/t/deps2/a", "/t/./deps/a", "t/deps/a",
                           "deps/a", "", "-lfoo"}) {
    EXPECT_EQ(places.general(path), path);
    EXPECT_EQ(places.specific(path), path);
  }
}

TEST(Places, TheLongestFolderCounts) {
  Places outer_first = two_places();
  Places inner_first;
  inner_first.add("inner", "/t/deps/inner");
  inner_first.add("deps", "/t/deps");
  for (const Places* places : {&outer_first, &inner_first}) {
    EXPECT_EQ(places->general("/t/deps/inner/a"), "\2inner/a");
    EXPECT_EQ(places->general("/t/deps/inner"), "\2inner");
    EXPECT_EQ(places->general("/t/deps/inner2"), "\2deps/inner2");
  }
}

TEST(Places, AFolderIsOnePlaceOnly) {
  Places places = two_places();
  places.add("again", "/t/deps");
  places.add("and_again", "/t/deps//");
  EXPECT_EQ(places.all().size(), 2U);
  EXPECT_EQ(places.general("/t/deps/a"), "\2deps/a");
  EXPECT_EQ(places.folder_of("again"), std::nullopt);
}

TEST(Places, SlashesAtTheEndMeanNothing) {
  Places places;
  places.add("deps", "/t/deps//");
  EXPECT_EQ(places.folder_of("deps"), "/t/deps");
  EXPECT_EQ(places.general("/t/deps/a"), "\2deps/a");
}

TEST(Places, TheRootIsNone) {
  Places places;
  places.add("root", "/");
  places.add("nothing", "");
  EXPECT_TRUE(places.all().empty());
  EXPECT_EQ(places.general("/a"), "/a");
}

TEST(Places, WhatOneRequestWroteDownAnotherFindsInItsOwnFolder) {
  const Places here = two_places();
  Places there;
  there.add("inner", "/elsewhere");
  there.add("deps", "/u");
  EXPECT_EQ(there.specific(here.general("/t/deps/liba.rlib")), "/u/liba.rlib");
  EXPECT_EQ(there.specific(here.general("/t/deps/inner/a/b")), "/elsewhere/a/b");
  EXPECT_EQ(there.specific(here.general("/t/deps")), "/u");
  EXPECT_EQ(there.specific(here.general("/x")), "/x");
  for (const char* path : {"/t/deps", "/t/deps/", "/t/deps/a", "/t/deps/inner//a", "/x"}) {
    EXPECT_EQ(here.specific(here.general(path)), path);
  }
}

TEST(Places, OnlyWhatIsLookedForInAPlaceIsKeptRelativeToIt) {
  Places places;
  places.add("deps", "/t/deps", Places::Holds::kLibraries);
  places.add("checkout", "/c");
  for (const char* path :
       {"/t/deps", "/t/deps/liba-12.rlib", "/t/deps/liba.rmeta", "/t/deps/libz.a",
        "/t/deps/libz.so", "/t/deps/libz.so.1", "/c/src/lib.rs", "/x"}) {
    EXPECT_EQ(places.keep(path).path, places.general(path));
    EXPECT_EQ(places.keep(path).bound_to, "") << path;
  }
  for (const char* path : {"/t/deps/a.rs", "/t/deps/liba.d", "/t/deps/a.so",
                           "/t/deps/sub/liba.rlib", "/t/deps/../liba.rlib", "/t/deps/"}) {
    EXPECT_EQ(places.keep(path).path, path);
    EXPECT_EQ(places.keep(path).bound_to, "deps") << path;
  }
}

TEST(Places, APlaceThatIsNotThereHasNoPaths) {
  const Places places = two_places();
  for (const char* path : {"\2dep/a", "\2deps2/a", "\2other", "\2", "\2/a"}) {
    EXPECT_EQ(places.specific(path), std::nullopt) << path;
  }
  EXPECT_EQ(places.folder_of("dep"), std::nullopt);
  EXPECT_EQ(places.folder_of("inner"), "/t/deps/inner");
}

}  // namespace
}  // namespace zc::engine
