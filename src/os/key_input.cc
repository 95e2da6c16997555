#include "os/key_input.h"

#include <termios.h>

#include <cerrno>
#include <utility>

namespace zc::os {

struct KeyInput::Before {
  int in = -1;
  termios mode = {};
};

KeyInput::KeyInput(std::unique_ptr<Before> before) : before_(std::move(before)) {}

KeyInput::KeyInput(KeyInput&&) noexcept = default;

Result<KeyInput> KeyInput::open(int in) {
  constexpr const char* kFailed = "cannot set up the terminal";
  auto before = std::make_unique<Before>();
  before->in = in;
  if (::tcgetattr(in, &before->mode) != 0) {
    return fail_errno(errno, kFailed);
  }
  termios mode = before->mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  mode.c_cc[VMIN] = 0;
  mode.c_cc[VTIME] = 0;
  if (::tcsetattr(in, TCSANOW, &mode) != 0) {
    return fail_errno(errno, kFailed);
  }
  return KeyInput(std::move(before));
}

KeyInput::~KeyInput() {
  if (before_ != nullptr) {
    ::tcsetattr(before_->in, TCSANOW, &before_->mode);
  }
}

}  // namespace zc::os
