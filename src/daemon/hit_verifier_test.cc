// A hit that is verified, against a client and a cache of the test's own.
#include "daemon/hit_verifier.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <filesystem>
#include <future>

#include "base/str.h"
#include "daemon/verification_fixture.h"
#include "support/patience.h"

namespace zc::daemon {
namespace {

using test::kWaitMs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Has one result, until that is removed.
class CacheOfOneResult final : public CompileCache {
 public:
  engine::CompileOrBypass claim(const wire::CompileRequest& request) override {
    return std::make_unique<CompileOfAnObject>(fs_, request);
  }
  std::optional<engine::HitReply> lookup(const engine::CacheableCompile&) override {
    if (removed) {
      return std::nullopt;
    }
    engine::HitReply out;
    out.result = result;
    return out;
  }
  std::optional<std::uint64_t> note_use(const engine::HitReply&) override { return {}; }
  engine::StoredOrFirst store_result(engine::CacheableCompile&, const wire::RunReport&,
                                     const std::vector<os::Fd>&, const std::function<void()>&,
                                     const engine::FirstRun*) override {
    return {};
  }
  std::optional<engine::HitReply> replay(const engine::CacheableCompile&,
                                         const engine::FirstRun&) override {
    return std::nullopt;
  }
  void await_stamps(int, const engine::HitReply&, std::int64_t) override {}
  void remove_result(const engine::CacheableCompile&, const codec::Digest& key) override {
    removed = key;
  }
  history::Explanation explain(const engine::CacheableCompile&) override { return {}; }
  Remembered remember(const engine::CacheableCompile&, const std::optional<codec::Digest>& hit,
                      std::string_view) override {
    return {.result = hit};
  }
  void set_size_bytes_max(std::uint64_t) override {}
  store::Usage usage() override { return {}; }
  Result<> flush() override { return {}; }
  Result<store::Store::Cleared> clear() override { return store::Store::Cleared{}; }

  codec::Digest result = codec::digest_of("result");
  std::optional<codec::Digest> removed;

 private:
  os::PosixFileSystem fs_;
};

class HitVerifierTest : public VerificationFixture {
 protected:
  HitVerifierTest() {
    locations_.state = directory_ / "state";
    EXPECT_TRUE(os::make_directories(locations_.state));
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    daemon_.emplace(os::Fd(ends[0]));
    client_.emplace(os::Fd(ends[1]));
  }

  // The client runs the compiler as often as it must, with these results; then, in words, how it
  // ends: what `verify` leaves to its caller is "the hit".
  std::string verify(const std::vector<RunBeside>& runs) {
    std::future<bool> verified = std::async(std::launch::async, [&] {
      WaitingClient waiting(heart_, *daemon_);
      return verifier_.verify(waiting, request_, compile_, hit_);
    });
    for (const RunBeside& run : runs) {
      EXPECT_EQ(reply(), "run");
      std::vector<os::Fd> fds;
      const wire::RunReport report = report_of(run, fds);
      std::vector<int> numbers;
      for (const os::Fd& fd : fds) {
        numbers.push_back(fd.get());
      }
      EXPECT_TRUE(client_->send(*wire::encode(report), numbers));
    }
    if (leaves_) {
      client_.reset();
    }
    if (!verified.get()) {
      return leaves_ ? "gone" : reply();
    }
    return "the hit";
  }

  // The next one that is no sign of life.
  std::string reply() {
    while (true) {
      const Result<wire::Frame> frame = client_->receive(kWaitMs);
      if (!frame) {
        return "none";
      }
      switch (frame->type) {
        case wire::Type::kWait:
          continue;
        case wire::Type::kRunOrder:
          return "run";
        case wire::Type::kStored:
          return "what the run left";
        case wire::Type::kError:
          return "the compiler";
        case wire::Type::kWrongResult:
          return std::string(wire::decode_plain(frame->payload)->text);
        default:
          return "another reply";
      }
    }
  }

  // The numbers of the verdicts, in their order.
  std::string counted() const {
    codec::Json out = codec::Json::object();
    counters_.describe(out);
    std::string text;
    for (const auto& [name, count] : out.at("verification").members()) {
      if (count.as_u64() > 0) {
        str_append(text, text.empty() ? "" : " ", name, ' ', count.as_u64());
      }
    }
    return text;
  }

  std::string kept(const std::string& name) const {
    for (const auto& entry : std::filesystem::directory_iterator(locations_.wrong_results())) {
      return os::read_path(entry.path() / name, 4096).value_or("none");
    }
    return "no report";
  }

