// One compile from request to last reply, against a cache, a clock and clients of the test's own.
#include "daemon/compile_service.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "codec/json.h"
#include "os/file.h"
#include "support/mem_file_system.h"
#include "support/patience.h"
#include "support/temporary_directory.h"
#include "wire/message.h"

namespace zc::daemon {
namespace {

using compiler::Bypass;
using compiler::Reason;
using test::kWaitMs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kVersion = "9.9.9";

// A thread that passes waits while it is closed.
class Gate {
 public:
  void close() {
    const MutexLock lock(mutex_);
    is_closed_ = true;
  }
  void open() {
    const MutexLock lock(mutex_);
    is_closed_ = false;
    changed_.notify_all();
  }
  void pass() {
    const MutexLock lock(mutex_);
    while (is_closed_) {
      changed_.wait(mutex_);
    }
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool is_closed_ ZC_GUARDED_BY(mutex_) = false;
};

// Stands still until the test moves it. A thread looks at it once per request, and then each time
// that it has waited for another client's run.
class FakeClock {
 public:
  std::int64_t now_ms() {
    const MutexLock lock(mutex_);
    ++looks_[std::this_thread::get_id()];
    looked_.notify_all();
    return now_ms_;
  }
  void advance(std::int64_t milliseconds) {
    const MutexLock lock(mutex_);
    now_ms_ += milliseconds;
  }
  // Until so many requests have waited for another client's run.
  void wait_for_waiting(std::ptrdiff_t requests) {
    const MutexLock lock(mutex_);
    const auto has_waited = [](const auto& entry) { return entry.second > 1; };
    while (std::ranges::count_if(looks_, has_waited) < requests) {
      wait_for_a_look();
    }
  }
  // Until a request has seen what time it is now, and still waits.
  void wait_until_seen() {
    const MutexLock lock(mutex_);
    wait_for_a_look();
    wait_for_a_look();
  }

 private:
  void wait_for_a_look() ZC_REQUIRES(mutex_) {
    if (!looked_.wait_for_ms(mutex_, kWaitMs)) {
      std::abort();  // It would never come.
    }
  }

  Mutex mutex_;
  CondVar looked_;
  std::int64_t now_ms_ ZC_GUARDED_BY(mutex_) = 0;
  std::map<std::thread::id, int> looks_ ZC_GUARDED_BY(mutex_);
};

class FakeCompile final : public engine::CacheableCompile {
 public:
  FakeCompile(const os::FileSystem& fs, const wire::CompileRequest& request, bool is_observed)
      : CacheableCompile(fs, request), is_observed_(is_observed) {
    source = request.args[1];
    manifest_key = codec::digest_of(source);
  }
  void plan(engine::RunPlan& out) const override { out.run.observe = is_observed_; }
  compiler::OrBypass<engine::InputList> learn(const engine::RunOutputs&) override {
    return engine::InputList();
  }
  std::string generate_depfile(const engine::LoadedSet&) const override { return {}; }

 private:
  const bool is_observed_;
};

class KeptHistory final : public history::CommandLog {
 public:
  void add(std::string, history::CommandRecord record) override {
    const MutexLock lock(mutex_);
    records_.push_back(std::move(record));
  }
  void flush() override {}
  std::vector<history::CommandRecord> records() {
    const MutexLock lock(mutex_);
    return records_;
  }

 private:
  Mutex mutex_;
  std::vector<history::CommandRecord> records_ ZC_GUARDED_BY(mutex_);
};

// Keeps what a run writes to standard output under the name of its source.
class FakeCache final : public CompileCache {
 public:
  engine::CompileOrBypass claim(const wire::CompileRequest& request) override {
    claims.pass();
    if (bypass) {
      return std::unexpected(*bypass);
    }
    auto out = std::make_unique<FakeCompile>(fs_, request, is_observed);
    out->must_hit = must_hit;
    out->only_reads = only_reads;
    return out;
  }

