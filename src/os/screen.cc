#include "os/screen.h"

#include <sys/ioctl.h>
#include <termios.h>

#include <cerrno>
#include <utility>

#include "base/str.h"
#include "os/file.h"

namespace zc::os {

namespace {

// ECMA-48 and xterm: a page of its own without a cursor, and back.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearToEnd = "\x1b[J";

}  // namespace

struct Screen::Before {
  int in = -1;
  termios mode = {};
};

Screen::Screen(int out, std::unique_ptr<Before> before) : out_(out), before_(std::move(before)) {}

Screen::Screen(Screen&&) noexcept = default;

Result<Screen> Screen::open(int in, int out) {
  constexpr const char* kFailed = "cannot set up the terminal";
  auto before = std::make_unique<Before>();
  before->in = in;
  if (::tcgetattr(in, &before->mode) != 0) {
    return fail_errno(errno, kFailed);
  }
  termios mode = before->mode;
  // Ctrl-C is a key, so that the terminal is restored.
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  mode.c_cc[VMIN] = 0;
  mode.c_cc[VTIME] = 0;
  if (::tcsetattr(in, TCSANOW, &mode) != 0) {
    return fail_errno(errno, kFailed);
  }
  Screen screen(out, std::move(before));
  TRY(write_all(out, kEnter));
  return screen;
}

Screen::~Screen() {
  if (before_ != nullptr) {
    write_or_lose(out_, kLeave);
    ::tcsetattr(before_->in, TCSANOW, &before_->mode);
  }
}

Screen::Size Screen::size() const {
  winsize size = {};
  return ::ioctl(out_, TIOCGWINSZ, &size) == 0 ? Size{.columns = size.ws_col, .rows = size.ws_row}
                                               : Size{};
}

Result<> Screen::show(std::string_view text) const {
  return write_all(out_, str_cat(kHome, text, kClearToEnd));
}

}  // namespace zc::os
