#include "cli/user_wish.h"

#include <array>
#include <string_view>

#include "os/file.h"
#include "os/wait.h"

namespace zc::cli {

namespace {

UserWish wish_of(std::string_view keys) {
  constexpr char kEscape = '\x1b';
  constexpr std::string_view kInterrupt = "\x03\x04";  // Ctrl-C, Ctrl-D
  constexpr std::string_view kQuit = "qQ";
  constexpr std::string_view kHelp = "?hH";
  const auto has = [&](std::string_view some) {
    return keys.find_first_of(some) != std::string_view::npos;
  };
  if (has(kInterrupt)) {
    return UserWish::kEnd;
  }
  // A key without a character, such as F2: "ESC O Q".
  if (keys.starts_with(kEscape)) {
    return UserWish::kNothing;
  }
  return has(kQuit) ? UserWish::kEnd : has(kHelp) ? UserWish::kHelp : UserWish::kNothing;
}

}  // namespace

UserWish wait_for_user(const os::SignalSource& signals, int keys, int wait_ms) {
  std::array<os::WaitSource, 2> sources = {{{.fd = signals.fd()}, {.fd = keys}}};
  if (!os::wait_for_any(sources, wait_ms)) {
    return UserWish::kNothing;
  }
  if (sources[0].is_ready) {
    return UserWish::kEnd;
  }
  std::array<char, 64> pressed = {};
  const Result<std::size_t> count = os::read_some(keys, pressed.data(), pressed.size());
  // Readable and empty: the terminal has gone.
  return !count || *count == 0 ? UserWish::kEnd : wish_of(std::string_view(pressed.data(), *count));
}

}  // namespace zc::cli
