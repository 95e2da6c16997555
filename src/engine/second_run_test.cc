#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "engine/engine.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"

namespace zc::engine {
namespace {

// A command that has asked for the time, and read a file.
struct Doubtful final : CacheableCompile {
  using CacheableCompile::CacheableCompile;

  void plan(RunPlan&) const override {}
  compiler::OrBypass<InputList> learn(const RunOutputs&) override {
    InputList list;
    list.files.push_back(
        {.kept = {.root = {}, .path = "/w/in"}, .path = "/w/in", .seen_ns = start_ns});
    list.doubts.emplace_back("time");
    return list;
  }
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
};

class NoPrograms final : public os::CommandRunner {
 public:
  Result<os::CommandOutput> run(const os::Command&) override { return fail(Code::kIo, {}); }
};

class SecondRunTest : public testing::Test {
 protected:
  SecondRunTest() { write("one"); }

  void write(const char* text) {
    fs_.write("/w/in", text);
    fs_.tick();
    fs_.tick();
  }

  // What becomes of a run that has printed `out`, after `first` or as the first one.
  StoredOrFirst run(const char* out, const FirstRun* first = nullptr) {
    const std::int64_t now_ns = fs_.now_ns();
    Doubtful compile(
        fs_, {.tool = "/bin/tool", .cwd = "/w", .start_ns = static_cast<std::uint64_t>(now_ns)});
    wire::RunReport report;
    report.out = out;
    return engine_.store_result(compile, report, {}, [] {}, first);
  }
  // Whether the first run needs another one, which then prints `again`.
  bool runs_twice(const char* out, const char* again) {
    const StoredOrFirst first = run(out);
    if (!first || !*first) {
      return false;
    }
    (void)run(again, &**first);
    return true;
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  NoPrograms programs_;
  files::FileCache files_{fs_, nullptr};
  Engine engine_{{.fs = fs_,
                  .files = files_,
                  .runner = programs_,
                  .store = store_,
                  .world = {},
                  .host_cpu = {}},
                 {}};
};

TEST_F(SecondRunTest, IsInVainIfItWasSoBeforeFromTheSameInputs) {
  EXPECT_TRUE(runs_twice("10:00", "11:00"));
  EXPECT_FALSE(runs_twice("12:00", "13:00"));
  write("two");
  EXPECT_TRUE(runs_twice("14:00", "15:00")) << "another result, which may be repeated";
  write("one");
  EXPECT_FALSE(runs_twice("16:00", "17:00"));
}

TEST_F(SecondRunTest, IsNeededAgainAfterTheStoreWasCleared) {
  EXPECT_TRUE(runs_twice("10:00", "11:00"));
  engine_.forget();
  EXPECT_TRUE(runs_twice("12:00", "13:00"));
}

TEST_F(SecondRunTest, ThatLeftTheSameIsForgottenByNone) {
  EXPECT_TRUE(runs_twice("the same", "the same"));
  EXPECT_TRUE(runs_twice("the same", "the same")) << "as after an eviction";
}

}  // namespace
}  // namespace zc::engine
