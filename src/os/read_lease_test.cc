#include "os/read_lease.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "os/fd.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class ReadLeaseTest : public ::testing::Test {
 protected:
  ReadLeaseTest() : path_(scratch_ / "file") {
    ignore_lease_signals();
    std::ofstream(path_) << "text";
  }

  Fd open(int flags) const { return Fd(::open(path_.c_str(), flags | O_CLOEXEC)); }

  test::TemporaryDirectory scratch_;
  std::string path_;
};

TEST_F(ReadLeaseTest, KeepsWritersOut) {
  const Fd file = open(O_RDONLY);
  std::optional<ReadLease> lease(file.get());
  if (!lease->is_held()) {
    GTEST_SKIP() << "this file system has no leases";
  }
  EXPECT_TRUE(open(O_RDONLY)) << "readers are welcome";
  EXPECT_TRUE(lease->is_held());
  EXPECT_FALSE(open(O_WRONLY | O_NONBLOCK)) << "who does not want to wait is told";
  EXPECT_EQ(errno, EWOULDBLOCK);
  EXPECT_FALSE(lease->is_held()) << "somebody has asked";
  lease.reset();
  EXPECT_TRUE(open(O_WRONLY | O_NONBLOCK));
}

TEST_F(ReadLeaseTest, IsNotGivenWhileSomebodyWrites) {
  const Fd writer = open(O_WRONLY);
  const Fd file = open(O_RDONLY);
  EXPECT_FALSE(ReadLease(file.get()).is_held());
}

}  // namespace
}  // namespace zc::os
