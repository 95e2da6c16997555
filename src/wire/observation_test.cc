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
  const std::string text = spelled("H7 0 5 /bin/cc|R7 2 5 /a b\n|X8 0 6 as|!8 0 6 |E8 2 7 LANG|");
  const auto records = decode_observation(text);
  ASSERT_TRUE(records);
  EXPECT_THAT(*records,
              ElementsAre(ObservedEvent{'H', 7, 0, 5, "/bin/cc"},
                          ObservedEvent{'R', 7, 2, 5, "/a b\n"}, ObservedEvent{'X', 8, 0, 6, "as"},
                          ObservedEvent{'!', 8, 0, 6, ""}, ObservedEvent{'E', 8, 2, 7, "LANG"}));
}

TEST(Observation, EveryKindDecodes) {
  for (const char kind : kObservationKinds) {
    EXPECT_TRUE(decode_observation(spelled(str_cat(kind, "1 0 5 /x|")))) << kind;
  }
}

TEST(Observation, OneBadRecordSpoilsAll) {
  const std::string good = "R1 0 5 /x|";
  ASSERT_TRUE(decode_observation(spelled(good + good)));
  for (const std::string_view bad : {
           "|",
           "R|",
           "R1|",
           "R1 |",
           "R1 0|",
           "R1 0 |",
           "R1 0 5|",
           "R1 0 5 |",  // cut short
           "z1 0 5 /x|",
           " 1 0 5 /x|",
           "r1 0 5 /x|",  // no such kind
           "R0 0 5 /x|",
           "R01 0 5 /x|",
           "R+1 0 5 /x|",
           "R-1 0 5 /x|",  // no such pid
           "R 1 0 5 /x|",
           "R2147483648 0 5 /x|",
           "R99999999999999999999 0 5 /x|",
           "R1 00 5 /x|",
           "R1 -2 5 /x|",
           "R1 4096 5 /x|",
           "R1  0 5 /x|",  // no such error
           "R1 0 /x|",
           "R1 0 -5 /x|",
           "R1 0 05 /x|",
           "R1 0 8796093022209 /x|",  // no such time
           "R1 0 5 x|",
           "S1 0 5 ./x|",
           "H1 0 5 cc|",
           "E1 0 5 |",
           "X1 0 5 |",  // not about anything
       }) {
    EXPECT_EQ(decode_observation(spelled(good + std::string(bad))), std::nullopt) << bad;
    EXPECT_EQ(decode_observation(spelled(std::string(bad) + good)), std::nullopt) << bad;
  }
}

TEST(Observation, TheLastRecordHasAnEnd) {
  EXPECT_FALSE(decode_observation(spelled("R1 0 5 /x")));
  EXPECT_FALSE(decode_observation(spelled("R1 0 5 /x|R1 0 5 /y")));
  EXPECT_FALSE(decode_observation(spelled("R1 0 5 /x|R")));
}

TEST(Observation, PathsHaveALimit) {
  const std::string longest = '/' + std::string(kObservedBytesMax - 1, 'x');
  EXPECT_TRUE(decode_observation(spelled("R1 0 5 " + longest + '|')));
  EXPECT_FALSE(decode_observation(spelled("R1 0 5 " + longest + "x|")));
}

}  // namespace
}  // namespace zc::wire
