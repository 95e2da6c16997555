// What makes the key of a command, and which commands the cache leaves alone.
#include "engine/command/frontend.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compiler/reason.h"
#include "engine/command/command_fixture.h"

namespace zc::engine::command {
namespace {

using Apply = std::function<void(TypedCommand&)>;

struct Change {
  const char* what;
  Apply apply;
};

class CommandKeyTest : public CommandTest {
 protected:
  CommandKeyTest() {
    for (const char* path : {"/w/in", "/w/a", "/v/in"}) {
      fs_.write(path, "text");
    }
    fs_.write("/w/list", "a\n");
    fs_.write("/w/s.c", "#include \"h.h\"\n");
    fs_.write("/w/h.h", "int a;");
    fs_.tick();
  }
  // Two keys, before and after something has changed in the world.
  void expect_other_key(const TypedCommand& command, const std::function<void()>& change) {
    const codec::Digest before = key(command);
    change();
    fs_.tick();
    EXPECT_NE(key(command), before);
  }
};

TEST_F(CommandKeyTest, EachPartOfACommandCounts) {
  const std::vector<Change> changes = {
      {"the program", [](TypedCommand& c) { c.tool = "/opt/gen"; }},
      {"its name", [](TypedCommand& c) { c.args[0] = "./gen"; }},
      {"a word", [](TypedCommand& c) { c.args[1] = "a"; }},
      {"a word more", [](TypedCommand& c) { c.args.emplace_back("a"); }},
      {"one word or two", [](TypedCommand& c) { c.args = {"gen", "in-x"}; }},
      {"the order of words", [](TypedCommand& c) { c.args = {"gen", "-x", "in"}; }},
      {"the directory", [](TypedCommand& c) { c.cwd = "/v"; }},
      {"the umask", [](TypedCommand& c) { c.umask = 077; }},
      {"what it inherits", [](TypedCommand& c) { c.inherited = "other limits"; }},
      {"a terminal", [](TypedCommand& c) { c.has_terminal = true; }},
      {"a variable of the C library", [](TypedCommand& c) { c.env[1] = "LC_ALL=C"; }},
      {"standard input", [](TypedCommand& c) { c.read_from("/w/a"); }},
      {"a hash", [](TypedCommand& c) { c.options = {"--tool-hash", std::string(64, 'a')}; }},
      {"a text", [](TypedCommand& c) { c.options = {"--input-extra", "1"}; }},
      {"an input", [](TypedCommand& c) { c.options = {"--input-file", "a"}; }},
      {"an input of a list", [](TypedCommand& c) { c.input_list = "h.h\n"; }},
      {"an unset variable", [](TypedCommand& c) { c.options = {"--input-env", "V"}; }},
      {"an output", [](TypedCommand& c) { c.options = {"--output-file", "out"}; }},
      {"a depfile", [](TypedCommand& c) { c.options = {"--depfile", "out"}; }},
      {"no directory", [](TypedCommand& c) { c.options = {"--no-cwd-in-key"}; }},
  };
  std::vector<codec::Digest> keys = {key({.args = {"gen", "in", "-x"}})};
  for (const Change& change : changes) {
    TypedCommand command = {.args = {"gen", "in", "-x"}};
    change.apply(command);
    const codec::Digest other = key(command);
    EXPECT_EQ(std::ranges::find(keys, other), keys.end()) << change.what;
    keys.push_back(other);
  }
}

TEST_F(CommandKeyTest, WhatIsDeclaredCountsByItsContent) {
  expect_other_key({.options = {"--input-file", "a"}}, [&] { fs_.write("/w/a", "other"); });
  expect_other_key({.options = {"--input-file-list=list"}}, [&] { fs_.write("/w/a", "more"); });
  expect_other_key({.options = {"--input-file-list=list"}}, [&] { fs_.write("/w/list", "in"); });
  expect_other_key({.options = {"--include-scan=s.c"}}, [&] { fs_.write("/w/h.h", "int b;"); });
  TypedCommand reads;
  reads.read_from("/w/a");
  expect_other_key(reads, [&] { fs_.write("/w/a", "last"); });
  const TypedCommand one = {.options = {"--input-env", "V"}, .env = {"HOME=/home/me", "V=1"}};
  const TypedCommand two = {.options = {"--input-env", "V"}, .env = {"HOME=/home/me", "V=2"}};
  EXPECT_NE(key(one), key(two));
}

TEST_F(CommandKeyTest, WhatIsDeclaredCountsByItsName) {
  EXPECT_NE(key({.options = {"--input-file", "a"}}), key({.options = {"--input-file", "in"}}));
  EXPECT_NE(key({.options = {"--input-env", "V"}}), key({.options = {"--input-env", "W"}}));
}

TEST_F(CommandKeyTest, TheProcessorCounts) {
  const codec::Digest here = key({});
  world_.host_cpu = "another cpu";
  EXPECT_NE(key({}), here);
}

TEST_F(CommandKeyTest, WhatARunShowsIsInNoKey) {
  const codec::Digest before = key({});
  EXPECT_EQ(key({.env = {"HOME=/home/me", "LANG=C", "OTHER=1"}}), before);
  fs_.write("/w/in", "other");
  EXPECT_EQ(key({}), before);
}

TEST_F(CommandKeyTest, AFilterLeavesOutTheWordsInWhichItIsFound) {
  const std::vector<std::string> filter = {"--key-args-filter", "^-j"};
  const codec::Digest filtered = key({.args = {"gen", "-j1", "in"}, .options = filter});
  EXPECT_EQ(key({.args = {"gen", "in", "-j2"}, .options = filter}), filtered);
  EXPECT_NE(key({.args = {"gen", "a", "-j2"}, .options = filter}), filtered);
  EXPECT_NE(key({.args = {"gen", "x-j", "in"}, .options = filter}), filtered);
  EXPECT_NE(key({.args = {"-j", "in"}, .options = filter}), filtered) << "never the name";
}

TEST_F(CommandKeyTest, WithoutTheDirectoryItIsTheSameElsewhere) {
  const std::vector<std::string> shared = {"--no-cwd-in-key"};
  EXPECT_EQ(key({.options = shared}), key({.options = shared, .cwd = "/v"}));
}

TEST_F(CommandTest, SomeCommandsAreLeftAlone) {
  fs_.write("/w/in", "text");
  TypedCommand command;
  EXPECT_EQ(refused(command), "");
  command.has_open_descriptors = true;
  EXPECT_EQ(refused(command), "open_descriptors");
  EXPECT_EQ(claim(command)->error().detail, "descriptor 3 (/in)");
  EXPECT_EQ(refused({.options = {"--no-cache"}}), "not_deterministic");
  EXPECT_EQ(refused({.options = {"--non-deterministic"}}), "not_deterministic");
  EXPECT_EQ(refused({.options = {"--no-such"}}), "bad_command_options");
  EXPECT_EQ(refused({.options = {"--key-args-filter=("}}), "bad_command_options");
  EXPECT_EQ(refused({.options = {"--input-file", "none"}}), "no_input_file");
  EXPECT_EQ(refused({.options = {"--input-file-list", "none"}}), "no_input_file");
}

TEST_F(CommandTest, StandardInputMustBeAFileThatIsStillTheSame) {
  fs_.write("/w/in", "text");
  TypedCommand command;
  command.has_empty_stdin = false;
  EXPECT_EQ(refused(command), "standard_input") << "a pipe";
  command.read_from("/w/in");
  EXPECT_EQ(refused(command), "");
  fs_.write("/w/new", "text");
  command.stdin_is = "/w/new";
  EXPECT_EQ(refused(command), "standard_input") << "another file has its name";
}

// --- tools

class DeclaredToolTest : public CommandTest {
 protected:
  DeclaredToolTest() {
    fs_.write("/w/in", "text");
    declare("names = [\"gen\"]\n");
  }
  void declare(const std::string& text) {
    fs_.write("/home/me/.config/zccache/tools/gen.toml", text);
    fs_.tick();
  }
  static TypedCommand tool() { return {.is_declared = false}; }
};

TEST_F(DeclaredToolTest, ItsFileIsInTheKey) {
  const codec::Digest before = key(tool());
  declare("names = [\"gen\"]\nreads_file_times = false\n");
  EXPECT_NE(key(tool()), before);
}

TEST_F(DeclaredToolTest, ItsArgumentsAndItsDirectoryCountAsDeclared) {
  declare("names = [\"gen\"]\nignored_arguments = [\"^-j\"]\nshares_directories = true\n");
  TypedCommand one = tool();
  one.args = {"gen", "-j2", "in"};
  TypedCommand two = tool();
  two.cwd = "/v";
  EXPECT_EQ(key(one), key(two));
}

TEST_F(DeclaredToolTest, AFileThatIsWrongLeavesTheCommandAlone) {
  declare("names = [\"gen\"]\nignored_arguments = [\"(\"]\n");
  EXPECT_EQ(refused(tool()), "bad_tool_file");
}

TEST_F(DeclaredToolTest, ItMayInheritDescriptorsAndAPipeThatItDoesNotRead) {
  declare("names = [\"gen\"]\nreads_standard_input = false\n");
  TypedCommand command = tool();
  command.has_open_descriptors = true;
  command.has_empty_stdin = false;
  EXPECT_EQ(refused(command), "");
  for (const char* word : {"-", "--list=-", "@words"}) {
    command.args = {"gen", word};
    EXPECT_EQ(refused(command), "standard_input") << word;
  }
  for (const char* word : {"--", "-x", "a-", "a@b"}) {
    command.args = {"gen", word};
    EXPECT_EQ(refused(command), "") << word;
  }
}

TEST_F(DeclaredToolTest, UnlessItsFileSaysOtherwiseItReadsStandardInput) {
  TypedCommand command = tool();
  command.has_empty_stdin = false;
  EXPECT_EQ(refused(command), "standard_input");
}

TEST_F(DeclaredToolTest, OthersAreForOtherFrontends) {
  TypedCommand command = tool();
  command.tool = "/bin/other";
  EXPECT_FALSE(claim(command));
  declare("names = [\"gcc\"]\n");
  command.tool = "/bin/gcc";
  EXPECT_FALSE(claim(command)) << "a compiler needs no file";
}

}  // namespace
}  // namespace zc::engine::command
