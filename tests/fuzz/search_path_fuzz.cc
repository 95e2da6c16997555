// What a compiler prints with -v.
#include <cstddef>
#include <cstdint>

#include "compiler/c/family.h"
#include "compiler/c/search_path.h"
#include "compiler/detect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)zc::compiler::c::parse_search_path(text);
  (void)zc::compiler::c::family_from_version(text);
  (void)zc::compiler::detect(text);
  return 0;
}
