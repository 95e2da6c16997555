#include "cli/user_wish.h"

#include <array>
#include <string>
#include <string_view>

#include "os/file.h"
#include "os/wait.h"

namespace zc::cli {

namespace {

// Without those that have no character, such as F2, "ESC O Q", and F12, "ESC [ 2 4 ~".
std::string characters_in(std::string_view keys) {
  constexpr char kEscape = '\x1b';
  constexpr char kFirstFinal = '@';  // ECMA-48, 5.4
  std::string out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != kEscape) {
      out += keys[i];
      continue;
    }
    const bool is_control_sequence = keys.substr(i).starts_with("\x1b[");
    i += 2;
    while (is_control_sequence && i < keys.size() && keys[i] < kFirstFinal) {
      ++i;
    }
  }
  return out;
}

UserWish wish_of(std::string_view keys) {
  constexpr std::string_view kQuit = "qQ\x03\x04";  // Ctrl-C, Ctrl-D
  constexpr std::string_view kHelp = "?hH";
  const std::string characters = characters_in(keys);
  return characters.find_first_of(kQuit) != std::string::npos   ? UserWish::kEnd
         : characters.find_first_of(kHelp) != std::string::npos ? UserWish::kHelp
                                                                : UserWish::kNothing;
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
