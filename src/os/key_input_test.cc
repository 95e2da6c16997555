#include "os/key_input.h"

#include <pty.h>
#include <termios.h>

#include <array>

#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"

namespace zc::os {
namespace {

class KeyInputTest : public testing::Test {
 protected:
  KeyInputTest() {
    int ours = -1;
    int theirs = -1;
    if (::openpty(&ours, &theirs, nullptr, nullptr, nullptr) == 0) {
      ours_ = Fd(ours);
      theirs_ = Fd(theirs);
    }
  }

  termios mode() const {
    termios out = {};
    EXPECT_EQ(::tcgetattr(theirs_.get(), &out), 0);
    return out;
  }

  Fd ours_;
  Fd theirs_;
};

TEST_F(KeyInputTest, KeysComeAsTheyArePressed) {
  const termios before = mode();
  EXPECT_TRUE(before.c_oflag & OPOST);
  {
    const auto keys = KeyInput::open(theirs_.get());
    ASSERT_TRUE(keys);
    EXPECT_FALSE(mode().c_lflag & (ICANON | ECHO | ISIG));
    EXPECT_FALSE(mode().c_oflag & OPOST);
    ASSERT_TRUE(write_all(ours_.get(), "q\x03"));
    std::array<char, 8> pressed = {};
    EXPECT_EQ(read_some(theirs_.get(), pressed.data(), 2).value_or(0), 2U);
    EXPECT_EQ(pressed[1], '\x03');
  }
  EXPECT_EQ(mode().c_lflag, before.c_lflag);
  EXPECT_EQ(mode().c_oflag, before.c_oflag);
}

TEST_F(KeyInputTest, NeedsATerminal) {
  const auto file = open_file("/dev/null", Open::kRead);
  ASSERT_TRUE(file);
  EXPECT_FALSE(KeyInput::open(file->get()));
}

}  // namespace
}  // namespace zc::os
