#include "lifecycle/locations.h"

#include <sys/types.h>

#include <map>

#include "base/limits.h"

namespace zc::lifecycle {
namespace {

constexpr uid_t kUid = 1000;

Result<Locations> locate_with(const std::map<std::string, std::string>& variables,
                              const char* cwd = "/work dir") {
  const Environment env = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  return locate(env, "1.2.3", cwd, kUid);
}

TEST(Locations, DefaultIsBelowHome) {
  const Result<Locations> at = locate_with({{"HOME", "/home/u"}});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->top_root, "/home/u/.zccache");
  EXPECT_EQ(at->root, "/home/u/.zccache/v1.2.3");
  EXPECT_EQ(at->state, at->root);
  EXPECT_EQ(at->endpoint, "/home/u/.zccache/v1.2.3/daemon-v1.2.3.sock");
  EXPECT_EQ(at->lock, at->endpoint + ".lock");
  EXPECT_EQ(at->label(), "default");
  EXPECT_EQ(at->lifecycle_log(), at->state + "/logs/daemon-lifecycle.log");
}

TEST(Locations, RuntimeDirectoryChangesNothing) {
  const Result<Locations> with =
      locate_with({{"HOME", "/home/u"}, {"XDG_RUNTIME_DIR", "/run/user/1000"}});
  const Result<Locations> without = locate_with({{"HOME", "/home/u"}});
  ASSERT_TRUE(with && without);
  EXPECT_EQ(with->endpoint, without->endpoint);
}

TEST(Locations, WithoutHomeTheRootIsTemporary) {
  for (const char* home : {"", "relative"}) {
    const Result<Locations> at = locate_with({{"HOME", home}});
    ASSERT_TRUE(at);
    EXPECT_EQ(at->top_root, "/tmp/zccache-1000/cache");
  }
}

TEST(Locations, CacheDirWins) {
  const std::string roots[][2] = {
      {"/c", "/c"}, {"/c/", "/c"}, {"/c//", "/c"}, {"c", "/work dir/c"}, {"", "/home/u/.zccache"},
      {"/", "/"}};
  for (const auto& [given, expected] : roots) {
    const Result<Locations> at = locate_with({{"HOME", "/home/u"}, {"ZCCACHE_CACHE_DIR", given}});
    ASSERT_TRUE(at);
    EXPECT_EQ(at->top_root, expected) << given;
  }
}

TEST(Locations, LongEndpointsAreHashed) {
  const std::string deep = "/" + std::string(limits::kSocketPathBytesMax, 'd');
  const Result<Locations> a = locate_with({{"ZCCACHE_CACHE_DIR", deep}});
  const Result<Locations> b = locate_with({{"ZCCACHE_CACHE_DIR", deep + "2"}});
  ASSERT_TRUE(a && b);
  EXPECT_LE(a->endpoint.size(), limits::kSocketPathBytesMax);
  EXPECT_THAT(a->endpoint, ::testing::StartsWith("/tmp/zccache-1000/"));
  EXPECT_NE(a->endpoint, b->endpoint);
}

TEST(Locations, ExplicitEndpoint) {
  const Result<Locations> at = locate_with({{"HOME", "/h"}, {"ZCCACHE_ENDPOINT", "my.sock"}});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->endpoint, "/work dir/my.sock");
  EXPECT_EQ(at->lock, "/work dir/my.sock.lock");
  const std::string too_long = "/" + std::string(limits::kSocketPathBytesMax, 's');
  const Result<Locations> refused = locate_with({{"HOME", "/h"}, {"ZCCACHE_ENDPOINT", too_long}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, ::testing::HasSubstr("ZCCACHE_ENDPOINT"));
}

TEST(Locations, NamespaceHasItsOwnState) {
  const Result<Locations> at = locate_with({{"HOME", "/h"}, {"ZCCACHE_DAEMON_NAMESPACE", "ci"}});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->state, "/h/.zccache/v1.2.3/daemon-state/ci");
  EXPECT_EQ(at->endpoint, at->state + "/daemon-v1.2.3.sock");
  EXPECT_EQ(at->lifecycle_log(), at->state + "/logs/daemon-lifecycle-ci.log");
  EXPECT_EQ(at->label(), "ci");
}

TEST(Locations, StateMayBeElsewhere) {
  const Result<Locations> at = locate_with({{"HOME", "/h"}, {"ZCCACHE_DAEMON_STATE_DIR", "s"}});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->root, "/h/.zccache/v1.2.3");
  EXPECT_EQ(at->state_root, "/work dir/s");
  EXPECT_EQ(at->state, "/work dir/s/v1.2.3") << "versions never share files";
  EXPECT_EQ(at->endpoint, at->state + "/daemon-v1.2.3.sock");
  const Result<Locations> named = locate_with(
      {{"HOME", "/h"}, {"ZCCACHE_DAEMON_STATE_DIR", "/s"}, {"ZCCACHE_DAEMON_NAMESPACE", "ci"}});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->state, "/s/v1.2.3/daemon-state/ci");
  EXPECT_EQ(locate_with({{"HOME", "/h"}, {"ZCCACHE_DAEMON_STATE_DIR", ""}})->state,
            "/h/.zccache/v1.2.3");
}

// What is on the disk is for lifecycle/colocation_test.cc.
TEST(Locations, ColocationIsForHomesThatAreThere) {
  for (const char* value : {"", "0", "yes"}) {
    const Result<Locations> at =
        locate_with({{"HOME", "/no such home"}, {"ZCCACHE_COLOCATE", value}});
    ASSERT_TRUE(at);
    EXPECT_EQ(at->top_root, "/no such home/.zccache") << value;
  }
}

TEST(Namespace, IsSanitised) {
  EXPECT_EQ(sanitise_namespace("  plain-1.x_Y "), "plain-1.x_Y");
  EXPECT_EQ(sanitise_namespace(""), "");
  EXPECT_EQ(sanitise_namespace(" \t"), "");
  EXPECT_EQ(sanitise_namespace("a/b c"), "a_b_c");
  EXPECT_EQ(sanitise_namespace("\xC3\xA4"), "__");
}

TEST(Namespace, LongOnesAreCutAndStayApart) {
  const std::string prefix(40, 'n');
  const Result<std::string> a = sanitise_namespace(prefix + "a");
  const Result<std::string> b = sanitise_namespace(prefix + "b");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->size(), 32U + 1U + 8U);
  EXPECT_NE(*a, *b);
  EXPECT_EQ(sanitise_namespace(std::string(32, 'n')), std::string(32, 'n'));
}

TEST(Namespace, DotsAreRefused) {
  for (const char* name : {".", "..", " .. "}) {
    const Result<std::string> refused = sanitise_namespace(name);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, Code::kInvalid);
  }
}

}  // namespace
}  // namespace zc::lifecycle
