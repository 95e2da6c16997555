#include "base/bounded_map.h"

#include <string>

namespace zc {
namespace {

using ::testing::IsNull;
using ::testing::Pointee;

TEST(BoundedMap, FindsWhatWasPut) {
  BoundedMap<int, std::string> map(2);
  EXPECT_THAT(map.find(1), IsNull());
  map.put(1, "one");
  map.put(2, "two");
  EXPECT_THAT(map.find(1), Pointee(std::string("one")));
  EXPECT_THAT(map.find(2), Pointee(std::string("two")));
}

TEST(BoundedMap, EntryBeyondTheBoundDropsAllOthers) {
  BoundedMap<int, std::string> map(2);
  map.put(1, "one");
  map.put(2, "two");
  map.put(3, "three");
  EXPECT_THAT(map.find(1), IsNull());
  EXPECT_THAT(map.find(2), IsNull());
  EXPECT_THAT(map.find(3), Pointee(std::string("three")));
}

TEST(BoundedMap, ReplacingDropsNothing) {
  BoundedMap<int, std::string> map(2);
  map.put(1, "one");
  map.put(2, "two");
  map.put(2, "zwei");
  EXPECT_THAT(map.find(1), Pointee(std::string("one")));
  EXPECT_THAT(map.find(2), Pointee(std::string("zwei")));
}

TEST(BoundedMap, ForgetsOneOrAll) {
  BoundedMap<int, std::string> map(3);
  map.put(1, "one");
  map.put(2, "two");
  map.erase(1);
  EXPECT_THAT(map.find(1), IsNull());
  EXPECT_THAT(map.find(2), Pointee(std::string("two")));
  map.clear();
  EXPECT_THAT(map.find(2), IsNull());
}

}  // namespace
}  // namespace zc
