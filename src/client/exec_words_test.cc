#include "client/exec_words.h"

#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace zc::client {
namespace {

class ExecWordsTest : public testing::Test {
 protected:
  ExecWords read(const std::vector<std::string>& words) {
    texts_.assign(words.begin(), words.end());
    words_.clear();
    for (std::string& text : texts_) {
      words_.push_back(text.data());
    }
    return read_exec_words(words_);
  }

  std::deque<std::string> texts_;
  std::vector<char*> words_;
};

TEST_F(ExecWordsTest, TheCommandBeginsBehindTheFirstTwoDashes) {
  const ExecWords words = read({"--no-cache", "--", "make", "--", "all"});
  EXPECT_EQ(words.options.size(), 1U);
  EXPECT_EQ(words.command, 2U);
  EXPECT_EQ(read({"--", "make"}).command, 1U);
}

TEST_F(ExecWordsTest, WithoutACommandItsIndexIsTheNumberOfWords) {
  EXPECT_EQ(read({}).command, 0U);
  EXPECT_EQ(read({"make"}).command, 1U);
  EXPECT_EQ(read({"--"}).command, 1U);
  EXPECT_EQ(read({"--no-cache", "--"}).command, 2U);
}

TEST_F(ExecWordsTest, TheEndpointAndTheListConcernTheClient) {
  EXPECT_EQ(read({"--endpoint", "/s", "--", "a"}).endpoint, "/s");
  EXPECT_EQ(read({"--endpoint=/t", "--", "a"}).endpoint, "/t");
  EXPECT_EQ(read({"--endpoint", "--", "a"}).endpoint, "") << "nothing follows";
  EXPECT_EQ(read({"--endpoints=/t", "--", "a"}).endpoint, "");
  EXPECT_FALSE(read({"--", "--endpoint", "/s"}).takes_input_list);
  EXPECT_EQ(read({"--", "a", "--endpoint=/s"}).endpoint, "") << "of the command";
  EXPECT_TRUE(read({"--input-file-stdin", "--", "a"}).takes_input_list);
  EXPECT_FALSE(read({"--", "a", "--input-file-stdin"}).takes_input_list);
}

}  // namespace
}  // namespace zc::client
