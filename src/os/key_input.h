// KeyInput: the keys of a terminal as they are pressed, without an echo. Ctrl-C is one of them, so
// that the terminal is restored. What is written to the terminal gets there as it is: "\n" does not
// begin a line.
//
// Thread: one. Owns: the state of the terminal; the destructor restores it. What ends a process
// without destructors leaves the terminal as it is.
#pragma once

#include <memory>

#include "base/result.h"

namespace zc::os {

class KeyInput {
 public:
  // `in` is a terminal. Errors: kIo.
  static Result<KeyInput> open(int in);
  KeyInput(KeyInput&&) noexcept;
  KeyInput& operator=(KeyInput&&) = delete;
  ~KeyInput();

 private:
  struct Before;
  explicit KeyInput(std::unique_ptr<Before> before);

  std::unique_ptr<Before> before_;
};

}  // namespace zc::os
