#include "daemon/session_service.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "lifecycle/private_daemon.h"
#include "os/pipe.h"

namespace zc::daemon {
namespace {

using ::testing::HasSubstr;

class NoHistory final : public history::CommandLog {
 public:
  void add(std::string, history::CommandRecord) override {}
  void flush() override {}
};

class SessionServiceTest : public ::testing::Test {
 protected:
  SessionServiceTest() {
    locations_.root = "/cache/v1";
    locations_.endpoint = "/cache/v1/d.sock";
  }

  static wire::Frame frame_of(wire::Type type, const Result<std::string>& bytes,
                              std::vector<os::Fd> fds = {}) {
    return {.type = type, .payload = bytes->substr(wire::kHeaderBytes), .fds = std::move(fds)};
  }
  Result<std::string> start(const wire::SessionStart& start, std::vector<os::Fd> fds = {}) {
    return service_.handle(frame_of(wire::Type::kSessionStart, wire::encode(start), std::move(fds)),
                           [] { return true; });
  }
  Result<std::string> send(wire::Type type, std::string_view text) {
    return service_.handle(frame_of(type, wire::encode_text(type, "1", text)),
                           [] { return false; });
  }

  lifecycle::Locations locations_;
  history::Sessions sessions_;
  NoHistory history_;
  RunningCommands running_;
  BypassedCommands commands_{{.history = history_, .sessions = sessions_, .running = running_}, 4};
  SessionService service_{locations_, [](const char*) { return nullptr; }, sessions_, commands_};
  SessionService private_{locations_,
                          [](const char* name) -> const char* {
                            const std::string_view word = name;
                            return word == lifecycle::kPrivateDaemon      ? "1"
                                   : word == lifecycle::kPrivateVariables ? "ZCCACHE_LOG"
                                                                          : nullptr;
                          },
                          sessions_, commands_};
};

TEST_F(SessionServiceTest, ASessionHasAnIdAndABegin) {
  const auto reply = codec::Json::parse(*start({.cwd = "/w"}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->at("session_id").as_text().size(), 36U);
  EXPECT_GT(reply->at("started_at").as_u64(), 1'700'000'000U);
}

TEST_F(SessionServiceTest, TheDaemonOpensNothingAndTakesPlainFilesOnly) {
  EXPECT_THAT(start({.cwd = "/w", .has_journal = true}).error().message,
              HasSubstr("without the journal"));
  auto pipe = os::make_pipe();
  std::vector<os::Fd> fds;
  fds.push_back(std::move(pipe->write));
  EXPECT_THAT(start({.cwd = "/w", .has_log = true}, std::move(fds)).error().message,
              HasSubstr("the log is no plain file"));
  EXPECT_FALSE(sessions_.any());
}

TEST_F(SessionServiceTest, AMessageThatMakesNoSenseIsRefused) {
  EXPECT_FALSE(start({.cwd = "relative"}));
  EXPECT_FALSE(send(wire::Type::kSessionEnd, ""));
  EXPECT_FALSE(service_.handle({.type = wire::Type::kSessionStart, .payload = "\1", .fds = {}},
                               [] { return false; }));
}

TEST_F(SessionServiceTest, OnlyAPrivateDaemonHasOwners) {
  wire::SessionStart owned = {.cwd = "/w", .is_private = true};
  owned.owners = {static_cast<std::uint64_t>(::getpid())};
  EXPECT_THAT(start(owned).error().message, HasSubstr("is not a private one"));
  EXPECT_TRUE(service_.owners().fds().empty());

  const wire::Frame frame = frame_of(wire::Type::kSessionStart, wire::encode(owned));
  const auto reply = private_.handle({.type = frame.type, .payload = frame.payload, .fds = {}},
                                     [] { return false; });
  ASSERT_TRUE(reply);
  EXPECT_EQ(private_.owners().fds().size(), 1U);
  EXPECT_THAT(*reply, HasSubstr(R"("private_env":{"ZCCACHE_LOG":"<redacted>"})"));
  codec::Json status = codec::Json::object();
  private_.describe(status);
  EXPECT_TRUE(status.at("private_daemon").as_flag());
  EXPECT_EQ(status.at("private_env").dump_line(), R"({"ZCCACHE_LOG":"<redacted>"})");
  EXPECT_EQ(status.at("sessions").dump_line(), R"({"active":1,"total":1})");
  EXPECT_EQ(status.at("private_owners").elements().size(), 1U);
}

TEST_F(SessionServiceTest, AnOwnerThatIsNotThereIsAnErrorAndNoSessionStays) {
  wire::SessionStart owned = {.cwd = "/w", .is_private = true};
  owned.owners = {UINT64_MAX};
  const wire::Frame frame = frame_of(wire::Type::kSessionStart, wire::encode(owned));
  EXPECT_FALSE(private_.handle({.type = frame.type, .payload = frame.payload, .fds = {}},
                               [] { return false; }));
  EXPECT_FALSE(sessions_.any());
}

TEST_F(SessionServiceTest, ToEndWhatIsNotKnownSucceeds) {
  EXPECT_THAT(*send(wire::Type::kSessionEnd, "nobody"), HasSubstr("stats_unavailable"));
  EXPECT_EQ(send(wire::Type::kSessionStats, "nobody").error().message, "unknown session nobody");
}

TEST_F(SessionServiceTest, ThePathOfTheCacheIsNotReleased) {
  EXPECT_FALSE(send(wire::Type::kReleaseHandles, "/cache"));
  EXPECT_FALSE(send(wire::Type::kReleaseHandles, "/"));
  (void)start({.cwd = "/w/a"});
  EXPECT_EQ(*send(wire::Type::kReleaseHandles, "/w"),
            R"({"inspected":1,"released":0,"sessions_dropped":1,"unreleased":0})");
}

}  // namespace
}  // namespace zc::daemon
