#include "daemon/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "os/clock.h"
#include "os/socket.h"
#include "support/patience.h"
#include "support/temporary_directory.h"
#include "wire/message.h"

namespace zc::daemon {
namespace {

using test::kWaitMs;

// Holds every compile until the gate opens, or waits for the client's report.
class FakeService final : public Service {
 public:
  void compile(wire::Connection& connection, wire::Frame) override {
    ++running;
    if (waits_for_report) {
      report_came = connection.receive(-1).has_value();
    } else {
      MutexLock lock(mutex_);
      while (!open_) {
        changed_.wait(mutex_);
      }
    }
    --running;
    ++compiles;
    (void)connection.send(*wire::encode_plain(wire::Type::kStored, "9.9.9"));
  }
  void turn_away(wire::Connection& connection) override {
    ++turned_away;
    (void)connection.send(*wire::encode_plain(wire::Type::kBypass, "9.9.9"));
  }
  const std::string& standing_json() const override { return standing_; }
  std::string statistics_json() override { return "{\"fake\":true}"; }
  void zero(bool days_too) override { ++(days_too ? zeroes_of_days : zeroes); }
  Result<std::string> clear() override {
    return clear_works ? Result<std::string>("{}") : fail(Code::kIo, "disk on fire");
  }
  void drain() override {}

  void open_gate() {
    MutexLock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  std::atomic<int> zeroes = 0;
  std::atomic<int> zeroes_of_days = 0;
  std::atomic<int> running = 0;
  std::atomic<int> compiles = 0;
  std::atomic<int> turned_away = 0;
  std::atomic<bool> report_came = false;
  bool waits_for_report = false;
  bool clear_works = true;

 private:
  const std::string standing_ = "{\"here\":true}";
  Mutex mutex_;
  CondVar changed_;
  bool open_ ZC_GUARDED_BY(mutex_) = false;
};

class ServerTest : public ::testing::Test {
 protected:
  ~ServerTest() override { service_.open_gate(); }

  void start(ServerOptions options = {}) {
    options.version = "9.9.9";
    options.uid = options.uid == 0 ? ::geteuid() : options.uid;
    Result<os::Fd> listener = os::listen_unix(path_);
    ASSERT_TRUE(listener);
    server_ = std::make_unique<Server>(
        *std::move(listener), service_, log_, options,
        ServerHooks{.shutdown_requested = [this] { ++shutdowns_; },
                    .not_understood = [this](const std::string&) { ++complaints_; }});
    ASSERT_TRUE(server_->start());
  }

  wire::Connection connect() { return wire::Connection(*os::connect_unix(path_)); }

  wire::Connection ask(wire::Type type) {
    wire::Connection connection = connect();
    // Where the server has closed already, receiving fails too.
    (void)connection.send(*wire::encode_plain(type, "1.0.0"));
    return connection;
  }

  void expect_silent_connection_closed() {
    wire::Connection connection = connect();
    const Result<wire::Frame> reply = connection.receive(kWaitMs);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, Code::kUnavailable);
  }

  template <class Condition>
  static bool eventually(Condition condition) {
    const os::Deadline deadline(kWaitMs);
    while (!condition()) {
      if (deadline.passed()) {
        return false;
      }
      std::this_thread::yield();
    }
    return true;
  }

  test::TemporaryDirectory directory_;
  const std::string path_ = directory_ / "s";
  FakeService service_;
  log::Log log_{log::Level::kError};
  std::atomic<int> shutdowns_ = 0;
  std::atomic<int> complaints_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersControlRequests) {
  start();
  const Result<wire::Frame> status = ask(wire::Type::kStatus).receive(kWaitMs);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->type, wire::Type::kStatusReply);
  EXPECT_EQ(wire::decode_plain(status->payload)->version, "9.9.9");
  EXPECT_EQ(wire::decode_plain(status->payload)->text, "{\"here\":true}");

  const Result<wire::Frame> figures = ask(wire::Type::kStatistics).receive(kWaitMs);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->type, wire::Type::kStatisticsReply);
  EXPECT_EQ(wire::decode_plain(figures->payload)->text, "{\"fake\":true}");