  lifecycle::Locations locations_;
  const os::Fd null_ = *os::open_file("/dev/null", os::Open::kAppend);
  const log::Log log_{log::Level::kInfo, null_.get()};
  Counters counters_;
  CacheOfOneResult cache_;
  Heart heart_{*wire::encode_plain(wire::Type::kWait, "9.9.9"), {.interval_ms = 2}};
  HitVerifier verifier_{locations_, log_, "9.9.9", cache_, counters_};
  CompileOfAnObject compile_{fs_, request_};
  std::optional<wire::Connection> daemon_;
  std::optional<wire::Connection> client_;
  bool leaves_ = false;
};

const RunBeside kOtherObject = {.files = {"another", "a.o: a.c\n"}};

TEST_F(HitVerifierTest, WhereTheHitIsRightTheRunStays) {
  EXPECT_EQ(verify({RunBeside{}}), "what the run left");
  EXPECT_EQ(counted(), "verified 1");
  EXPECT_FALSE(cache_.removed);
}

TEST_F(HitVerifierTest, AWrongOneIsRemovedAndBothAreKept) {
  EXPECT_THAT(verify({kOtherObject, kOtherObject}),
              AllOf(StartsWith("WRONG RESULT in the cache for a.c (a.o: other bytes)."),
                    HasSubstr(locations_.wrong_results())));
  EXPECT_EQ(counted(), "wrong 1");
  EXPECT_EQ(cache_.removed, hit_.result);
  EXPECT_EQ(kept("cached/0-a.o"), "object");
  EXPECT_EQ(kept("compiled/0-a.o"), "another");
  EXPECT_EQ(kept("cached/1-a.d"), "a.o: a.c\n");
  EXPECT_EQ(kept("compiled/1-a.d"), "a.o: a.c\n");
  EXPECT_EQ(kept("compiled/stderr"), "warning");
  EXPECT_THAT(kept("report.txt"),
              AllOf(HasSubstr("cwd: " + directory_.path() + "\n"), HasSubstr("argument: a.c\n"),
                    HasSubstr("difference: a.o: other bytes\n")));
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(locations_.wrong_results())) {
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms(077),
              std::filesystem::perms::none)
        << entry.path();
  }
}

TEST_F(HitVerifierTest, AFailureThatTheHitHidIsWrong) {
  const RunBeside failure = {.exit_code = 1, .err = "a.c:1: error: no"};
  EXPECT_THAT(verify({failure, failure}), HasSubstr("exit code: 0, the compiler's is 1"));
  EXPECT_EQ(counted(), "wrong 1");
}

TEST_F(HitVerifierTest, RunsThatDifferFromEachOtherProveNothing) {
  EXPECT_EQ(verify({kOtherObject, {.files = {"a third", "a.o: a.c\n"}}}), "what the run left");
  EXPECT_EQ(counted(), "not_reproducible 1");
  EXPECT_FALSE(cache_.removed);
  EXPECT_FALSE(std::filesystem::exists(locations_.wrong_results()));
}

TEST_F(HitVerifierTest, ARunThatIsNoEvidenceNeverFailsACompile) {
  EXPECT_EQ(verify({{.signalled = true}}), "the hit");
  EXPECT_EQ(counted(), "unfinished 1");
}

TEST_F(HitVerifierTest, ADoubtThatCannotBeSettledIsLeftToTheCompiler) {
  EXPECT_EQ(verify({kOtherObject, {.signalled = true}}), "the compiler");
  EXPECT_EQ(counted(), "unfinished 1");
  EXPECT_FALSE(cache_.removed);
}

TEST_F(HitVerifierTest, RunsWithOtherInputsThanTheHitProveNothing) {
  cache_.result = codec::digest_of("of the changed header");
  EXPECT_EQ(verify({kOtherObject, kOtherObject}), "what the run left");
  EXPECT_EQ(counted(), "unfinished 1");
  EXPECT_FALSE(cache_.removed);
}

TEST_F(HitVerifierTest, AClientThatGoesAwayProvesNothing) {
  leaves_ = true;
  EXPECT_EQ(verify({kOtherObject}), "gone");
  EXPECT_EQ(counted(), "unfinished 1");
}

TEST_F(HitVerifierTest, ReportsAreBounded) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(os::make_directories(str_cat(locations_.wrong_results(), '/', i)));
  }
  EXPECT_THAT(verify({kOtherObject, kOtherObject}), HasSubstr("holds 10 reports already"));
  EXPECT_EQ(cache_.removed, hit_.result);
}

}  // namespace
}  // namespace zc::daemon
