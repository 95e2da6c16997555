// Screen: a terminal as a whole: its own page, and keys as they are pressed (os/key_input.h).
//
// Thread: one. Owns: the state of the terminal; the destructor restores it. What ends a process
// without destructors leaves the terminal as it is.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "os/key_input.h"

namespace zc::os {

class Screen {
 public:
  struct Size {
    std::size_t columns = 0;  // 0: the terminal does not say
    std::size_t rows = 0;
    bool operator==(const Size&) const = default;
  };

  // `in` and `out` are the same terminal. Errors: kIo.
  static Result<Screen> open(int in, int out);
  Screen(Screen&& other) noexcept;
  Screen& operator=(Screen&&) = delete;
  ~Screen();

  Size size() const;

  // What is shown is `text` from the first line on; its lines end with "\r\n". Errors: kIo, as when
  // the terminal has gone.
  Result<> show(std::string_view text) const;

 private:
  Screen(int out, KeyInput keys);

  int out_;
  std::optional<KeyInput> keys_;  // until it is moved from
};

}  // namespace zc::os
