#include "base/version_order.h"

namespace zc {
namespace {

struct Row {
  const char* daemon;
  const char* own;
  VersionOrder expected;
};

class Versions : public ::testing::TestWithParam<Row> {};

TEST_P(Versions, Order) {
  EXPECT_EQ(compare_versions(GetParam().daemon, GetParam().own), GetParam().expected)
      << GetParam().daemon << " against " << GetParam().own;
}

constexpr auto kSame = VersionOrder::kSame;
constexpr auto kOlder = VersionOrder::kDaemonOlder;
constexpr auto kNewer = VersionOrder::kDaemonNewer;

INSTANTIATE_TEST_SUITE_P(
    Table, Versions,
    ::testing::Values(
        Row{"1.2.3", "1.2.3", kSame}, Row{"1.2.4", "1.2.3", kNewer}, Row{"1.2.2", "1.2.3", kOlder},
        Row{"1.10.0", "1.9.0", kNewer}, Row{"2.0.0", "10.0.0", kOlder},
        Row{"0.0.18446744073709551615", "0.0.1", kNewer},
        // Equal bytes need no parsing; equal precedence needs no equal bytes.
        Row{"not a version", "not a version", kSame}, Row{"", "", kSame},
        // A client that has no build takes all.
        Row{"1.2.3+one", "1.2.3", kSame}, Row{"1.2.3", "1.2.3", kSame},
        // Builds of one version: by time, then by text. The version comes first.
        Row{"1.2.3+2000.bb", "1.2.3+1000.aa", kNewer}, Row{"1.2.3+999.bb", "1.2.3+1000.aa", kOlder},
        Row{"1.2.3+1000.bb", "1.2.3+1000.aa", kNewer}, Row{"1.2.3", "1.2.3+1000.aa", kOlder},
        Row{"1.2.3+1000.aa", "1.2.3+1000.aa", kSame}, Row{"1.2.3+odd", "1.2.3+1000.aa", kNewer},
        Row{"1.2.4+1.a", "1.2.3+1000.a", kNewer}, Row{"1.2.2+9000.a", "1.2.3+1000.a", kOlder},
        // Precedence of pre-releases, as in section 11 of the standard.
        Row{"1.0.0-alpha", "1.0.0", kOlder}, Row{"1.0.0", "1.0.0-rc.1", kNewer},
        Row{"1.0.0-alpha", "1.0.0-alpha.1", kOlder},
        Row{"1.0.0-alpha.1", "1.0.0-alpha.beta", kOlder},
        Row{"1.0.0-alpha.beta", "1.0.0-beta", kOlder}, Row{"1.0.0-beta.2", "1.0.0-beta", kNewer},
        Row{"1.0.0-beta.11", "1.0.0-beta.2", kNewer}, Row{"1.0.0-rc.1", "1.0.0-beta.11", kNewer},
        Row{"1.0.0-99999999999999999999999", "1.0.0-1", kNewer},
        Row{"1.0.0-a-b", "1.0.0-a", kNewer},
        // What is no version is older.
        Row{"", "1.2.3", kOlder}, Row{"1.2", "1.2.3", kOlder}, Row{"1.2.3.4", "1.2.3", kOlder},
        Row{"v9.9.9", "1.2.3", kOlder}, Row{" 9.9.9", "1.2.3", kOlder},
        Row{"9.9.9 ", "1.2.3", kOlder}, Row{"9.09.9", "1.2.3", kOlder},
        Row{"9.9.-9", "1.2.3", kOlder}, Row{"9.9.9-", "1.2.3", kOlder},
        Row{"9.9.9+", "1.2.3", kOlder}, Row{"9.9.9-a..b", "1.2.3", kOlder},
        Row{"9.9.9-01", "1.2.3", kOlder}, Row{"9.9.9-a_b", "1.2.3", kOlder},
        Row{"18446744073709551616.0.0", "1.2.3", kOlder}, Row{"9.9.x", "1.2.3", kOlder}));

// Two installed builds never replace each other by turns: of two different ones exactly one gives
// way, and of three there is a last one.
TEST(Versions, BuildsHaveATotalOrder) {
  const char* const builds[] = {"1.2.3+0.a",    "1.2.3+9.f",       "1.2.3+10.a",   "1.2.3+10.b",
                                "1.2.3+10.007", "1.2.3+10.source", "1.2.3+10.a.b", "1.2.3+10"};
  for (const char* a : builds) {
    for (const char* b : builds) {
      const VersionOrder forth = compare_versions(a, b);
      const VersionOrder back = compare_versions(b, a);
      EXPECT_EQ(forth == kSame, std::string_view(a) == b) << a << ' ' << b;
      EXPECT_EQ(forth == kNewer, back == kOlder) << a << ' ' << b;
      for (const char* c : builds) {
        if (forth == kNewer && compare_versions(b, c) == kNewer) {
          EXPECT_EQ(compare_versions(a, c), kNewer) << a << ' ' << b << ' ' << c;
        }
      }
    }
  }
}

}  // namespace
}  // namespace zc
