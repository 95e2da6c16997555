#include "os/screen.h"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"

namespace zc::os {
namespace {

class ScreenTest : public testing::Test {
 protected:
  ScreenTest() {
    int ours = -1;
    int theirs = -1;
    const winsize size = {.ws_row = 12, .ws_col = 50, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::openpty(&ours, &theirs, nullptr, nullptr, &size) == 0) {
      ours_ = Fd(ours);
      theirs_ = Fd(theirs);
    }
  }

  tcflag_t local_flags() const {
    termios mode = {};
    EXPECT_EQ(::tcgetattr(theirs_.get(), &mode), 0);
    return mode.c_lflag;
  }
  // The next bytes that came, as many as in `expected`: the kernel may deliver a terminal's output
  // in several pieces, each a bit later.
  std::string shown(std::string_view expected) const {
    std::string out(expected.size(), '\0');
    std::size_t size = 0;
    while (size < out.size()) {
      const std::size_t more =
          read_some(ours_.get(), out.data() + size, out.size() - size).value_or(0);
      if (more == 0) {
        break;
      }
      size += more;
    }
    out.resize(size);
    return out;
  }
  // Nothing else has come.
  bool is_all_shown() const {
    pollfd more = {.fd = ours_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&more, 1, 0) == 0;
  }

  Fd ours_;
  Fd theirs_;
};

TEST_F(ScreenTest, ShowsAPageAndRestoresTheTerminal) {
  const tcflag_t before = local_flags();
  ASSERT_TRUE(before & ICANON);
  {
    const auto screen = Screen::open(theirs_.get(), theirs_.get());
    ASSERT_TRUE(screen);
    EXPECT_EQ(screen->size(), (Screen::Size{.columns = 50, .rows = 12}));
    EXPECT_FALSE(local_flags() & (ICANON | ECHO | ISIG));
    ASSERT_TRUE(screen->show("a\r\nb"));
    const std::string page = "\x1b[?1049h\x1b[?25l\x1b[Ha\r\nb\x1b[J";
    EXPECT_EQ(shown(page), page);
  }
  const std::string end = "\x1b[?25h\x1b[?1049l";
  EXPECT_EQ(shown(end), end);
  EXPECT_TRUE(is_all_shown());
  EXPECT_EQ(local_flags(), before);
}

TEST_F(ScreenTest, NeedsATerminal) {
  const auto file = open_file("/dev/null", Open::kRead);
  ASSERT_TRUE(file);
  EXPECT_FALSE(Screen::open(file->get(), file->get()));
}

}  // namespace
}  // namespace zc::os
