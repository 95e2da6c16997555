// Pages for a terminal (os/screen.h): whether there can be one, and its lines.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "os/screen.h"

namespace zc::cli {

struct PageSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// That of the screen, or the usual one if it does not say.
PageSize page_size(const os::Screen& screen);

// Whether both standard input and output are a terminal that knows pages.
bool can_show_pages();

// The first lines of a text, which end with "\n", as far as they fit. The last row names `keys`,
// and says how many lines are left out.
std::vector<std::string> page_of(std::string_view text, std::string_view keys,
                                 const PageSize& size);

// For Screen::show.
std::string frame_of(const std::vector<std::string>& lines);

}  // namespace zc::cli
