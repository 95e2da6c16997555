#include "cli/progress.h"

#include <pty.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"
#include "os/pipe.h"

namespace zc::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string read_more(const os::Fd& from) {
  std::string out(4096, '\0');
  out.resize(os::read_some(from.get(), out.data(), out.size()).value_or(0));
  return out;
}

TEST(Progress, ShowsALineOnATerminalAndRemovesIt) {
  int ours = -1;
  int theirs = -1;
  ASSERT_EQ(::openpty(&ours, &theirs, nullptr, nullptr, nullptr), 0);
  const os::Fd terminal(ours);
  const os::Fd other(theirs);
  std::string text;
  {
    Progress progress("counting", "things", {.fd = theirs, .first_ms = 0});
    progress.count();
    progress.count();
    while (!text.contains("2 things")) {
      text += read_more(terminal);
    }
    EXPECT_THAT(text, HasSubstr("\r\x1b[Kcounting \u2026 "));
  }
  text = read_more(terminal);
  EXPECT_THAT(text, EndsWith("\r\x1b[K"));
}

TEST(Progress, OnAnythingElseShowsNothing) {
  auto pipe = os::make_pipe();
  ASSERT_TRUE(pipe);
  {
    const Progress progress("counting", {}, {.fd = pipe->write.get(), .first_ms = 0});
  }
  pipe->write = os::Fd();
  EXPECT_EQ(read_more(pipe->read), "");
}

}  // namespace
}  // namespace zc::cli
