// A store that holds a wrong result: a hit that is verified finds it, and the user has what the
// compiler writes. The programs are real; the result is spoiled between two daemons.
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/str.h"
#include "codec/json.h"
#include "lifecycle/connect.h"
#include "lifecycle/locations.h"
#include "os/command.h"
#include "os/file.h"
#include "store/index.h"
#include "store/layout.h"
#include "store/records.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace zc {
namespace {

using test::kWaitMs;
using ::testing::HasSubstr;

constexpr const char* kSource = "int a;\n#warning once\n";

class WrongResults : public ::testing::Test {
 protected:
  WrongResults() {
    std::ofstream(in("a.c")) << kSource;
    start();
  }
  ~WrongResults() override {
    if (const auto daemon = lifecycle::live_daemon(locations().lock)) {
      (void)daemon->signal(SIGKILL);
      daemon->wait_gone(kWaitMs);
    }
  }

  std::string in(const std::string& path) const { return directory_ / path; }
  std::string content(const std::string& path) const {
    return os::read_path(in(path), 1U << 20).value_or("none");
  }

  lifecycle::Locations locations() const {
    const lifecycle::Environment lookup = [&](const char* name) -> const char* {
      return std::string_view(name) == "ZCCACHE_CACHE_DIR" ? cache_.c_str() : nullptr;
    };
    return lifecycle::locate(lookup, ZCCACHE_VERSION, "/", ::geteuid())
        .value_or(lifecycle::Locations{});
  }

  os::CommandOutput run(std::vector<std::string> words, const std::string& share = {}) const {
    os::PosixCommandRunner runner;
    const auto out = runner.run(
        {.args = std::move(words),
         .env = {"PATH=/usr/bin:/bin", "ZCCACHE_CACHE_DIR=" + cache_, "ZCCACHE_VERIFY=" + share},
         .cwd = directory_.path(),
         .timeout_ms = kWaitMs});
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(os::CommandOutput{.exit_code = -1, .out = {}, .err = {}});
  }
  // Before a compile, which does not wait for a daemon that takes long to start.
  void start() const { EXPECT_EQ(run({zccache_, "start"}).exit_code, 0); }
  // Through the cache, of which `share` is verified.
  os::CommandOutput compile(const std::string& share = {}) const {
    return run({zccache_, "gcc", "-MD", "-c", "a.c", "-o", "a.o"}, share);
  }

  // A number of the statistics: "hits/direct".
  std::uint64_t figure(std::string_view path) const {
    codec::Json at = codec::Json::parse(run({zccache_, "status", "--json"}).out)
                         .value_or(codec::Json())
                         .at("daemon");
    for (const std::string_view part : split(path, '/')) {
      at = at.at(part);
    }
    return at.as_u64();
  }

  // Changes each result of the store by `spoil`, as a fault of ours would have stored it: the
  // records are sound.
  void spoil(const std::function<void(store::ResultRecord&)>& spoil) const {
    ASSERT_EQ(run({zccache_, "stop"}).exit_code, 0);
    auto index = store::Index::open(store::Layout(locations().store()).index(),
                                    store::Index::Access::kReadWrite);
    ASSERT_TRUE(index) << index.error().message;
    std::vector<store::Write> writes;
    ASSERT_TRUE(
        (*index)->scan(store::Table::kResults, [&](std::string_view key, std::string_view value) {
          store::StoredResult result = store::decode_result(value).value_or(store::StoredResult{});
          spoil(result.record);
          writes.push_back({store::Table::kResults, std::string(key), encode(result)});
          return true;
        }));
    ASSERT_FALSE(writes.empty());
    writes.push_back(
        {store::Table::kSmallBlobs, std::string(codec::digest_of(other_).view()), other_});
    ASSERT_TRUE((*index)->commit(writes));
    ASSERT_TRUE((*index)->close());
    start();
  }

  // With a result that was spoiled: the compile is as without a cache, and the result is gone.
  void expect_found(const std::function<void(store::ResultRecord&)>& how,
                    const std::string& difference) {
    const os::CommandOutput plain = run({"/usr/bin/gcc", "-MD", "-c", "a.c", "-o", "a.o"});
    const std::string object = content("a.o");
    const std::string depfile = content("a.d");
    compile();
    spoil(how);
    std::filesystem::remove(in("a.o"));
    const os::CommandOutput verified = compile("1/1");
    EXPECT_EQ(verified.exit_code, plain.exit_code);
    EXPECT_THAT(verified.err, ::testing::StartsWith(plain.err + "zccache: WRONG RESULT"));
    EXPECT_THAT(verified.err, HasSubstr(difference));
    EXPECT_EQ(content("a.o"), object);
    EXPECT_EQ(content("a.d"), depfile);
    EXPECT_EQ(figure("verification/wrong"), 1U);
    EXPECT_EQ(figure("verification/verified"), 0U);
    EXPECT_THAT(run({zccache_, "status"}).out, HasSubstr("0 hits, 1 wrong"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(locations().wrong_results()), {}),
              1);

    EXPECT_EQ(compile("1/1").err, plain.err);
    EXPECT_EQ(figure("misses"), 1U) << "it was removed";
    EXPECT_EQ(compile("1/1").err, plain.err);
    EXPECT_EQ(content("a.o"), object);
    EXPECT_EQ(figure("verification/verified"), 1U);
    EXPECT_EQ(figure("verification/wrong"), 1U);
  }

