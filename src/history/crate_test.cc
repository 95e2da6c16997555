#include "history/crate.h"

#include <gtest/gtest.h>

namespace zc::history {
namespace {

std::string type_of(std::vector<std::string> args, std::string source = "src/lib.rs") {
  return crate_of({.args = std::move(args), .source = std::move(source)}).type;
}

TEST(Crate, IsNamedByItsOption) {
  EXPECT_EQ(crate_of({.args = {"--crate-name", "foo", "a.rs"}}).name, "foo");
  EXPECT_EQ(crate_of({.args = {"--crate-name=foo", "a.rs"}}).name, "foo");
  EXPECT_EQ(crate_of({.args = {"-c", "a.c"}}).name, "");
  EXPECT_EQ(crate_of({.args = {"--crate-name"}}).name, "");
}

TEST(Crate, HasTheTypeThatCargoMeans) {
  EXPECT_EQ(type_of({"--crate-name", "a", "--crate-type", "lib"}), "lib");
  EXPECT_EQ(type_of({"--crate-name", "a", "--crate-type=rlib"}), "lib");
  EXPECT_EQ(type_of({"--crate-name", "a", "--crate-type", "proc-macro"}), "proc-macro");
  EXPECT_EQ(type_of({"--crate-name", "a"}), "bin");
  EXPECT_EQ(type_of({"--crate-name", "build_script_build", "--crate-type", "bin"}), "build-script");
  EXPECT_EQ(type_of({"--crate-name", "a", "--test"}), "test");
  EXPECT_EQ(type_of({"--crate-name", "a", "--test"}, "benches/a.rs"), "bench");
  EXPECT_EQ(type_of({"--crate-name", "a", "--crate-type", "bin"}, "examples/a.rs"), "example");
}

TEST(Crate, TheKindOfOutputIsItsExtension) {
  EXPECT_EQ(output_extension_of({.outputs = {"w/libfoo.rlib", "w/foo.d"}}), "rlib");
  EXPECT_EQ(output_extension_of({.outputs = {"a.o"}}), "o");
  EXPECT_EQ(output_extension_of({.args = {"--crate-name", "a"}, .outputs = {"w/a"}}), "exe");
  EXPECT_EQ(output_extension_of({}), "");
}

}  // namespace
}  // namespace zc::history
