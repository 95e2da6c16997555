#include "client/inherited_descriptors.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::client {
namespace {

// What a process finds that has only the standard descriptors, and these from 3 on.
bool is_found(int further, const std::string& make_flags) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::closefrom(3);
    for (int i = 0; i < further; ++i) {
      (void)::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    ::_exit(has_inherited_descriptors(make_flags) ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  return WEXITSTATUS(status) == 1;
}

TEST(InheritedDescriptors, AreThoseBesideTheStandardOnes) {
  EXPECT_FALSE(is_found(0, ""));
  EXPECT_TRUE(is_found(1, ""));
}

TEST(InheritedDescriptors, ThePipesOfAJobserverAreNone) {
  for (const char* option : {"--jobserver-auth=", "--jobserver-fds="}) {
    EXPECT_FALSE(is_found(2, str_cat(" -j2 ", option, "3,4"))) << option;
    EXPECT_TRUE(is_found(3, str_cat("-j2 ", option, "3,4"))) << option;
  }
  EXPECT_FALSE(is_found(0, "-j --jobserver-auth=fifo:/tmp/x"));
  EXPECT_TRUE(is_found(2, "-j --jobserver-auth=fifo:/tmp/x"));
  EXPECT_TRUE(is_found(2, "--jobserver=3,4"));
}

}  // namespace
}  // namespace zc::client
