#include "engine/c/lto_seed.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace zc::engine::c {
namespace {

using Words = std::vector<std::string>;

bool is_seed(const Words& words, int opens = 1, int sources = 1,
             std::string_view path = kRandomDevice) {
  return is_lto_seed({.path = path, .opened = true, .opens = opens}, words, sources);
}

TEST(LtoSeed, IsReadOnceForEachSource) {
  EXPECT_TRUE(is_seed({"-c", "-flto"}));
  EXPECT_TRUE(is_seed({"-flto=auto", "a.c", "b.c"}, 2, 2));
  EXPECT_FALSE(is_seed({"-flto"}, 2)) << "one of them is of the source itself";
  EXPECT_FALSE(is_seed({"-c"}));
  EXPECT_FALSE(is_seed({"-flto", "-frandom-seed=1"})) << "gcc has one already";
  EXPECT_FALSE(is_seed({"-flto", "@words"})) << "which may have one";
  EXPECT_FALSE(is_seed({"-flto"}, 1, 1, "/dev/random"));
}

TEST(LtoSeed, OfAnOldGccIsReadBeforeTheSource) {
  const auto is_early = [](const std::vector<Opening>& openings, int opens = 1,
                           const Words& words = {"-c"}) {
    Trace trace;
    trace.programs = {{.path = "/bin/gcc"}, {.path = "/lib/cc1"}};
    trace.openings = openings;
    return is_early_seed({.path = kRandomDevice, .opened = true, .opens = opens}, trace, "/w/./a.c",
                         words);
  };
  const Opening device = {.path = kRandomDevice, .program = 1};
  const Opening source = {.path = "/w/./a.c", .program = 1};
  EXPECT_TRUE(is_early({device, source}));
  EXPECT_FALSE(is_early({source, device})) << "by which the source may have read it";
  EXPECT_FALSE(is_early({device, source, device}, 2));
  EXPECT_FALSE(is_early({{.path = kRandomDevice, .program = 0}, source}));
  EXPECT_FALSE(is_early({device, source}, 1, {"-c", "-frandom-seed=1"}));
  EXPECT_FALSE(is_early({device}));
}

}  // namespace
}  // namespace zc::engine::c
