// The manual page zccache(1), as man(7) has it, from the tables of commands and variables.
//
// Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace zc::cli {

std::string manual_page(std::string_view version);

}  // namespace zc::cli