  std::optional<engine::HitReply> lookup(const engine::CacheableCompile& compile) override {
    const MutexLock lock(mutex_);
    const auto found = results_.find(compile.source);
    if (found == results_.end()) {
      return std::nullopt;
    }
    engine::HitReply out;
    out.hit.out = out.texts.emplace_back(found->second);
    for (std::size_t i = 0; i < hit_fds; ++i) {
      out.fds.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    return out;
  }

  engine::StoredOrFirst store_result(engine::CacheableCompile& compile,
                                     const wire::RunReport& report, const std::vector<os::Fd>&,
                                     const std::function<void()>& on_taken,
                                     const engine::FirstRun* first) override {
    if (takes_early) {
      on_taken();
    }
    stores.pass();
    if (report.exit_code != 0) {
      return compiler::bypass(Reason::kCompileFailed);
    }
    const MutexLock lock(mutex_);
    observation_ = compile.observation ? "whole" : compile.observation.error().message;
    if (doubts && first == nullptr) {
      engine::FirstRun out;
      out.doubt = report.out;
      out.cleared.emplace_back("/left");
      return out;
    }
    if (first != nullptr && first->doubt != report.out) {
      return compiler::bypass(Reason::kUnrepeatableInput);
    }
    results_[compile.source] = report.out;
    return std::nullopt;
  }
  std::optional<engine::HitReply> replay(const engine::CacheableCompile&,
                                         const engine::FirstRun& first) override {
    engine::HitReply out;
    out.hit.out = out.texts.emplace_back(first.doubt);
    return out;
  }

  void await_stamps(int, const engine::HitReply&, std::int64_t hit_ns) override {
    const MutexLock lock(mutex_);
    awaited_ns_.push_back(hit_ns);
  }

  void remove_result(const engine::CacheableCompile& compile, const codec::Digest&) override {
    const MutexLock lock(mutex_);
    results_.erase(compile.source);
  }

  history::Explanation explain(const engine::CacheableCompile&) override { return {}; }
  std::optional<codec::Digest> remember(const engine::CacheableCompile&,
                                        const std::optional<codec::Digest>& hit,
                                        std::string_view) override {
    return hit;
  }
  void set_size_bytes_max(std::uint64_t bytes) override { size_bytes_max = bytes; }
  std::uint64_t size_bytes_max = 0;
  store::Usage usage() override {
    const MutexLock lock(mutex_);
    return {.results = results_.size()};
  }
  Result<> flush() override { return {}; }
  Result<store::Store::Cleared> clear() override {
    const MutexLock lock(mutex_);
    return store::Store::Cleared{.results = std::exchange(results_, {}).size(), .bytes = 0};
  }

  void given_result(const std::string& source, const std::string& out) {
    const MutexLock lock(mutex_);
    results_[source] = out;
  }
  // When the hits were sent whose stamps are awaited.
  std::vector<std::int64_t> awaited_ns() {
    const MutexLock lock(mutex_);
    return awaited_ns_;
  }
  // Of the last run that was stored.
  std::string observation() {
    const MutexLock lock(mutex_);
    return observation_;
  }

  // Set before there are clients.
  std::optional<Bypass> bypass;
  bool is_observed = false;
  bool must_hit = false;
  bool only_reads = false;
  bool takes_early = false;
  bool doubts = false;  // each result counts only after a second run
  std::size_t hit_fds = 0;
  Gate claims;
  Gate stores;

 private:
  os::PosixFileSystem fs_;
  Mutex mutex_;
  std::map<std::string, std::string> results_ ZC_GUARDED_BY(mutex_);
  std::string observation_ ZC_GUARDED_BY(mutex_);
  std::vector<std::int64_t> awaited_ns_ ZC_GUARDED_BY(mutex_);
};

// A client, and the daemon's thread that serves it.
class Client {
 public:
  Client(CompileService& service, std::string payload) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    connection_.emplace(os::Fd(ends[0]));
    serving_ =
        std::jthread([&service, daemon_end = ends[1], payload = std::move(payload)]() mutable {
          wire::Connection connection{os::Fd(daemon_end)};
          service.compile(connection,
                          {.type = wire::Type::kCompile, .payload = std::move(payload), .fds = {}});
        });
  }

