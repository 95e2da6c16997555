#include "cli/user_end.h"

#include <array>
#include <string_view>

#include "os/file.h"
#include "os/wait.h"

namespace zc::cli {

bool user_ends(const os::SignalSource& signals, int keys, int wait_ms) {
  constexpr std::string_view kQuit = "qQ\x03\x04";  // Ctrl-C, Ctrl-D
  std::array<os::WaitSource, 2> sources = {{{.fd = signals.fd()}, {.fd = keys}}};
  if (!os::wait_for_any(sources, wait_ms)) {
    return false;
  }
  if (sources[0].is_ready) {
    return true;
  }
  std::array<char, 64> pressed = {};
  const Result<std::size_t> count = os::read_some(keys, pressed.data(), pressed.size());
  // Readable and empty: the terminal has gone.
  return !count || *count == 0 ||
         std::string_view(pressed.data(), *count).find_first_of(kQuit) != std::string_view::npos;
}

}  // namespace zc::cli
