#include "client/inherited_descriptors.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::client {
namespace {

// What a process finds that has only the standard descriptors, and these from 3 on.
std::string found_with(int further, const std::string& make_flags) {
  std::array<int, 2> told = {};
  EXPECT_EQ(::pipe2(told.data(), O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // In place of a standard one, so that nothing but those is open.
    ::dup2(told[1], 0);
    ::closefrom(3);
    for (int i = 0; i < further; ++i) {
      (void)::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    const std::string found = inherited_descriptor(make_flags);
    ::_exit(::write(0, found.data(), found.size()) == static_cast<ssize_t>(found.size()) ? 0 : 1);
  }
  ::close(told[1]);
  std::array<char, 64> text = {};
  const ssize_t size = ::read(told[0], text.data(), text.size());
  ::close(told[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

bool is_found(int further, const std::string& make_flags) {
  return !found_with(further, make_flags).empty();
}

TEST(InheritedDescriptors, AreThoseBesideTheStandardOnes) {
  EXPECT_FALSE(is_found(0, ""));
  EXPECT_EQ(found_with(1, ""), "descriptor 3 (/dev/null)");
}

TEST(InheritedDescriptors, TheFirstIsNamed) {
  EXPECT_EQ(found_with(9, ""), "descriptor 3 (/dev/null)");
  EXPECT_EQ(found_with(9, "-j2 --jobserver-auth=3,4"), "descriptor 5 (/dev/null)");
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
