#include "os/screen.h"

#include <sys/ioctl.h>

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

Screen::Screen(int out, KeyInput keys) : out_(out), keys_(std::move(keys)) {}

Screen::Screen(Screen&& other) noexcept
    : out_(other.out_), keys_(std::exchange(other.keys_, std::nullopt)) {}

Result<Screen> Screen::open(int in, int out) {
  TRY_ASSIGN(KeyInput keys, KeyInput::open(in));
  Screen screen(out, std::move(keys));
  TRY(write_all(out, kEnter));
  return screen;
}

Screen::~Screen() {
  if (keys_) {
    write_or_lose(out_, kLeave);
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
