#include "os/isolated.h"

#include <signal.h>
#include <unistd.h>

namespace zc::os {
namespace {

TEST(Isolated, GivesWhatTheChildFound) {
  const auto verdict = run_isolated([] { return Verdict{.code = 7, .text = "found"}; });
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->code, 7);
  EXPECT_EQ(verdict->text, "found");
}

TEST(Isolated, LeavesTheParentAlone) {
  int value = 1;
  ASSERT_TRUE(run_isolated([&] {
    value = 2;
    return Verdict{};
  }));
  EXPECT_EQ(value, 1);
}

TEST(Isolated, ACrashIsNothing) {
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGKILL}) {
    EXPECT_FALSE(run_isolated([&]() -> Verdict {
      ::raise(number);
      return {};
    })) << number;
  }
  EXPECT_FALSE(run_isolated([]() -> Verdict { ::_exit(0); }));
}

TEST(Isolated, AnExceptionIsNothing) {
  EXPECT_FALSE(run_isolated(
      []() -> Verdict { return {.code = 0, .text = std::string().at(1) + std::string()}; }));
}

}  // namespace
}  // namespace zc::os
