// What a run of a command shows, and what a hit may do.
#include "engine/command/compile.h"

#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "engine/command/command_fixture.h"
#include "support/made_up_object.h"
#include "support/observation_text.h"

namespace zc::engine::command {
namespace {

using store::InputKind;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kOut = "/w/out";
// Of event I: how a file came to be.
constexpr int kNewOnly = ENOENT;

using Words = std::vector<std::string>;

class CommandRunTest : public CommandTest {
 protected:
  CommandRunTest() {
    fs_.write("/bin/gen", test::harmless_object());
    fs_.write("/w/in", "text");
    fs_.tick();
  }

  Compile& begin(const TypedCommand& command = {}) {
    compile_ = compile(command);
    fs_.tick();
    seen_ = {};
    seen_.at(fs_.now_ns()).add('H', "/bin/gen");
    return dynamic_cast<Compile&>(*compile_);
  }
  // Its output, in place of nothing.
  void write_output() {
    fs_.write(kOut, "new");
    seen_.add('W', kOut).add('I', kOut, kNewOnly);
  }

  // Why there is no result, or "".
  std::string found() {
    compile_->observation = seen_.text();
    const auto outputs = compile_->find_outputs({});
    return outputs ? "" : told(outputs.error());
  }
  std::string learned() {
    std::string reason = found();
    if (!reason.empty()) {
      return reason;
    }
    auto list = compile_->learn({});
    if (!list) {
      return told(list.error());
    }
    inputs_ = *std::move(list);
    return "";
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const ReadFile& file : inputs_.files) {
      out.push_back(file.path);
    }
    return out;
  }
  bool has_fact(InputKind kind, const std::string& name) const {
    return std::ranges::any_of(inputs_.facts, [&](const store::Input& fact) {
      return fact.kind == kind && fact.name == name;
    });
  }
  static std::string told(const compiler::Bypass& bypass) {
    return str_cat(compiler::text_of(bypass.reason).id, ' ', bypass.detail);
  }

  test::ObservationText seen_;
  std::unique_ptr<CacheableCompile> compile_;
  InputList inputs_;
};

TEST_F(CommandRunTest, WhatItReadIsAnInput) {
  begin();
  seen_.add('R', "/w/in");
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(files(), Contains("/w/in"));
  EXPECT_THAT(files(), Not(Contains(kOut)));
  EXPECT_THAT(inputs_.doubts, IsEmpty());
}

TEST_F(CommandRunTest, AnAnswerThatDiffersInEachRunIsADoubt) {
  begin();
  seen_.add('C', "time");
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs_.doubts, Not(IsEmpty()));
  EXPECT_TRUE(compile_->client_waits);
}

TEST_F(CommandRunTest, ARunThatWasNotSeenWhollyHasNoResult) {
  begin();
  seen_.add('!', "clone");
  EXPECT_EQ(found().substr(0, 12), "not_observed");
  begin();
  seen_.add('N', "inet");
  EXPECT_EQ(found().substr(0, 11), "network_use");
}

TEST_F(CommandRunTest, AnswersOfOneRunMayNeedASecond) {
  for (const auto& [kind, about] :
       {std::pair('C', "time"), {'G', "getpid"}, {'R', "/proc/uptime"}}) {
    begin();
    seen_.add(kind, about);
    EXPECT_EQ(found(), "");
    EXPECT_TRUE(compile_->client_waits) << about;
  }
  begin();
  EXPECT_EQ(found(), "");
  EXPECT_FALSE(compile_->client_waits);
}

TEST_F(CommandRunTest, AnOutputHasARelativeNameWhereTheDirectoryIsShared) {
  for (const bool is_shared : {false, true}) {
    begin({.options = is_shared ? Words{"--no-cwd-in-key"} : Words{}});
    fs_.write(kOut, "new");
    seen_.add('W', "/w/./out").add('I', "/w/./out", kNewOnly);
    compile_->observation = seen_.text();
    const auto outputs = compile_->find_outputs({});
    ASSERT_TRUE(outputs && outputs->size() == 1);
    EXPECT_EQ(outputs->front().name, is_shared ? "out" : kOut);
  }
}