  // In words, the next answer that is no sign of life.
  std::string answer() {
    while (true) {
      if (std::optional<std::string> words = receive()) {
        return *words;
      }
    }
  }
  // In words, what comes next; nothing for a sign of life.
  std::optional<std::string> receive() {
    const Result<wire::Frame> frame = connection_->receive(kWaitMs);
    if (!frame) {
      return "gone";
    }
    fd_ = os::Fd(frame->fds.empty() ? -1 : ::dup(frame->fds.front().get()));
    return in_words(*frame);
  }
  bool hears_a_sign_of_life() { return !receive(); }

  void report(int exit_code, const std::string& out = {}) {
    wire::RunReport report;
    report.exit_code = exit_code;
    report.out = out;
    EXPECT_TRUE(connection_->send(*wire::encode(report)));
  }
  void send(const std::string& frame) { EXPECT_TRUE(connection_->send(frame)); }

  void leave() { connection_.reset(); }
  void wait_until_served() { serving_.join(); }

  int socket() const { return connection_->fd(); }
  bool has_more() const { return connection_->wait(0); }
  // That came with the last answer.
  const os::Fd& fd() const { return fd_; }

 private:
  static std::optional<std::string> in_words(const wire::Frame& frame) {
    switch (frame.type) {
      case wire::Type::kWait:
        return std::nullopt;
      case wire::Type::kHit: {
        const std::optional<wire::Hit> hit = wire::decode_hit(frame.payload);
        return hit->exit_code == 0 ? str_cat("hit ", hit->out)
                                   : str_cat("failure ", hit->exit_code, ' ', hit->err);
      }
      case wire::Type::kRunOrder:
        return "run";
      case wire::Type::kStored:
        return "stored";
      case wire::Type::kBypass: {
        const std::optional<wire::Bypass> bypass = wire::decode_bypass(frame.payload);
        return str_cat("bypass ", bypass->reason, ' ', bypass->detail);
      }
      case wire::Type::kError:
        return str_cat("error ", wire::decode_plain(frame.payload)->text);
      default:
        return "an answer to another question";
    }
  }

  std::jthread serving_;  // ends once the connection is closed, which happens before
  std::optional<wire::Connection> connection_;
  os::Fd fd_;
};

class CompileServiceTest : public ::testing::Test {
 protected:
  CompileServiceTest() {
    locations_.state = directory_.path();
    EXPECT_TRUE(os::make_directories(locations_.logs()));
  }

  static std::string payload_of(const wire::CompileRequest& request) {
    return wire::encode(request)->substr(wire::kHeaderBytes);
  }
  static wire::CompileRequest request_for(std::string_view source) {
    wire::CompileRequest out;
    out.version = kVersion;
    out.tool = "/usr/bin/gcc";
    out.cwd = "/";
    out.args = {"gcc", source};
    return out;
  }
  Client client_for(std::string_view source) { return with(request_for(source)); }
  Client with(const wire::CompileRequest& request) { return {service_, payload_of(request)}; }

  // A number of the statistics: "misses", "hits/direct".
  std::uint64_t figure(std::string_view path) {
    codec::Json at = *codec::Json::parse(service_.statistics_json());
    for (const std::string_view part : split(path, '/')) {
      at = at.at(part);
    }
    return at.as_u64();
  }
  std::string lifecycle_log() const {
    return os::read_path(locations_.lifecycle_log(), 1U << 20).value_or("");
  }

  // The one of both that gets an answer first, and that answer.
  static std::pair<Client*, std::string> first_answer(Client& one, Client& other) {
    while (true) {
      for (Client* client : {&one, &other}) {
        while (client->has_more()) {
          if (std::optional<std::string> words = client->receive()) {
            return {client, *words};
          }
        }
      }
      pollfd waiting[] = {{.fd = one.socket(), .events = POLLIN, .revents = 0},
                          {.fd = other.socket(), .events = POLLIN, .revents = 0}};
      if (::poll(waiting, 2, kWaitMs) <= 0) {
        return {&one, "nothing"};
      }
    }
  }

