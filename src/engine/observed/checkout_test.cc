#include "engine/observed/checkout.h"

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

TEST(SpellsDirectory, WhereverItIs) {
  for (const char* text : {"/w/me/one", "x/w/me/one", "#include \"/w/me/one/a.h\"", "-I/w/me/one",
                           "/w/me/one2", "/w/me/one\n", "/one /w/me/one", "/w/me/one/w/me/one"}) {
    EXPECT_TRUE(spells_directory(text, "/w/me/one")) << text;
  }
}

TEST(SpellsDirectory, WithStepsThatLeadNowhere) {
  for (const char* text : {"/w//me/one", "/w/./me/one", "/w/me//././/one", "//w/me/one",
                           "/./w/me/one", "/w/me/./one/a.h"}) {
    EXPECT_TRUE(spells_directory(text, "/w/me/one")) << text;
  }
}

TEST(SpellsDirectory, NotWhereAStepIsMissingOrAnother) {
  for (const char* text :
       {"", "/", "one", "/one", "me/one", "/me/one", "w/me/one", "/w/one", "/w/me/on", "/w/me/two",
        "/w/me/../one", "/w/some/one", "/w/me.one", "/w./me/one", "/w/me /one"}) {
    EXPECT_FALSE(spells_directory(text, "/w/me/one")) << text;
  }
}

TEST(SpellsDirectory, OfOneStep) {
  EXPECT_TRUE(spells_directory("-I/w", "/w"));
  EXPECT_TRUE(spells_directory("-I//w", "/w"));
  EXPECT_FALSE(spells_directory("w", "/w"));
}

}  // namespace
}  // namespace zc::engine