TEST_F(CommandRunTest, AMessageThatNamesATemporaryFileIsNeverTheSame) {
  begin();
  seen_.add('W', "/tmp/tmpabc").add('I', "/tmp/tmpabc", kNewOnly).add('U', "/tmp/tmpabc");
  write_output();
  EXPECT_EQ(learned(), "");
  const auto list = compile_->learn({.err = "no /tmp/tmpabc"});
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().reason, compiler::Reason::kUnrepeatableInput);
}

// Before it can run a second time, what is new is taken away, the last first.
TEST_F(CommandRunTest, WhatIsNewIsKnown) {
  begin();
  fs_.make_directory("/w/d");
  fs_.write("/w/d/new", "");
  fs_.write("/w/in", "more");
  seen_.add('M', "/w/d").add('W', "/w/d/new").add('I', "/w/d/new", kNewOnly);
  seen_.add('U', "/w/in").add('W', "/w/in").add('W', "/dev/null");
  EXPECT_EQ(found(), "");
  EXPECT_EQ(compile_->new_paths(), (std::vector<std::string>{"/w/d/new", "/w/d"}));
}

// The path holds the output by then.
TEST_F(CommandRunTest, WhatWasWhereItWritesIsKnownFromTheRun) {
  const Compile& command = begin();
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(has_fact(InputKind::kOldOutput, kOut));
  EXPECT_EQ(command.fact_now({.kind = InputKind::kOldOutput, .root = {}, .name = kOut}),
            std::nullopt);
  EXPECT_NE(command.fact_now({.kind = InputKind::kOldOutput, .root = {}, .name = "/w/in"}),
            std::nullopt)
      << "of another path, what is there now";
}

TEST_F(CommandRunTest, ADeclaredOutputMustBeAPlainFile) {
  begin({.options = {"--output-file", "none"}});
  EXPECT_EQ(learned(), "compiler_produced_no_output none");
  begin({.options = {"--output-file", "directory"}});
  fs_.make_directory("/w/directory");
  EXPECT_EQ(learned(), "compiler_produced_no_output directory");
}

TEST_F(CommandRunTest, ADeclaredOutputThatTheRunLeftAloneIsAnInput) {
  begin({.options = {"--output-file", "in"}});
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(files(), Contains("/w/in"));
}

TEST_F(CommandRunTest, TheFilesOfADepfileAreInputs) {
  begin({.options = {"--depfile", "d"}});
  EXPECT_EQ(learned(), "depfile_not_understood d");
  fs_.write("/w/d", "out: in other\n");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(files(), Contains("/w/other"));
}

TEST_F(CommandRunTest, FailuresAreKeptUpToTheCodesOfShells) {
  const Compile& plain = begin();
  EXPECT_TRUE(plain.keeps_exit_code(0));
  EXPECT_FALSE(plain.keeps_exit_code(1));
  const Compile& command = begin({.takes_failures = true});
  EXPECT_TRUE(command.keeps_exit_code(125));
  EXPECT_FALSE(command.keeps_exit_code(126));
}

// --- hits

class CommandHitTest : public CommandRunTest {
 protected:
  bool fits(store::FileKind kind, bool is_rewritten) {
    return begin()
        .product_of({.name = kOut, .kind = kind, .is_rewritten = is_rewritten})
        .has_value();
  }
};

TEST_F(CommandHitTest, AFileTakesThePlaceOfAnythingButADirectory) {
  EXPECT_TRUE(fits(store::FileKind::kPlain, false));
  fs_.link(kOut, "in");
  EXPECT_TRUE(fits(store::FileKind::kPlain, false));
  fs_.remove(kOut);
  fs_.make_directory(kOut);
  EXPECT_FALSE(fits(store::FileKind::kPlain, false));
}