  // With a client that compiles `source` and two that wait for its result: when the first ends its
  // run by `end` without a result, one of the two runs, and the other gets the result of that.
  void expect_one_takes_over(const std::function<void(Client&)>& end) {
    Client leader = client_for("a.c");
    EXPECT_EQ(leader.answer(), "run");
    Client one = client_for("a.c");
    Client other = client_for("a.c");
    clock_.wait_for_waiting(2);
    end(leader);
    const auto [next, words] = first_answer(one, other);
    EXPECT_EQ(words, "run");
    Client& last = next == &one ? other : one;
    EXPECT_TRUE(last.hears_a_sign_of_life());
    next->report(0, "of the second run");
    EXPECT_EQ(next->answer(), "stored");
    EXPECT_EQ(last.answer(), "hit of the second run");
    EXPECT_EQ(figure("misses"), 1U);
    EXPECT_EQ(figure("coalesced"), 1U);
  }

  test::TemporaryDirectory directory_;
  lifecycle::Locations locations_;
  const os::Fd null_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  const log::Log log_{log::Level::kError, null_.get()};
  test::MemFileSystem fs_;
  config::Files files_{fs_};
  Settings settings_{files_, {.env = [](const char*) { return nullptr; }}, log_};
  FakeClock clock_;
  KeptHistory history_;
  FakeCache* const cache_ = new FakeCache;  // owned by the service
  CompileService service_{locations_,
                          settings_,
                          log_,
                          history_,
                          std::string(kVersion),
                          std::unique_ptr<CompileCache>(cache_),
                          {.now_ms = [this] { return clock_.now_ms(); }, .heartbeat_ms = 2}};
};

TEST_F(CompileServiceTest, AHitIsSent) {
  cache_->given_result("a.c", "text");
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "hit text");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("hits/direct"), 1U);
  EXPECT_EQ(figure("misses"), 0U);
}

TEST_F(CompileServiceTest, AMissFailsTheCommandIfItsUserWantsThat) {
  cache_->given_result("a.c", "text");
  cache_->must_hit = true;
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  Client client = client_for("b.c");
  EXPECT_EQ(client.answer(),
            "failure 1 zccache: terminate_on_miss: there is no stored result for b.c: first time\n");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("misses"), 1U);
  cache_->bypass = Bypass{.reason = Reason::kNoInputFile, .detail = {}};
  EXPECT_EQ(client_for("b.c").answer(), "bypass no_input_file ") << "it is no miss";
}

TEST_F(CompileServiceTest, AMissIsNotStoredIfItsUserWantsThat) {
  cache_->given_result("a.c", "text");
  cache_->only_reads = true;
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  EXPECT_EQ(client_for("b.c").answer(), "bypass read_only b.c");
  EXPECT_EQ(figure("not_cached/read_only"), 1U);
}

TEST_F(CompileServiceTest, FilesOfSettingsConcernARequest) {
  fs_.write("/f", "disable = true");
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_CONFIG=/f"};
  EXPECT_EQ(with(request).answer(), "bypass disabled ");
}

TEST_F(CompileServiceTest, AnotherSizeCountsAtOnce) {
  service_.apply_settings();
  EXPECT_EQ(cache_->size_bytes_max, settings_.current().size_bytes_max);
}

TEST_F(CompileServiceTest, TheStampsOfAHitAreAwaited) {
  cache_->given_result("a.c", "text");
  const std::int64_t before_ns = os::wall_ns();
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "hit text");
  client.wait_until_served();
  const std::vector<std::int64_t> awaited_ns = cache_->awaited_ns();
  ASSERT_EQ(awaited_ns.size(), 1U);
  EXPECT_GE(awaited_ns.front(), before_ns);
  EXPECT_LE(awaited_ns.front(), os::wall_ns());
}

TEST_F(CompileServiceTest, AHitIsVerifiedWhereTheRequestWantsIt) {
  cache_->given_result("a.c", "text");
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_VERIFY=1/2"};
  EXPECT_EQ(with(request).answer(), "hit text");
  Client client = with(request);
  EXPECT_EQ(client.answer(), "run");
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("hits/direct"), 2U);
  EXPECT_EQ(figure("verification/verified"), 1U);
}

TEST_F(CompileServiceTest, AShareThatMakesNoSenseIsAWarningAndNoHitIsVerified) {
  cache_->given_result("a.c", "text");
  wire::CompileRequest request = request_for("a.c");
  request.env = {"ZCCACHE_VERIFY=always"};
  EXPECT_EQ(with(request).answer(), "hit text");
  EXPECT_EQ(with(request).answer(), "hit text");
  const codec::Json warnings = codec::Json::parse(service_.statistics_json())->at("warnings");
  ASSERT_EQ(warnings.elements().size(), 1U);
  EXPECT_THAT(warnings.elements()[0].as_text(), HasSubstr("ZCCACHE_VERIFY=always"));
}

