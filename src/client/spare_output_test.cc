#include "client/spare_output.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/temporary_directory.h"

namespace zc::client {
namespace {

class SpareOutputTest : public ::testing::Test {
 protected:
  // The path of the spare file for this command, or nothing.
  static std::string spare_of(std::vector<std::string> words) {
    std::vector<char*> args;
    for (std::string& word : words) {
      args.push_back(word.data());
    }
    const auto spare = make_spare_output(args);
    return spare ? spare->path() : std::string();
  }

  test::TemporaryDirectory directory_;
  std::string object_ = directory_ / "a.o";
};

TEST_F(SpareOutputTest, IsForTheObjectThatTheCommandNames) {
  EXPECT_EQ(spare_of({"-O2", "-c", "a.c", "-o", object_}), object_);
  EXPECT_EQ(spare_of({"-o", object_, "a.c", "-c"}), object_);
  EXPECT_EQ(spare_of({"-o", directory_ / "b.o", "-c", "a.c", "-o", object_}), object_);
}

TEST_F(SpareOutputTest, IsMadeForNoOtherCommand) {
  EXPECT_EQ(spare_of({"a.o", "-o", object_}), "") << "a link";
  EXPECT_EQ(spare_of({"-c", "a.c"}), "");
  EXPECT_EQ(spare_of({"-c", "a.c", "-o"}), "");
  EXPECT_EQ(spare_of({"-c", "a.c", "-o", directory_ / "missing/a.o"}), "");
  EXPECT_EQ(spare_of({}), "");
}

}  // namespace
}  // namespace zc::client