  const Result<wire::Frame> zeroed = ask(wire::Type::kZero).receive(kWaitMs);
  ASSERT_TRUE(zeroed);
  EXPECT_EQ(zeroed->type, wire::Type::kZeroReply);
  EXPECT_EQ(service_.zeroes, 1);
  wire::Connection all = connect();
  ASSERT_TRUE(all.send(*wire::encode_text(wire::Type::kZero, "1.0.0", "all")));
  ASSERT_TRUE(all.receive(kWaitMs));
  EXPECT_EQ(service_.zeroes_of_days, 1);

  const Result<wire::Frame> cleared = ask(wire::Type::kClear).receive(kWaitMs);
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->type, wire::Type::kClearReply);

  const Result<wire::Frame> bye = ask(wire::Type::kShutdown).receive(kWaitMs);
  ASSERT_TRUE(bye);
  EXPECT_EQ(bye->type, wire::Type::kShutdownReply);
  EXPECT_TRUE(eventually([&] { return shutdowns_ == 1; }));
}

TEST_F(ServerTest, SaysThatClearingFailed) {
  service_.clear_works = false;
  start();
  const Result<wire::Frame> reply = ask(wire::Type::kClear).receive(kWaitMs);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->type, wire::Type::kError);
  EXPECT_EQ(wire::decode_plain(reply->payload)->text, "disk on fire");
}

TEST_F(ServerTest, AnswersGarbageAndComplainsOnce) {
  start();
  for (int i = 0; i < 3; ++i) {
    wire::Connection connection = connect();
    ASSERT_TRUE(connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    const Result<wire::Frame> reply = connection.receive(kWaitMs);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->type, wire::Type::kError);
    EXPECT_EQ(wire::decode_plain(reply->payload)->version, "9.9.9");
  }
  const Result<wire::Frame> reply = ask(wire::Type::kHit).receive(kWaitMs);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->type, wire::Type::kError);
  EXPECT_TRUE(eventually([&] { return server_->activity().running == 0; }));
  EXPECT_EQ(complaints_, 1);
}

TEST_F(ServerTest, AFrameThatClaimsToBeHugeIsGarbage) {
  start();
  wire::Connection connection = connect();
  ASSERT_TRUE(connection.send(std::string("zcc1\x14\0\0\0\xff\xff\xff\xff", 12)));
  const Result<wire::Frame> reply = connection.receive(kWaitMs);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->type, wire::Type::kError);
}

TEST_F(ServerTest, AConnectionThatSaysNothingIsClosed) {
  start({.first_frame_ms = 20});
  expect_silent_connection_closed();
}

TEST_F(ServerTest, OtherUsersAreRefused) {
  start({.uid = ::geteuid() + 1});
  const Result<wire::Frame> reply = ask(wire::Type::kStatus).receive(kWaitMs);
  EXPECT_FALSE(reply);
}

TEST_F(ServerTest, ManyCompilesRunAtOnceAndControlStillAnswers) {
  constexpr int kCompiles = 20;
  start();
  std::vector<wire::Connection> connections;
  for (int i = 0; i < kCompiles; ++i) {
    connections.push_back(ask(wire::Type::kCompile));
  }
  EXPECT_TRUE(eventually([&] { return service_.running == kCompiles; }));
  EXPECT_TRUE(ask(wire::Type::kStatus).receive(kWaitMs));
  service_.open_gate();
  for (wire::Connection& connection : connections) {
    EXPECT_TRUE(connection.receive(kWaitMs));
  }
  EXPECT_EQ(service_.compiles, kCompiles);
}

class SaturatedServerTest : public ServerTest {
 protected:
  // All threads serve, and none of them gets on.
  void saturate(ServerOptions options = {}) {
    options.threads_max = 3;
    start(options);
    for (std::size_t i = 0; i < options.threads_max; ++i) {
      compiles_.push_back(ask(wire::Type::kCompile));
    }
    ASSERT_TRUE(eventually([&] { return service_.running == 3; }));
  }

  bool answers(wire::Type question, wire::Type answer) {
    const Result<wire::Frame> reply = ask(question).receive(kWaitMs);
    return reply && reply->type == answer;
  }

  std::vector<wire::Connection> compiles_;
};

