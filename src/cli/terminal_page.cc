#include "cli/terminal_page.h"

#include <algorithm>
#include <cstdlib>

#include "base/str.h"
#include "cli/fit.h"
#include "cli/format.h"
#include "os/terminal.h"

namespace zc::cli {

PageSize page_size(const os::Screen& screen) {
  const os::Screen::Size size = screen.size();
  const PageSize usual;
  return {.columns = size.columns == 0 ? usual.columns : size.columns,
          .rows = size.rows == 0 ? usual.rows : size.rows};
}

bool can_show_pages() {
  constexpr int kStandardInput = 0;
  constexpr int kStandardOutput = 1;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread changes the environment
  const std::string_view kind = view_or_empty(std::getenv("TERM"));
  return os::is_terminal(kStandardOutput) && os::is_terminal(kStandardInput) && !kind.empty() &&
         kind != "dumb";
}

std::vector<std::string> page_of(std::string_view text, std::string_view keys,
                                 const PageSize& size) {
  text.remove_suffix(text.ends_with('\n') ? 1 : 0);
  const std::vector<std::string_view> lines = split(text, '\n');
  const std::size_t room = std::max<std::size_t>(size.rows, 1) - 1;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(room, lines.size()); ++i) {
    out.push_back(fit_ends(lines[i], size.columns));
  }
  out.resize(room);
  const std::string rest = lines.size() > room
                               ? str_cat(counted(lines.size() - room, "more line"), "; ")
                               : std::string();
  out.push_back(fit(str_cat(rest, keys), size.columns));
  return out;
}

std::string frame_of(const std::vector<std::string>& lines) {
  constexpr std::string_view kClearLine = "\x1b[K";
  std::string out;
  for (const std::string& line : lines) {
    str_append(out, out.empty() ? "" : "\r\n", line, kClearLine);
  }
  return out;
}

}  // namespace zc::cli