TEST_F(CompileServiceTest, AHitWithMoreDescriptorsThanAFrameTakesIsNone) {
  cache_->given_result("a.c", "text");
  cache_->hit_fds = limits::kFrameFdsMax + 1;
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(CompileServiceTest, ABypassNamesItsReason) {
  cache_->bypass = {.reason = Reason::kUnsupportedCompilerOption, .detail = "-fodd"};
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "bypass unsupported_compiler_option -fodd");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("not_cached/unsupported_compiler_option"), 1U);
  EXPECT_EQ(figure("flags/-fodd"), 1U);
}

TEST_F(CompileServiceTest, AWrongOptionIsAnErrorForTheUser) {
  cache_->bypass = {.reason = Reason::kBadCommandOptions, .detail = "--odd"};
  EXPECT_EQ(client_for("a.c").answer(), "error --odd");
}

TEST_F(CompileServiceTest, AMissIsRunAndStored) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
}

TEST_F(CompileServiceTest, ARunWithoutAResultIsAcknowledgedAndCounted) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.report(1);
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(figure("misses"), 0U);
  EXPECT_EQ(figure("not_cached/compile_failed"), 1U);
}

TEST_F(CompileServiceTest, ARequestThatCannotBeDecodedIsAnError) {
  Client client(service_, "no fields");
  EXPECT_THAT(client.answer(), StartsWith("error "));
  EXPECT_EQ(figure("not_cached/internal_error"), 1U);
}

TEST_F(CompileServiceTest, AReportThatCannotBeDecodedStoresNothingAndEndsTheRun) {
  for (const wire::Type type : {wire::Type::kRunReport, wire::Type::kStatus}) {
    wire::FieldWriter frame(type);
    std::string bytes = *frame.finish();
    if (type == wire::Type::kRunReport) {
      bytes = std::string(bytes.substr(0, 8)) + std::string("\1\0\0\0x", 5);
    }
    Client client = client_for("a.c");
    EXPECT_EQ(client.answer(), "run");
    client.send(bytes);
    EXPECT_EQ(client.answer(), "gone");
  }
  EXPECT_EQ(figure("not_cached/internal_error"), 2U);
  EXPECT_EQ(figure("store/results"), 0U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(CompileServiceTest, UnderACallersLimitAHitIsSentButNothingIsRun) {
  cache_->given_result("a.c", "text");
  wire::CompileRequest known = request_for("a.c");
  known.tight_limit = "RLIMIT_STACK";
  known.env = {"ZCCACHE_VERIFY=1/1"};
  EXPECT_EQ(with(known).answer(), "hit text");
  wire::CompileRequest unknown = request_for("b.c");
  unknown.tight_limit = "RLIMIT_STACK";
  EXPECT_EQ(with(unknown).answer(), "bypass caller_limits RLIMIT_STACK");
  known.limits_files = true;
  EXPECT_EQ(with(known).answer(), "bypass caller_limits RLIMIT_STACK");
}

TEST_F(CompileServiceTest, AClientHearsOfUsWhileItsCompilerIsIdentified) {
  cache_->claims.close();
  Client client = client_for("a.c");
  const bool heard = client.hears_a_sign_of_life() && client.hears_a_sign_of_life();
  cache_->claims.open();
  EXPECT_TRUE(heard);
  EXPECT_EQ(client.answer(), "run");
}

TEST_F(CompileServiceTest, AClientHearsOfUsWhileItsResultIsStored) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  cache_->stores.close();
  client.report(0, "text");
  const bool heard = client.hears_a_sign_of_life() && client.hears_a_sign_of_life();
  cache_->stores.open();
  EXPECT_TRUE(heard);
  EXPECT_EQ(client.answer(), "stored");
}

TEST_F(CompileServiceTest, AClientMayGoOnAsSoonAsItsOutputsAreTaken) {
  cache_->takes_early = true;
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  cache_->stores.close();
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  cache_->stores.open();
  EXPECT_EQ(figure("misses"), 1U) << "figures wait for what is being stored";
  EXPECT_EQ(client.answer(), "gone") << "one acknowledgement is enough";
}

TEST_F(CompileServiceTest, TheSameRequestWaitsForTheFirstAndGetsItsResult) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("a.c");
  clock_.wait_for_waiting(1);
  EXPECT_TRUE(second.hears_a_sign_of_life());
  EXPECT_TRUE(second.hears_a_sign_of_life());
  first.report(0, "text");
  EXPECT_EQ(first.answer(), "stored");
  EXPECT_EQ(second.answer(), "hit text");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(figure("hits/direct"), 1U);
  EXPECT_EQ(figure("coalesced"), 1U);
}