TEST_F(SaturatedServerTest, WhoAsksIsAnsweredAndCompilesAreSentAway) {
  saturate();
  // A thread apart ends a moment after its reply, and there are few of them.
  const auto answers_alone = [&](wire::Type question, wire::Type answer) {
    return eventually([&] { return server_->activity().running == compiles_.size(); }) &&
           answers(question, answer);
  };
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(answers(wire::Type::kStatus, wire::Type::kStatusReply));
    EXPECT_TRUE(answers(wire::Type::kCompile, wire::Type::kBypass));
    EXPECT_TRUE(answers_alone(wire::Type::kStatistics, wire::Type::kStatisticsReply));
    EXPECT_TRUE(answers_alone(wire::Type::kClear, wire::Type::kClearReply));
    EXPECT_TRUE(answers_alone(wire::Type::kHit, wire::Type::kError));
  }
  EXPECT_EQ(service_.turned_away, 20);
  EXPECT_EQ(service_.running, 3);
  EXPECT_TRUE(answers(wire::Type::kShutdown, wire::Type::kShutdownReply));
  EXPECT_TRUE(eventually([&] { return shutdowns_ == 1; }));
  service_.open_gate();
  for (wire::Connection& connection : compiles_) {
    EXPECT_TRUE(connection.receive(kWaitMs));
  }
  EXPECT_TRUE(eventually([&] { return answers(wire::Type::kCompile, wire::Type::kStored); }));
}

TEST_F(SaturatedServerTest, ClientsThatSayNothingHoldUpNobody) {
  saturate();
  std::vector<wire::Connection> silent;
  for (int i = 0; i < 300; ++i) {
    silent.push_back(connect());
  }
  // One that begins, one that claims more than it brings, one that talks about something else.
  ASSERT_TRUE(silent[0].send("zcc1"));
  ASSERT_TRUE(silent[1].send(std::string("zcc1\1\0\0\0\xff\xff\0\0", 12)));
  ASSERT_TRUE(silent[2].send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_TRUE(answers(wire::Type::kStatus, wire::Type::kStatusReply));
  EXPECT_TRUE(answers(wire::Type::kCompile, wire::Type::kBypass));
  EXPECT_FALSE(silent[0].receive(kWaitMs));
}

TEST_F(SaturatedServerTest, SlowSendersInEveryThreadHoldUpNobody) {
  start({.threads_max = 3});
  std::vector<wire::Connection> slow;
  for (int i = 0; i < 3; ++i) {
    slow.push_back(connect());
    ASSERT_TRUE(slow.back().send("zcc1"));
  }
  ASSERT_TRUE(eventually([&] { return server_->activity().running == 3; }));
  EXPECT_TRUE(answers(wire::Type::kStatus, wire::Type::kStatusReply));
}

TEST_F(SaturatedServerTest, AConnectionThatSaysNothingIsClosedByTheReserveToo) {
  saturate({.first_frame_ms = 20});
  expect_silent_connection_closed();
}

TEST_F(SaturatedServerTest, StoppingEndsTheReserveToo) {
  saturate();
  const wire::Connection silent = connect();
  EXPECT_TRUE(answers(wire::Type::kStatus, wire::Type::kStatusReply));
  server_->stop_accepting();
  service_.open_gate();
  EXPECT_TRUE(server_->drain(kWaitMs, kWaitMs));
}

TEST_F(ServerTest, AClaimBuysNoMemory) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP()
      << "the sanitizer's own memory for a hundred threads is larger than what is measured";
#endif
  const auto resident = [] {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    file >> pages >> pages;
    return pages * static_cast<std::size_t>(::getpagesize());
  };
  start();
  const std::size_t before = resident();
  std::string part("zcc1\x14\0\0\0\0\0\0\1", 12);
  part.append(1000, 'x');
  std::vector<wire::Connection> connections;
  for (int i = 0; i < 100; ++i) {
    connections.push_back(connect());
    ASSERT_TRUE(connections.back().send(part));
  }
  ASSERT_TRUE(eventually([&] { return server_->activity().running == 100; }));
  EXPECT_LT(resident() - before, std::size_t{64} << 20);  // claimed: 1.6 GB
}

