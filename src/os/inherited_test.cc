#include "os/inherited.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace zc::os {
namespace {

// Of a child that has done this before.
template <class Change>
bool is_another_after(Change change) {
  const std::string here = inherited_state();
  const pid_t child = ::fork();
  if (child == 0) {
    change();
    ::_exit(inherited_state() == here ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WEXITSTATUS(status) == 1;
}

TEST(InheritedState, IsTheSameUntilSomethingChanges) {
  EXPECT_FALSE(is_another_after([] {}));
  EXPECT_TRUE(is_another_after([] { (void)::nice(1); }));
  EXPECT_TRUE(is_another_after([] {
    const rlimit limit = {.rlim_cur = 17, .rlim_max = 18};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }));
}

}  // namespace
}  // namespace zc::os
