// What a run of a linker or archiver shows, and what a hit may do.
#include "engine/driver/compile.h"

#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "engine/driver/driver_fixture.h"
#include "support/made_up_precompiled.h"
#include "support/observation_text.h"
#include "support/temporary_directory.h"

namespace zc::engine::driver {
namespace {

using testing::Contains;
using testing::Not;

constexpr const char* kOut = "/w/a.out";
// Of event I: how a file came to be.
constexpr int kNewOnly = ENOENT;
constexpr std::uint64_t kSlowNs = 10'000'000'000;
constexpr std::string_view kMissingSymbol =
    "ld: a.o: in function `f':\na.c:(.text+0x1): undefined reference to `g'\n";

class LinkRunTest : public DriverTest {
 protected:
  void begin(const Words& words = {"ld", "a.o"}) { begin(typed(words)); }
  void begin(const command::TypedCommand& command) {
    compile_ = compile(command);
    fs_.tick();
    seen_ = {};
    seen_.at(fs_.now_ns()).add('H', command.tool);
    seen_.add('R', "/w/a.o");
  }
  // The output, in place of nothing.
  void write_output(const std::string& bytes = "new") {
    fs_.write(kOut, bytes);
    seen_.add('W', kOut).add('I', kOut, kNewOnly);
  }
  void make_and_remove(const char* path) {
    seen_.add('W', path).add('I', path, kNewOnly).add('U', path);
  }

  // Why there is no result, or "".
  std::string learned(const RunOutputs& outputs = {.duration_ns = kSlowNs}) {
    compile_->observation = seen_.text();
    auto list = compile_->learn(outputs);
    if (!list) {
      return std::string(compiler::text_of(list.error().reason).id);
    }
    inputs_ = *std::move(list);
    return "";
  }
  std::string failed(std::string_view err, std::string_view out = "") {
    return learned({.out = out, .err = err, .duration_ns = kSlowNs, .exit_code = 1});
  }
  bool has_fact(store::InputKind kind, const std::string& name) const {
    return std::ranges::any_of(inputs_.facts, [&](const store::Input& fact) {
      return fact.kind == kind && fact.name == name;
    });
  }
  bool has_absence(const std::string& path) const {
    return std::ranges::any_of(inputs_.absences,
                               [&](const RootedPath& absent) { return absent.path == path; });
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const ReadFile& file : inputs_.files) {
      out.push_back(file.path);
    }
    return out;
  }