TEST_F(CompileServiceTest, AnotherRequestWaitsForNobody) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("b.c");
  EXPECT_EQ(second.answer(), "run");
}

TEST_F(CompileServiceTest, WhenTheRunFailsOneThatWaitedTakesOver) {
  expect_one_takes_over([](Client& leader) {
    leader.report(1);
    EXPECT_EQ(leader.answer(), "stored");
  });
  EXPECT_EQ(figure("not_cached/compile_failed"), 1U);
}

TEST_F(CompileServiceTest, WhenTheClientThatRunsGoesAwayOneThatWaitedTakesOver) {
  expect_one_takes_over([](Client& leader) { leader.leave(); });
  EXPECT_EQ(figure("clients_lost"), 1U);
}

TEST_F(CompileServiceTest, AClientThatGoesAwayBeforeItsReportLeavesNothingBehind) {
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.leave();
  client.wait_until_served();
  EXPECT_EQ(figure("clients_lost"), 1U);
  EXPECT_EQ(figure("misses"), 0U);
  EXPECT_EQ(figure("store/results"), 0U);
  EXPECT_THAT(lifecycle_log(), HasSubstr("\"event\":\"client_cancelled\""));
  EXPECT_THAT(lifecycle_log(), HasSubstr("\"kind\":\"compile\""));
  EXPECT_EQ(client_for("a.c").answer(), "run") << "nobody compiles it any more";
}

TEST_F(CompileServiceTest, AClientThatGoesAwayWhileItWaitsIsLetGo) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("a.c");
  clock_.wait_for_waiting(1);
  second.leave();
  second.wait_until_served();
  EXPECT_EQ(figure("clients_lost"), 1U);
  first.report(0, "text");
  EXPECT_EQ(first.answer(), "stored");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(figure("coalesced"), 0U);
}

TEST_F(CompileServiceTest, NobodyWaitsLongerForAnotherThanItsPatience) {
  Client first = client_for("a.c");
  EXPECT_EQ(first.answer(), "run");
  Client second = client_for("a.c");
  clock_.wait_for_waiting(1);
  clock_.advance(limits::kCoalesceMs - 1);
  clock_.wait_until_seen();
  EXPECT_TRUE(second.hears_a_sign_of_life());
  clock_.advance(1);
  EXPECT_EQ(second.answer(), "run");
  for (Client* client : {&first, &second}) {
    client->report(0, "text");
    EXPECT_EQ(client->answer(), "stored");
  }
  EXPECT_EQ(figure("misses"), 2U);
}

TEST_F(CompileServiceTest, AnObservedRunGetsAChannelThatIsReadAfterwards) {
  cache_->is_observed = true;
  Client whole = client_for("a.rs");
  EXPECT_EQ(whole.answer(), "run");
  EXPECT_TRUE(whole.fd().valid());
  whole.report(0);
  EXPECT_EQ(whole.answer(), "stored");
  EXPECT_EQ(cache_->observation(), "whole");

  Client damaged = client_for("b.rs");
  EXPECT_EQ(damaged.answer(), "run");
  EXPECT_EQ(::pwrite(damaged.fd().get(), "x", 1, 0), 1);
  damaged.report(0);
  EXPECT_EQ(damaged.answer(), "stored");
  EXPECT_EQ(cache_->observation(), "the observation is damaged");
}

