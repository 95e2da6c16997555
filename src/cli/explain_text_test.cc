#include "cli/explain_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Names and words are what others have chosen: no terminal may obey them.
TEST(ExplainText, OddNamesAreOneLineAndMoveNoCursor) {
  history::CommandRecord record;
  record.compiler = "/usr/bin/gcc";
  record.args = {"-DX=\x1b]0;title\x07", "-c", "a\x1b[2J\nb.c"};
  record.cwd = "/w\x1b[H";
  record.source = "a\x1b[2J\nb.c";
  record.outputs = {"a\x1b[2J\nb.o"};
  record.exit_code = 0;
  record.reason = "side_effect";
  record.detail = "left\r\x1b[K";
  record.why = history::Explanation{};
  record.why->compared = history::Compared::kNearest;
  record.why->place = "/elsewhere\n";
  const std::string head = headline(record, 0);
  EXPECT_THAT(head, HasSubstr("a\\x1b[2J\\nb.o: "));
  EXPECT_EQ(head.find_first_of("\x1b\n"), std::string::npos);
  const std::string text = explanation_text(record, "/origin", 0);
  EXPECT_THAT(text, HasSubstr("gcc -DX=\\x1b]0;title\\x07 -c a\\x1b[2J\\nb.c   in /w\\x1b[H\n"));
  EXPECT_THAT(text, HasSubstr("(left\\r\\x1b[K)"));
  EXPECT_THAT(text, HasSubstr("in /elsewhere\\n, "));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\r")));
}

}  // namespace
}  // namespace zc::cli
