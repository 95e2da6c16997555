#include "os/world.h"

#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zc::os {
namespace {

constexpr World kHere = {
    .root_mount = 4, .pid_namespace = 2, .user_namespace = 3, .personality = 0};

TEST(World, OursIsTheSameAsItself) {
  EXPECT_EQ(difference_of(this_world(), this_world()), "");
}

TEST(World, EveryPartCounts) {
  EXPECT_EQ(difference_of(kHere, kHere), "");
  const auto differs = [](auto member) {
    World there = kHere;
    there.*member += 1;
    return difference_of(kHere, there);
  };
  EXPECT_EQ(differs(&World::root_mount), "the root directory");
  EXPECT_EQ(differs(&World::pid_namespace), "the pid namespace");
  EXPECT_EQ(differs(&World::user_namespace), "the user namespace");
  EXPECT_EQ(differs(&World::personality), "the personality (setarch)");
}

TEST(World, TheUnknownIsNeverTheSame) {
  const auto unknown = [](auto member) {
    World nowhere = kHere;
    nowhere.*member = World().*member;
    return difference_of(nowhere, nowhere);
  };
  EXPECT_EQ(unknown(&World::root_mount), "the root directory");
  EXPECT_EQ(unknown(&World::pid_namespace), "the pid namespace");
  EXPECT_EQ(unknown(&World::user_namespace), "the user namespace");
  EXPECT_EQ(unknown(&World::personality), "the personality (setarch)");
}

// In a child, because a personality stays.
std::string_view difference_with(unsigned long personality) {
  const World before = this_world();
  const pid_t child = ::fork();
  if (child == 0) {
    ::personality(personality);
    ::_exit(difference_of(before, this_world()).empty() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0 ? "same" : "another";
}

TEST(World, AddressesNeedNotBeRandom) {
  EXPECT_EQ(difference_with(ADDR_NO_RANDOMIZE), "same");
  EXPECT_EQ(difference_with(PER_LINUX32), "another");
  EXPECT_EQ(difference_with(UNAME26), "another");
}

}  // namespace
}  // namespace zc::os
