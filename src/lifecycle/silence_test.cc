#include "lifecycle/silence.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/socket.h"
#include "support/temporary_directory.h"

namespace zc::lifecycle {
namespace {

using Advice = SilenceMark::Advice;

class SilenceTest : public ::testing::Test {
 protected:
  SilenceTest() { EXPECT_TRUE(os::replace_file(at_.endpoint, "", 0600)); }

  static Locations locations_at(const std::string& endpoint) {
    Locations out;
    out.endpoint = endpoint;
    out.lock = endpoint + ".lock";
    return out;
  }

  std::string mark_path() const { return at_.lock + ".silent"; }
  bool is_marked() const {
    struct stat st = {};
    return ::lstat(mark_path().c_str(), &st) == 0;
  }
  // A mark for the present socket that ends so long from now.
  void given_mark(std::int64_t left_ms, std::int64_t span_ms) const {
    const os::FileStamp socket = *os::stat_path(at_.endpoint);
    ::unlink(mark_path().c_str());
    const std::string text = str_cat(socket.dev, ' ', socket.ino, ' ', socket.ctime_ns, ',',
                                     os::monotonic_ms() + left_ms, ',', span_ms);
    ASSERT_EQ(::symlink(text.c_str(), mark_path().c_str()), 0);
  }

  test::TemporaryDirectory directory_;
  const Locations at_ = locations_at(directory_ / "s");
  const SilenceMark mark_{at_};
};

TEST_F(SilenceTest, OneThatWasSilentIsLeftAloneUntilItAnswers) {
  EXPECT_EQ(mark_.look(), Advice::kWait);
  mark_.set();
  EXPECT_EQ(mark_.look(), Advice::kLeave);
  EXPECT_EQ(mark_.look(), Advice::kLeave);
  mark_.clear();
  EXPECT_EQ(mark_.look(), Advice::kWait);
}

TEST_F(SilenceTest, WhenTheTimeIsOverOneClientAsksAndTheOthersKeepAway) {
  for (const std::int64_t span_ms : {5'000, 20'000, 60'000}) {
    given_mark(-1, span_ms);
    EXPECT_EQ(mark_.look(), Advice::kProbe);
    EXPECT_EQ(mark_.look(), Advice::kLeave);
    // The client that tried again heard nothing.
    mark_.set();
    EXPECT_EQ(mark_.look(), Advice::kLeave);
  }
}

TEST_F(SilenceTest, TheNextDaemonIsNotTheOneThatIsMeant) {
  mark_.set();
  ASSERT_EQ(::unlink(at_.endpoint.c_str()), 0);
  ASSERT_TRUE(os::listen_unix(at_.endpoint));
  EXPECT_EQ(mark_.look(), Advice::kWait);
  EXPECT_FALSE(is_marked());
}

TEST_F(SilenceTest, MarksThatCannotBeTrueAreNotBelieved) {
  for (const char* text :
       {"x", ",,", "1 2 3,4", "1 2 3,soon,5000", "1 2 3,99999999999999999999,1"}) {
    ::unlink(mark_path().c_str());
    ASSERT_EQ(::symlink(text, mark_path().c_str()), 0);
    EXPECT_EQ(mark_.look(), Advice::kWait) << text;
  }
  // Of an earlier boot.
  given_mark(3'600'000, 5'000);
  EXPECT_EQ(mark_.look(), Advice::kProbe);
  ::unlink(mark_path().c_str());
  ASSERT_TRUE(os::replace_file(mark_path(), "not a link", 0600));
  EXPECT_EQ(mark_.look(), Advice::kWait);
}

TEST_F(SilenceTest, NothingIsWrittenWhereOthersMayWrite) {
  ASSERT_EQ(::chmod(std::string(directory_ / ".").c_str(), 0777), 0);
  mark_.set();
  EXPECT_FALSE(is_marked());
}

TEST_F(SilenceTest, WithoutASocketThereIsNobodyToLeaveAlone) {
  ASSERT_EQ(::unlink(at_.endpoint.c_str()), 0);
  mark_.set();
  EXPECT_FALSE(is_marked());
}

}  // namespace
}  // namespace zc::lifecycle
