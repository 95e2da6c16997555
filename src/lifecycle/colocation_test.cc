#include "lifecycle/colocation.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::lifecycle {
namespace {

using ::testing::Optional;
using ::testing::StartsWith;

std::optional<std::string> root_for(std::string_view home, std::string_view cwd) {
  static const std::map<std::string, std::uint64_t> devices = {{"/", 1},
                                                               {"/home", 1},
                                                               {"/home/me", 1},
                                                               {"/users/you", 1},
                                                               {"/home/me/p", 1},
                                                               {"/data", 2},
                                                               {"/data/a", 2},
                                                               {"/data/a/b", 2},
                                                               {"/data/a/c", 3},
                                                               {"/data/a/c/d", 3},
                                                               {"/home/me/mounted", 4},
                                                               {"/elsewhere", 5},
                                                               {"/elsewhere/me", 5}};
  return colocated_root(home, cwd, [&](const std::string& path) {
    const auto found = devices.find(path);
    return found == devices.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Colocation, IsAtTheTopOfTheVolume) {
  EXPECT_THAT(root_for("/home/me", "/data/a/b"), Optional(StartsWith("/data/.zccache-me-")));
  EXPECT_EQ(root_for("/home/me", "/data"), root_for("/home/me", "/data/a/b"));
  EXPECT_THAT(root_for("/home/me", "/data/a/c/d"), Optional(StartsWith("/data/a/c/.zccache-me-")));
  EXPECT_THAT(root_for("/home/me", "/home/me/mounted"),
              Optional(StartsWith("/home/me/mounted/.zccache-me-")));
  EXPECT_THAT(root_for("/elsewhere/me", "/home/me/p"), Optional(StartsWith("/.zccache-me-")));
}

TEST(Colocation, IsNoneOnTheVolumeOfTheHome) {
  EXPECT_EQ(root_for("/home/me", "/home/me/p"), std::nullopt);
  EXPECT_EQ(root_for("/users/none", "/data"), std::nullopt);
  EXPECT_EQ(root_for("/home/me", "/none"), std::nullopt);
}

TEST(Colocation, KeepsUsersApart) {
  EXPECT_NE(root_for("/home/me", "/data"), root_for("/users/you", "/data"));
  EXPECT_NE(root_for("/home/me", "/data"), root_for("/elsewhere/me", "/data"));
}

}  // namespace
}  // namespace zc::lifecycle
