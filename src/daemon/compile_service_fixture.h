// For tests of CompileService: a cache, a clock, a history and clients of the test's own.
//
// Thread: as each class says; a test has one thread, and each client another.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "codec/json.h"
#include "daemon/compile_service.h"
#include "daemon/kept_history_fixture.h"
#include "os/file.h"
#include "support/mem_file_system.h"
#include "support/patience.h"
#include "support/temporary_directory.h"
#include "wire/message.h"

namespace zc::daemon::service_test {

using compiler::Bypass;
using compiler::Reason;
using test::kWaitMs;

inline constexpr std::string_view kVersion = "9.9.9";

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

  std::optional<std::uint64_t> note_use(const engine::HitReply& hit) override {
    return hit.hit.out.size();
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
  Remembered remember(const engine::CacheableCompile&, const std::optional<codec::Digest>& hit,
                      std::string_view) override {
    return {.result = hit};
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
  // `pid`: of the process that is at the other end, for the daemon.
  Client(CompileService& service, std::string payload, std::int32_t pid = 0) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    connection_.emplace(os::Fd(ends[0]));
    serving_ =
        std::jthread([&service, pid, daemon_end = ends[1], payload = std::move(payload)]() mutable {
          wire::Connection connection{os::Fd(daemon_end)};
          connection.set_peer_pid(pid);
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

  void report(int exit_code, const std::string& out = {}, std::uint64_t duration_ns = 0) {
    wire::RunReport report;
    report.exit_code = exit_code;
    report.out = out;
    report.duration_ns = duration_ns;
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

  History history() {
    return {.running = running_,
            .bypassed = bypassed_,
            .commands = history_,
            .statistics = statistics_,
            .sessions = session_service_};
  }

  test::TemporaryDirectory directory_;
  lifecycle::Locations locations_;
  const os::Fd null_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  const log::Log log_{log::Level::kError, null_.get()};
  test::MemFileSystem fs_;
  config::Files files_{fs_};
  Settings settings_{files_, {.env = [](const char*) { return nullptr; }}, log_};
  FakeClock clock_;
  history::Statistics statistics_{directory_ / "statistics.json", {}, [](const std::string&) {}};
  KeptHistory history_{statistics_};
  history::Sessions sessions_;
  RunningCommands running_;
  BypassedCommands bypassed_{{.history = history_, .sessions = sessions_, .running = running_}, 4};
  SessionService session_service_{locations_, [](const char*) { return nullptr; }, sessions_,
                                  bypassed_};
  FakeCache* const cache_ = new FakeCache;  // owned by the service
  CompileService service_{locations_,
                          settings_,
                          log_,
                          history(),
                          std::string(kVersion),
                          std::unique_ptr<CompileCache>(cache_),
                          {.now_ms = [this] { return clock_.now_ms(); }, .heartbeat_ms = 2}};
};

}  // namespace zc::daemon::service_test
