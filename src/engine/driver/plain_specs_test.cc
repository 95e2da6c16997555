#include "engine/driver/plain_specs.h"

#include <gtest/gtest.h>

namespace zc::engine::driver {
namespace {

TEST(PlainSpecs, AddWords) {
  for (const char* text :
       {"*cc1_options:\n+ %{!r:%{!fpie:%{!fPIE:%{!fpic:%{!fPIC:%{!fno-pic:-fPIE}}}}}}\n",
        "*self_spec:\n+ %{!static:%{!shared:%{!r:-pie}}}\n\n*link:\n+ -z now\n\n",
        "*link:\n+ --error-rwx-segments"}) {
    EXPECT_TRUE(are_plain_specs(text)) << text;
  }
}

TEST(PlainSpecs, MayStartNothingElse) {
  for (const char* text :
       {"", "*link:\n", "*link:\n\n+ -z now\n", "*link:\n-z now\n",
        "*link:\n+ -z now\nsh ./script\n", "*link:\n+ -z now\n *cc1:\n+ -fPIE\n",
        "*link:\n+ -z now |\n", "*link:\n+ %(more)\n", "*link:\n+ %:include(more)\n",
        "*link:\n+ -z now\\\n", "*self_spec:\n+ -wrapper sh,./script\n",
        "*self_spec:\n+ -specs=more\n", "*self_spec:\n+ @more\n", "*link_command:\n+ -z now\n",
        ".c:\n+ sh ./script\n", "%include <more>\n", "%rename link old\n\n*link:\n+ -z now\n"}) {
    EXPECT_FALSE(are_plain_specs(text)) << text;
  }
}

}  // namespace
}  // namespace zc::engine::driver