TEST_F(CommandHitTest, AFileThatIsRewrittenIsAPlainOneWithOneName) {
  EXPECT_TRUE(fits(store::FileKind::kPlain, true));
  fs_.write(kOut, "old");
  EXPECT_TRUE(fits(store::FileKind::kPlain, true));
  fs_.hard_link("/w/second", kOut);
  EXPECT_FALSE(fits(store::FileKind::kPlain, true));
  fs_.remove(kOut);
  fs_.link(kOut, "in");
  EXPECT_FALSE(fits(store::FileKind::kPlain, true));
}

// --- tools

class ToolRunTest : public CommandRunTest {
 protected:
  ToolRunTest() { declare("reads_file_times = false\n"); }
  void declare(const std::string& text) {
    fs_.write("/home/me/.config/zccache/tools/gen.toml", "names = [\"gen\"]\n" + text);
    fs_.tick();
  }
  Compile& begin_tool() { return begin({.is_declared = false}); }

  // A look at a file's metadata by the first program.
  static MetadataQuery look() {
    return {.at = MetadataQuery::At::kMetadata, .query = {.about = "/w/in"}};
  }
  static Trace trace_of(std::string_view program) {
    Trace trace;
    trace.programs = {{.path = program, .first_read = {}, .objects = {}}};
    return trace;
  }
  bool is_idle(const Trace& trace, const MetadataQuery& query) {
    const auto rules = begin_tool().rules_for(trace);
    return rules && (*rules)->is_idle_look(query);
  }
};

TEST_F(ToolRunTest, ItMustNotOpenWhatItInherits) {
  for (const char* path : {"/dev/stdin", "/dev/fd/3", "/proc/self/fd/0", "/proc/7/fd/0"}) {
    begin_tool();
    seen_.add('R', path);
    EXPECT_EQ(found(), str_cat("open_descriptors ", path));
  }
  begin();
  seen_.add('R', "/proc/self/fd/0");
  EXPECT_EQ(found(), "") << "all that `zccache exec` passes on is in the key";
}

TEST_F(ToolRunTest, LooksOfTheToolItselfAreIdle) {
  const Trace trace = trace_of("/usr/lib/gen-2/bin/gen-2.1");
  EXPECT_TRUE(is_idle(trace, look()));
  MetadataQuery query = look();
  query.at = MetadataQuery::At::kRealPath;
  EXPECT_FALSE(is_idle(trace, query)) << "where a path leads";
  query = look();
  query.query.is_forked = true;
  EXPECT_FALSE(is_idle(trace, query)) << "by a process that is not known";
  query = look();
  query.query.by_late_code = true;
  EXPECT_FALSE(is_idle(trace, query)) << "by code that was loaded later";
  EXPECT_FALSE(is_idle(trace_of("/bin/sh"), look())) << "by another program";
  EXPECT_FALSE(is_idle({}, look()));
}

TEST_F(ToolRunTest, WithAPrecompiledHeaderTimesCount) {
  Trace trace = trace_of("/bin/gen");
  PathAccess& header = trace.accesses.emplace_back();
  header.path = "/w/h.pch";
  EXPECT_TRUE(is_idle(trace, look())) << "it was only looked at";
  header.opened = true;
  EXPECT_FALSE(is_idle(trace, look()));
}

TEST_F(ToolRunTest, UnlessItIsDeclaredTimesCount) {
  declare("");
  EXPECT_FALSE(is_idle(trace_of("/bin/gen"), look()));
}

TEST_F(ToolRunTest, ASourceThatComparesTimesIsNotKept) {
  fs_.write("/w/in", "#pragma GCC dependency \"x\"\n");
  fs_.tick();
  begin_tool();
  seen_.add('R', "/w/in");
  EXPECT_EQ(learned(), "unrepeatable_input /w/in");
  declare("");
  begin_tool();
  seen_.add('R', "/w/in");
  EXPECT_EQ(learned(), "") << "each look at a time counts";
}

TEST_F(ToolRunTest, TheFilesBehindItsOptionsMustBeThere) {
  declare("output_options = [\"-o\", \"--out\"]\n");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"gen", "-o", "x"}, {"gen", "--out=x"}}) {
    begin({.args = words, .is_declared = false});
    EXPECT_EQ(learned(), "compiler_produced_no_output x");
  }
}

}  // namespace
}  // namespace zc::engine::command