  test::ObservationText seen_;
  std::unique_ptr<CacheableCompile> compile_;
  InputList inputs_;
};

TEST_F(LinkRunTest, WhatItReadIsAnInputAndWhatItWroteAnOutput) {
  begin();
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(files(), Contains("/w/a.o"));
  EXPECT_THAT(files(), Not(Contains(kOut)));
  ASSERT_EQ(inputs_.further_outputs.size(), 1U);
  EXPECT_EQ(inputs_.further_outputs[0].path, kOut);
}

TEST_F(LinkRunTest, FilesOfOneContentMayBeOneForACompilerAndDirectoriesTheSame) {
  begin();
  seen_.add('R', "/w/b.o").add('S', "/v");
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(has_fact(store::InputKind::kSameFiles, std::string("/w/a.o\0/w/b.o", 13)));
  EXPECT_TRUE(std::ranges::any_of(inputs_.facts, [](const store::Input& fact) {
    return fact.kind == store::InputKind::kSameFiles && fact.name.contains("/v");
  }));
}

TEST_F(LinkRunTest, TheMainOutputComesFirst) {
  begin();
  fs_.write("/w/a.map", "");
  seen_.add('W', "/w/a.map").add('I', "/w/a.map", kNewOnly);
  write_output();
  EXPECT_EQ(learned(), "");
  ASSERT_EQ(inputs_.further_outputs.size(), 2U);
  EXPECT_EQ(inputs_.further_outputs[0].path, kOut);
}

TEST_F(LinkRunTest, ARunThatWritesNothingHasNoResult) {
  begin();
  EXPECT_EQ(learned(), "compiler_produced_no_output");
}

TEST_F(LinkRunTest, ARunThatWasNotSeenWhollyHasNone) {
  begin();
  write_output();
  seen_.add('!', "clone");
  EXPECT_EQ(learned(), "not_observed");
}

TEST_F(LinkRunTest, OnlyKnownPluginsMayBeLoaded) {
  begin();
  write_output();
  seen_.add('D', "/lib/liblto_plugin.so");
  fs_.write("/v/libx.so", "");
  seen_.add('R', "/v/libx.so");
  EXPECT_EQ(learned(), "") << "one that is only read is linked";
  begin();
  write_output();
  seen_.add('D', "/w/plugin.so");
  EXPECT_EQ(learned(), "not_observed");
}

TEST_F(LinkRunTest, OnlyKnownProgramsMayBeStarted) {
  begin();
  write_output();
  seen_.add('P', "/bin/strip").by(2).add('H', "/bin/strip");
  EXPECT_EQ(learned(), "");
  begin();
  write_output();
  seen_.add('P', "/bin/gen").by(2).add('H', "/bin/gen");
  EXPECT_EQ(learned(), "unsupported_compiler");
}

TEST_F(LinkRunTest, ALinkerThatAsksForTheTimeWritesIt) {
  begin();
  write_output();
  seen_.add('C', "time");
  EXPECT_EQ(learned(), "unrepeatable_input");
}

TEST_F(LinkRunTest, WhatNamesATemporaryFileIsNeverTheSame) {
  begin();
  make_and_remove("/tmp/ccAbC123.o");
  write_output("of /tmp/ccAbC123.o");
  EXPECT_EQ(learned(), "unrepeatable_input");
  write_output("of nothing");
  EXPECT_EQ(learned(), "");
  EXPECT_EQ(learned({.out = "/tmp/ccAbC123.o", .duration_ns = kSlowNs}), "unrepeatable_input");
}

TEST_F(LinkRunTest, AnArchiveThatTellsOfItsMembersIsNot) {
  begin();
  write_output("!<arch>\na.o/            1700000000  0     0     644     0         `\n");
  EXPECT_EQ(learned(), "unrepeatable_input");
  write_output("!<arch>\na.o/            0           0     0     644     0         `\n");
  EXPECT_EQ(learned(), "");
}

class PrecompiledTest : public LinkRunTest {
 protected:
  PrecompiledTest() {
    fs_.write("/w/in.h", "text");
    fs_.tick(std::int64_t{5} * 1'000'000'000);
    fs_.write("/w/beside.h", "text");
    fs_.tick();
  }
  std::uint32_t seconds_of(const char* path) const {
    os::FileStamp stamp;
    EXPECT_EQ(fs_.stat(os::FileSystem::kNoDirectory, path, stamp), 0);
    return static_cast<std::uint32_t>(stamp.mtime_ns / 1'000'000'000);
  }
  bool counts(const char* path) const { return has_fact(store::InputKind::kFileTime, path); }
  void read_all(const char* precompiled) {
    seen_.add('R', precompiled).add('R', "/w/beside.h").add('S', "/w/in.h");
  }
};

TEST_F(PrecompiledTest, TheTimesThatAHeaderHoldsCount) {
  fs_.write("/w/h.pch", test::made_up_precompiled({seconds_of("/w/in.h")}, 3));
  fs_.tick();
  begin();
  write_output();
  read_all("/w/h.pch");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(counts("/w/in.h"));
  EXPECT_FALSE(counts("/w/beside.h"));
}

TEST_F(PrecompiledTest, OfAHeaderWithoutAnyAllCount) {
  fs_.write("/w/h", test::made_up_precompiled({}));
  fs_.write("/w/h.pcm", test::made_up_precompiled({}));
  fs_.tick();
  begin();
  write_output();
  read_all("/w/h");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(counts("/w/in.h"));
  EXPECT_TRUE(counts("/w/beside.h"));
  begin();
  write_output();
  read_all("/w/h.pcm");
  EXPECT_EQ(learned(), "");
  EXPECT_FALSE(counts("/w/in.h")) << "modules hold none";
}

TEST_F(PrecompiledTest, TheTimesThatARunHasWrittenCount) {
  begin();
  write_output(test::made_up_precompiled({seconds_of("/w/beside.h")}));
  seen_.add('R', "/w/beside.h").add('R', "/w/in.h");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(counts("/w/beside.h"));
  EXPECT_FALSE(counts("/w/in.h"));
}

TEST_F(PrecompiledTest, OtherFilesHoldNone) {
  std::string bytes = test::made_up_precompiled({seconds_of("/w/in.h")});
  bytes.front() = 'X';
  fs_.write("/w/h.pch", bytes);
  fs_.tick();
  begin();
  write_output();
  read_all("/w/h.pch");
  EXPECT_EQ(learned(), "");
  EXPECT_FALSE(counts("/w/in.h"));
}

TEST_F(LinkRunTest, WhatAnotherProcessHasChangedSinceTheKeyWasMadeIsNotKept) {
  fs_.write("/w/lib.a", "old");
  begin({"ar", "rcs", "lib.a", "a.o"});
  fs_.write("/w/lib.a", "new");
  seen_.add('R', "/w/lib.a").add('U', "/w/lib.a").add('W', "/w/lib.a");
  EXPECT_EQ(learned(), "modified_input_file") << "the watch saw no change by the run";
}

TEST_F(LinkRunTest, ProcessorsAreCountedByLinkersForTheirThreads) {
  for (const char* path : {"/proc/cpuinfo", "/proc/sys/vm/overcommit_memory"}) {
    fs_.write(path, "");
    begin();
    write_output();
    seen_.add('R', path);
    EXPECT_EQ(learned(), "") << path;
    EXPECT_THAT(files(), Not(Contains(path)));
  }
}

TEST_F(LinkRunTest, WhatTakesLessTimeThanAHitIsLeftAlone) {
  command::TypedCommand command = typed({"ld", "a.o"});
  command.env[2] = "ZCCACHE_LINKS=auto";
  begin(command);
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_EQ(learned({.duration_ns = 1'000}), "called_for_link");
  EXPECT_TRUE(dynamic_cast<const Compile&>(*compile_).quick.has(compile_->manifest_key));
  begin();
  write_output();
  EXPECT_EQ(learned({.duration_ns = 1'000}), "") << "always";
}

TEST_F(LinkRunTest, TheScriptOfAnArchiverIsAnInput) {
  fs_.write("/w/script", "CREATE a.out\n");
  command::TypedCommand command = typed({"ar", "-M"});
  command.read_from("/w/script");
  begin(command);
  write_output();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(files(), Contains("/w/script"));
}

// --- failures

TEST_F(LinkRunTest, AFailureForWhatIsLinkedIsKept) {
  begin();
  EXPECT_EQ(failed(kMissingSymbol), "");
  EXPECT_TRUE(has_fact(store::InputKind::kLink, kOut));
  EXPECT_TRUE(has_fact(store::InputKind::kDirectory, "/w"));
  EXPECT_TRUE(has_absence("/w/a.out/"));
}

// What the command names is there before no run that fails likewise.
TEST_F(LinkRunTest, WhatAFailureHasMadeAndRemovedWasNotThere) {
  begin({"ld", "a.o", "-Map=a.map"});
  make_and_remove("/w/a.map");
  make_and_remove("/w/unnamed");
  EXPECT_EQ(failed(kMissingSymbol), "");
  EXPECT_TRUE(has_absence("/w/a.map/"));
  EXPECT_FALSE(has_absence("/w/unnamed/"));
}

TEST_F(LinkRunTest, TemporaryNamesInMessagesAreMadeAnew) {
  begin();
  make_and_remove("/tmp/ccAbC123.o");
  const std::string message = "ld: /tmp/ccAbC123.o: in function `f':\n" +
                              std::string(kMissingSymbol.substr(kMissingSymbol.find("a.c") - 0));
  EXPECT_EQ(failed(message), "");
  EXPECT_TRUE(has_fact(store::InputKind::kVariable, "TMPDIR"));
  const std::string kept = compile_->encode_messages(message);
  EXPECT_EQ(kept.find("AbC123"), std::string::npos);
}

TEST_F(LinkRunTest, AFailureOfAnotherKindIsNot) {
  begin();
  EXPECT_EQ(failed("ld: final link failed: No space left on device\n"), "compile_failed");
  EXPECT_EQ(failed(kMissingSymbol, "more"), "compile_failed") << "on standard output";
  seen_.add('!', "clone");
  EXPECT_EQ(failed(kMissingSymbol), "compile_failed") << "whatever else stands in the way";
}

TEST_F(LinkRunTest, AFailureWithAnOldOutputIsNot) {
  fs_.write(kOut, "old");
  begin();
  EXPECT_EQ(failed(kMissingSymbol), "compile_failed");
}

TEST_F(LinkRunTest, AFailureThatRemovedAFileIsNot) {
  begin();
  fs_.remove("/w/b.o");
  seen_.add('U', "/w/b.o");
  EXPECT_EQ(failed(kMissingSymbol), "compile_failed");
}

// A linker would say that before all else.
TEST_F(LinkRunTest, AFailureIsNotToldWhereTheOutputMayNotBeWritten) {
  begin({"ld", "a.o", "-o", "/no/such/directory/x"});
  EXPECT_EQ(compile_->decode_messages("kept"), std::nullopt);
  const test::TemporaryDirectory directory;
  begin({"ld", "a.o", "-o", directory / "x"});
  EXPECT_EQ(compile_->decode_messages("kept"), "kept");
}

TEST_F(LinkRunTest, AFailureWithWordsThatMayNameAnOutputIsNot) {
  for (const char* word : {"@words", "-Wl,-o,x", "-Wl,--output=x", "-Xlinker"}) {
    begin({"ld", "a.o", word});
    EXPECT_EQ(failed(kMissingSymbol), "compile_failed") << word;
  }
}

TEST_F(LinkRunTest, ExitCodesOfFailuresAreKeptIfThePersonWantsIt) {
  command::TypedCommand command = typed({"ld", "a.o"});
  begin(command);
  EXPECT_TRUE(compile_->keeps_exit_code(0));
  EXPECT_FALSE(compile_->keeps_exit_code(1));
  command.takes_failures = true;
  begin(command);
  EXPECT_TRUE(compile_->keeps_exit_code(1));
  EXPECT_FALSE(compile_->keeps_exit_code(2));
}

// --- hits

TEST_F(LinkRunTest, AHitMayTakeThePlaceOfAFileThatEndsWithTheSameMode) {
  begin();
  const store::Output output = {.name = kOut, .kind = store::FileKind::kPlain, .mode = 0755};
  const auto product = compile_->product_of(output);
  ASSERT_TRUE(product);
  EXPECT_EQ(product->old_file, wire::OldFile::kEither) << "its owner may stay";
  EXPECT_EQ(product->mode, 0755U);
  fs_.write(kOut, "old");
  fs_.set_mode(kOut, S_IFREG | 0644);
  EXPECT_FALSE(compile_->product_of(output));
  EXPECT_FALSE(compile_->product_of({.name = "a.out", .kind = store::FileKind::kPlain}));
}

}  // namespace
}  // namespace zc::engine::driver
