// Which numbers a stream of bits holds. What a run makes of them: driver/compile_test.cc.
#include "engine/observed/precompiled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/made_up_precompiled.h"

namespace zc::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FindNumbers, AtAnyBit) {
  constexpr std::uint32_t kFirst = 1'700'000'000;
  constexpr std::uint32_t kSecond = 1'700'000'777;
  for (unsigned bit = 0; bit < 8; ++bit) {
    const std::string bytes = test::made_up_precompiled({kSecond, kFirst}, bit);
    EXPECT_THAT(find_numbers(bytes, {kFirst, kSecond}), ElementsAre(kFirst, kSecond)) << bit;
    EXPECT_THAT(find_numbers(bytes, {kFirst + 1, kSecond}), ElementsAre(kSecond)) << bit;
    EXPECT_THAT(find_numbers(bytes, {kFirst + 1, kSecond + 1}), IsEmpty()) << bit;
  }
}

TEST(FindNumbers, AtBothEnds) {
  EXPECT_THAT(find_numbers("\1\2\3\4", {0x04030201}), ElementsAre(0x04030201));
  EXPECT_THAT(find_numbers("\1\2\3\4\5", {0x04030201, 0x05040302}),
              ElementsAre(0x04030201, 0x05040302));
  EXPECT_THAT(find_numbers("", {1}), IsEmpty());
  EXPECT_THAT(find_numbers("\1\2\3\4", {}), IsEmpty());
}

}  // namespace
}  // namespace zc::engine
