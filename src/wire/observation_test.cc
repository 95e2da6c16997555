#include "wire/observation.h"

#include <algorithm>

#include "base/str.h"

namespace zc::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Records as they are written, with '|' for the NUL byte.
std::string spelled(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '|', '\0');
  return out;
}

TEST(Observation, NothingWasLookedAt) {
  const auto records = decode_observation("");
  ASSERT_TRUE(records);
  EXPECT_THAT(*records, IsEmpty());
}

TEST(Observation, RecordsInTheirOrder) {
  const std::string text = spelled("H7 0 /bin/cc|R7 2 /a b\n|X8 0 as|!8 0 |E8 2 LANG|");
  const auto records = decode_observation(text);
  ASSERT_TRUE(records);
  EXPECT_THAT(*records,
              ElementsAre(ObservedRecord{'H', 7, 0, "/bin/cc"}, ObservedRecord{'R', 7, 2, "/a b\n"},
                          ObservedRecord{'X', 8, 0, "as"}, ObservedRecord{'!', 8, 0, ""},
                          ObservedRecord{'E', 8, 2, "LANG"}));
}

TEST(Observation, EveryKindDecodes) {
  for (const char kind : kObservationKinds) {
    EXPECT_TRUE(decode_observation(spelled(str_cat(kind, "1 0 /x|")))) << kind;
  }
}

TEST(Observation, OneBadRecordSpoilsAll) {
  const std::string good = "R1 0 /x|";
  ASSERT_TRUE(decode_observation(spelled(good + good)));
  for (const std::string_view bad : {
           "|",
           "R|",
           "R1|",
           "R1 |",
           "R1 0|",
           "R1 0 |",  // cut short
           "Z1 0 /x|",
           " 1 0 /x|",
           "r1 0 /x|",  // no such kind
           "R0 0 /x|",
           "R01 0 /x|",
           "R+1 0 /x|",
           "R-1 0 /x|",  // no such pid
           "R 1 0 /x|",
           "R2147483648 0 /x|",
           "R99999999999999999999 0 /x|",
           "R1 00 /x|",
           "R1 -2 /x|",
           "R1 4096 /x|",
           "R1  0 /x|",  // no such error
           "R1 0 x|",
           "S1 0 ./x|",
           "H1 0 cc|",
           "E1 0 |",
           "X1 0 |",  // not about anything
       }) {
    EXPECT_EQ(decode_observation(spelled(good + std::string(bad))), std::nullopt) << bad;
    EXPECT_EQ(decode_observation(spelled(std::string(bad) + good)), std::nullopt) << bad;
  }
}

TEST(Observation, TheLastRecordHasAnEnd) {
  EXPECT_FALSE(decode_observation(spelled("R1 0 /x")));
  EXPECT_FALSE(decode_observation(spelled("R1 0 /x|R1 0 /y")));
  EXPECT_FALSE(decode_observation(spelled("R1 0 /x|R")));
}

TEST(Observation, PathsHaveALimit) {
  const std::string longest = '/' + std::string(kObservedBytesMax - 1, 'x');
  EXPECT_TRUE(decode_observation(spelled("R1 0 " + longest + '|')));
  EXPECT_FALSE(decode_observation(spelled("R1 0 " + longest + "x|")));
}

}  // namespace
}  // namespace zc::wire