TEST_F(ServerTest, WhatArrivesInPartIsBoundedForAllTogether) {
  start({.receive_bytes_max = std::size_t{1} << 20});
  wire::Connection connection = connect();
  const std::string large = *wire::encode_text(wire::Type::kStatus, "1", std::string(3 << 20, 'x'));
  // It is closed in the middle.
  EXPECT_FALSE(connection.send(large, {}, kWaitMs) && connection.receive(kWaitMs));
  // What was taken has been given back.
  wire::Connection next = connect();
  ASSERT_TRUE(next.send(*wire::encode_text(wire::Type::kStatus, "1", std::string(500'000, 'x')), {},
                        kWaitMs));
  EXPECT_TRUE(next.receive(kWaitMs));
}

TEST_F(ServerTest, ARequestThatComesInDripsIsGivenUp) {
  start({.first_frame_ms = 100});
  wire::Connection connection = connect();
  ASSERT_TRUE(connection.send(std::string("zcc1\x01\0\0\0\xff\xff\0\0", 12)));
  EXPECT_TRUE(eventually([&] { return !connection.send("x"); }));
}

TEST_F(ServerTest, ActivityCountsFromTheEnd) {
  start();
  wire::Connection connection = ask(wire::Type::kCompile);
  ASSERT_TRUE(eventually([&] { return server_->activity().running == 1; }));
  const std::int64_t before = os::monotonic_ms();
  service_.open_gate();
  ASSERT_TRUE(eventually([&] { return server_->activity().running == 0; }));
  EXPECT_GE(server_->activity().last_end_ms, before);
}

TEST_F(ServerTest, StoppingRefusesNewClientsAndFinishesOldOnes) {
  start();
  wire::Connection running = ask(wire::Type::kCompile);
  ASSERT_TRUE(eventually([&] { return service_.running == 1; }));
  server_->stop_accepting();
  EXPECT_FALSE(os::connect_unix(path_));
  EXPECT_FALSE(server_->drain(1, 1));
  service_.open_gate();
  EXPECT_TRUE(server_->drain(kWaitMs, kWaitMs));
  const Result<wire::Frame> reply = running.receive(kWaitMs);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->type, wire::Type::kStored);
}

TEST_F(ServerTest, AReportThatDoesNotComeIsGivenUp) {
  service_.waits_for_report = true;
  start();
  const wire::Connection silent = ask(wire::Type::kCompile);
  ASSERT_TRUE(eventually([&] { return service_.running == 1; }));
  server_->stop_accepting();
  EXPECT_TRUE(server_->drain(kWaitMs, 1));
  EXPECT_EQ(service_.compiles, 1);
  EXPECT_FALSE(service_.report_came);
}

TEST_F(ServerTest, SurplusThreadsEndAndTheRestServes) {
  const auto threads = [] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator("/proc/self/task")) {
      ++count;
    }
    return count;
  };
  // Two that wait and the reserve.
  const std::size_t before = threads() + 1;
  start({.waiting_max = 4, .idle_thread_ms = 10});
  std::vector<wire::Connection> connections;
  for (int i = 0; i < 8; ++i) {
    connections.push_back(ask(wire::Type::kCompile));
  }
  ASSERT_TRUE(eventually([&] { return service_.running == 8; }));
  EXPECT_GT(threads(), before + 2);
  service_.open_gate();
  EXPECT_TRUE(eventually([&] { return threads() <= before + 2; }));
  EXPECT_TRUE(ask(wire::Type::kStatus).receive(kWaitMs));
}

TEST_F(ServerTest, OnlySoManyThreadsStayAfterABurst) {
  start({.waiting_max = 3, .idle_thread_ms = 60'000});
  const auto threads = [] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator("/proc/self/task")) {
      ++count;
    }
    return count;
  };
  const std::size_t before = threads();
  std::vector<wire::Connection> connections;
  for (int i = 0; i < 20; ++i) {
    connections.push_back(ask(wire::Type::kCompile));
  }
  ASSERT_TRUE(eventually([&] { return service_.running == 20; }));
  service_.open_gate();
  EXPECT_TRUE(eventually([&] { return threads() <= before + 1; }));
  EXPECT_TRUE(ask(wire::Type::kStatus).receive(kWaitMs));
}

}  // namespace
}  // namespace zc::daemon
