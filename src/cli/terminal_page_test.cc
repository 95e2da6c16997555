#include "cli/terminal_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::cli {
namespace {

using ::testing::ElementsAre;

TEST(TerminalPage, HasTheLinesThatFitAndSaysWhatIsLeftOut) {
  const PageSize size = {.columns = 22, .rows = 3};
  EXPECT_THAT(page_of("one\ntwo\n", "q quits", size), ElementsAre("one", "two", "q quits"));
  EXPECT_THAT(page_of("one\n", "q quits", size), ElementsAre("one", "", "q quits"));
  EXPECT_THAT(page_of("one\ntwo\n\nfour\n", "q quits", size),
              ElementsAre("one", "two", "2 more lines; q quits"));
  EXPECT_THAT(page_of("one\n\nthree\n", "q quits", {.columns = 4, .rows = 2}),
              ElementsAre("one", "2 m…"));
  EXPECT_THAT(page_of("one\ntwo\n", "q quits", {.columns = 2, .rows = 1}), ElementsAre("2…"));
}

TEST(TerminalPage, EachLineOfAFrameReplacesWhatWasThere) {
  EXPECT_EQ(frame_of({"a", "", "b"}), "a\x1b[K\r\n\x1b[K\r\nb\x1b[K");
}

}  // namespace
}  // namespace zc::cli