  const std::string zccache_ = str_cat(ZCCACHE_BIN_DIR, "/zccache");
  const std::string other_ = "of another compile";
  test::TemporaryDirectory directory_;
  const std::string cache_ = directory_ / "cache";
};

TEST_F(WrongResults, AnotherObject) {
  expect_found(
      [&](store::ResultRecord& result) {
        result.outputs.front().blob = codec::digest_of(other_);
        result.outputs.front().size_bytes = other_.size();
      },
      "a.o: other bytes");
}

TEST_F(WrongResults, AnotherMode) {
  expect_found([](store::ResultRecord& result) { result.outputs.front().executable = true; },
               "a.o: another mode");
}

TEST_F(WrongResults, AMessageThatIsMissing) {
  expect_found(
      [](store::ResultRecord& result) {
        std::erase_if(result.outputs,
                      [](const store::Output& output) { return output.role == store::kStderr; });
      },
      "standard error: other bytes");
}

// Which is read by each run that proves it.
TEST_F(WrongResults, OfASourceOnStandardInput) {
  for (const char* input : {"<a.c", "<a.c cat |"}) {
    const std::string compile = std::string_view(input).ends_with('|')
                                    ? str_cat("cat a.c | ", zccache_, " gcc -xc -c - -o b.o")
                                    : str_cat(zccache_, " gcc -xc -c - -o b.o ", input);
    run({"/bin/sh", "-c", "gcc -xc -c - -o b.o <a.c"});
    const std::string object = content("b.o");
    run({"/bin/sh", "-c", compile});
    spoil([&](store::ResultRecord& result) {
      for (store::Output& output : result.outputs) {
        if (output.role != store::kStderr) {
          output.blob = codec::digest_of(other_);
          output.size_bytes = other_.size();
        }
      }
    });
    const os::CommandOutput verified = run({"/bin/sh", "-c", compile}, "1/1");
    EXPECT_EQ(verified.exit_code, 0);
    EXPECT_THAT(verified.err, HasSubstr("WRONG RESULT"));
    EXPECT_EQ(content("b.o"), object);
  }
}

// Unless it is verified, a wrong result is a wrong hit: proof that the cases above test something.
TEST_F(WrongResults, AreNotFoundByHitsThatAreNotVerified) {
  compile();
  spoil([&](store::ResultRecord& result) {
    result.outputs.front().blob = codec::digest_of(other_);
    result.outputs.front().size_bytes = other_.size();
  });
  EXPECT_EQ(compile().exit_code, 0);
  EXPECT_EQ(content("a.o"), other_);
  EXPECT_EQ(figure("hits/direct"), 1U);
}

// The compiler fails, as it would without a cache; that says nothing about the result.
TEST_F(WrongResults, AnOutputThatCannotBeWrittenProvesNothing) {
  std::filesystem::create_directory(in("out"));
  const auto to_directory = [&] {
    return run({zccache_, "gcc", "-c", "a.c", "-o", "out/a.o"}, "1/1");
  };
  EXPECT_EQ(to_directory().exit_code, 0);
  std::filesystem::remove_all(in("out"));
  const os::CommandOutput failed = to_directory();
  EXPECT_NE(failed.exit_code, 0);
  EXPECT_THAT(failed.err, ::testing::Not(HasSubstr("WRONG")));
  EXPECT_EQ(figure("verification/wrong"), 0U);
}

TEST_F(WrongResults, OneInThreeIsVerified) {
  compile();
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(compile("1/3").exit_code, 0);
  }
  EXPECT_EQ(figure("hits/direct"), 7U);
  EXPECT_EQ(figure("verification/verified"), 2U);
}

TEST_F(WrongResults, AShareThatMakesNoSenseIsReportedByStatusAlone) {
  const std::string plain = compile().err;
  EXPECT_EQ(compile("all").err, plain);
  EXPECT_EQ(figure("verification/verified"), 0U);
  EXPECT_THAT(run({zccache_, "status"}).out, HasSubstr("warning: ZCCACHE_VERIFY=all is not"));
}

}  // namespace
}  // namespace zc
