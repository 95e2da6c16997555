#include "engine/rust/command.h"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine::rust {
namespace {

using compiler::Tool;
using testing::ElementsAre;
using testing::IsEmpty;

// `args` are the words after the program's name. /real/rustc is first on PATH.
std::optional<Command> read(ByteView tool, std::vector<ByteView> args = {}, ByteView cwd = "/w") {
  wire::CompileRequest request;
  request.tool = tool;
  request.cwd = cwd;
  request.args = std::move(args);
  request.args.insert(request.args.begin(), "argv0");
  request.env = {"PATH=/nowhere:/real"};
  test::MemFileSystem fs;
  fs.write("/real/rustc", "rustc");
  fs.set_mode("/real/rustc", S_IFREG | 0755);
  return read_command(request, fs);
}

TEST(Command, Rustc) {
  const auto command = read("/bin/rustc", {"--crate-name", "a", "a.rs"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->program, "/bin/rustc");
  EXPECT_EQ(command->compiler, "/bin/rustc");
  EXPECT_EQ(command->tool, Tool::kRustc);
  EXPECT_EQ(command->chosen, "");
  EXPECT_THAT(command->words, ElementsAre("--crate-name", "a", "a.rs"));
  EXPECT_EQ(command->words_at, 0U);
}

TEST(Command, RustcWithoutWords) {
  const auto command = read("/bin/rustc");
  ASSERT_TRUE(command);
  EXPECT_THAT(command->words, IsEmpty());
}

TEST(Command, ATool) {
  EXPECT_EQ(read("/bin/rustc-1.70")->tool, Tool::kRustc);
  EXPECT_EQ(read("/bin/clippy-driver")->tool, Tool::kClippy);
  EXPECT_EQ(read("/bin/rustfmt")->tool, Tool::kRustfmt);
}

TEST(Command, AToolchainThatIsChosenThroughRustup) {
  const auto command = read("/cargo/bin/rustc", {"+nightly", "-vV"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->chosen, "+nightly");
  EXPECT_THAT(command->words, ElementsAre("-vV"));
  EXPECT_EQ(command->words_at, 1U) << "rustup wants its word to be the first";
}

TEST(Command, OnlyTheFirstWordChooses) {
  EXPECT_EQ(read("/bin/rustc", {"a.rs", "+nightly"})->chosen, "");
  EXPECT_THAT(read("/bin/rustc", {"+one", "+two"})->words, ElementsAre("+two"));
  const auto plus = read("/bin/rustc", {"+", "a.rs"});
  EXPECT_EQ(plus->chosen, "");
  EXPECT_THAT(plus->words, ElementsAre("+", "a.rs"));
}

TEST(Command, ClippyAsCargoRunsIt) {
  const auto command = read("/tools/clippy-driver", {"/real/rustc", "a.rs"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->program, "/tools/clippy-driver");
  EXPECT_EQ(command->compiler, "/real/rustc");
  EXPECT_EQ(command->tool, Tool::kClippy);
  EXPECT_THAT(command->words, ElementsAre("a.rs"));
  EXPECT_EQ(command->words_at, 1U);
}

TEST(Command, ClippyByItselfBelongsToTheRustcBesideIt) {
  const auto command = read("/tools/clippy-driver", {"a.rs"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->compiler, "/tools/rustc");
  EXPECT_THAT(command->words, ElementsAre("a.rs"));
  EXPECT_EQ(command->words_at, 0U);
}

TEST(Command, ClippyOfAToolchain) {
  const auto command = read("/tools/clippy-driver", {"/real/rustc", "+nightly", "a.rs"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->chosen, "+nightly");
  EXPECT_EQ(command->words_at, 2U);
}

TEST(Command, AWrapper) {
  const auto command = read("/w/wrapper", {"/real/rustc", "--test", "a.rs"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->program, "/w/wrapper");
  EXPECT_EQ(command->compiler, "/real/rustc");
  EXPECT_EQ(command->tool, std::nullopt);
  EXPECT_THAT(command->words, ElementsAre("--test", "a.rs"));
  EXPECT_EQ(command->words_at, 1U);
}

TEST(Command, AWrappedRustcIsFoundFromTheCwd) {
  EXPECT_EQ(read("/w/wrapper", {"./rustc", "a.rs"})->compiler, "/w/./rustc");
  EXPECT_EQ(read("/tools/clippy-driver", {"bin/rustc"}, "/")->compiler, "/bin/rustc");
}

TEST(Command, AWrappedRustcIsFoundOnPath) {
  const auto command = read("/w/wrapper", {"rustc", "a.rs"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->compiler, "/real/rustc");
  EXPECT_THAT(command->words, ElementsAre("a.rs"));
  const auto clippy = read("/tools/clippy-driver", {"rustc", "a.rs"});
  ASSERT_TRUE(clippy);
  EXPECT_EQ(clippy->compiler, "/real/rustc");
}

TEST(Command, AWrappedRustcThatIsNotOnPathHasNoCompiler) {
  EXPECT_EQ(read("/w/wrapper", {"rustc-1.70", "a.rs"})->compiler, "");
}

TEST(Command, Rustfmt) {
  const auto command = read("/tools/rustfmt", {"--check", "/real/rustc"});
  ASSERT_TRUE(command);
  EXPECT_EQ(command->compiler, "/tools/rustc");
  EXPECT_THAT(command->words, ElementsAre("--check", "/real/rustc"));
  EXPECT_THAT(read("/tools/rustfmt", {"/real/rustc"})->words, ElementsAre("/real/rustc"))
      << "a file of this name";
}

TEST(Command, OtherCommands) {
  EXPECT_FALSE(read("/bin/gcc", {"-c", "a.c"}));
  EXPECT_FALSE(read("/bin/gcc", {"/real/rustc", "a.rs"}));
  EXPECT_FALSE(read("/bin/wrapper"));
  EXPECT_FALSE(read("/bin/wrapper", {"/bin/gcc", "-c", "a.c"}));
  EXPECT_FALSE(read("/bin/wrapper", {"/tools/clippy-driver", "a.rs"}));
  EXPECT_FALSE(read("/bin/wrapper", {"+nightly", "/real/rustc"}));
  EXPECT_FALSE(read("/bin/cargo", {"build"}));
}

}  // namespace
}  // namespace zc::engine::rust