TEST_F(CompileServiceTest, ABusyDaemonTurnsAClientAwayWhetherItReadsOrNot) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  wire::Connection daemon{os::Fd(ends[0])};
  wire::Connection client{os::Fd(ends[1])};
  service_.turn_away(daemon);
  const Result<wire::Frame> frame = client.receive(kWaitMs);
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->type, wire::Type::kBypass);
  EXPECT_EQ(wire::decode_bypass(frame->payload)->reason, "daemon_busy");
  // Returns at once, although nothing more goes in.
  const std::string filler(4096, 'f');
  while (::send(daemon.fd(), filler.data(), filler.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }
  service_.turn_away(daemon);
  EXPECT_EQ(figure("not_cached/daemon_busy"), 2U);
}

TEST_F(CompileServiceTest, ClearForgetsResultsAndFigures) {
  cache_->given_result("a.c", "text");
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
  EXPECT_EQ(service_.clear().value_or(""), "{\"results_removed\":1,\"bytes_freed\":0}");
  EXPECT_EQ(figure("hits/direct"), 0U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(CompileServiceTest, WithoutACacheEveryCompileIsABypass) {
  const auto env = [](const char* name) {
    return std::string_view(name) == "ZCCACHE_MAX_SIZE" ? "an odd \"value\"" : nullptr;
  };
  Settings settings(files_, {.env = env}, log_);
  CompileService service(locations_, settings, log_, history_, std::string(kVersion),
                         fail(Code::kIo, "disk on fire"));
  Client client(service, payload_of(request_for("a.c")));
  EXPECT_EQ(client.answer(), "bypass store_unavailable the store cannot be opened: disk on fire");
  const codec::Json warnings = codec::Json::parse(service.standing_json())->at("warnings");
  ASSERT_EQ(warnings.elements().size(), 2U);
  EXPECT_THAT(warnings.elements()[0].as_text(), HasSubstr("=an odd \"value\""));
  EXPECT_EQ(warnings.elements()[1].as_text(), "the store cannot be opened: disk on fire");
  EXPECT_FALSE(service.clear());
}

// --- second runs

class SecondRunTest : public CompileServiceTest {
 protected:
  SecondRunTest() { cache_->doubts = true; }

  // Until the second run is ordered.
  void run_once(Client& client) const {
    EXPECT_EQ(client.answer(), "run");
    client.report(0, "text");
    EXPECT_EQ(client.answer(), "run");
  }
};

TEST_F(SecondRunTest, WhatBothRunsLeaveIsStored) {
  Client client = client_for("a.c");
  run_once(client);
  EXPECT_EQ(figure("store/results"), 0U);
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("misses"), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "hit text");
}

TEST_F(SecondRunTest, TheUserGetsWhatTheFirstHasLeftIfTheyDiffer) {
  for (const int exit_code : {0, 1}) {
    Client client = client_for("a.c");
    run_once(client);
    client.report(exit_code, "another text");
    EXPECT_EQ(client.answer(), "hit text");
    EXPECT_EQ(client.answer(), "gone");
  }
  EXPECT_EQ(figure("misses"), 0U);
  EXPECT_EQ(figure("not_cached/unrepeatable_input"), 1U);
  EXPECT_EQ(figure("not_cached/compile_failed"), 1U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(SecondRunTest, OfAClientThatLeavesNothingIsStored) {
  Client client = client_for("a.c");
  run_once(client);
  client.leave();
  client.wait_until_served();
  EXPECT_EQ(figure("store/results"), 0U);
  EXPECT_EQ(client_for("a.c").answer(), "run");
}

TEST_F(SecondRunTest, AReportThatCannotBeDecodedBringsTheFirstBack) {
  Client client = client_for("a.c");
  run_once(client);
  client.send(*wire::encode_plain(wire::Type::kStatus, kVersion));
  EXPECT_EQ(client.answer(), "hit text");
  EXPECT_EQ(figure("store/results"), 0U);
}

TEST_F(SecondRunTest, ThereIsNoneForAClientThatHasGoneOn) {
  cache_->takes_early = true;
  Client client = client_for("a.c");
  EXPECT_EQ(client.answer(), "run");
  client.report(0, "text");
  EXPECT_EQ(client.answer(), "stored");
  EXPECT_EQ(client.answer(), "gone");
  EXPECT_EQ(figure("store/results"), 0U);
}

}  // namespace
}  // namespace zc::daemon
