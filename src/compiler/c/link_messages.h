// Link messages: which lines linkers, and drivers that call them, print for errors of what they
// link: a symbol that is missing or there twice, a library or an object that is not there. Those of
// ld.bfd and gold 2.40, lld 14 and mold 1.10, in English.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string_view>

namespace zc::compiler::c {

enum class LinkLine : std::uint8_t {
  kOther,
  kRemark,  // says more of an error, or warns
  kError,
};

LinkLine link_line(std::string_view line);

}  // namespace zc::compiler::c
