// Messages of rustc: taken apart and joined again for the same outputs they are unchanged, and for
// other outputs nothing but the names of artifacts differs.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/rust/messages.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::compiler;
  using namespace zc::compiler::rust;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<Output> here = {{.role = Role::kDepInfo, .path = "o/q.d", .emit = "dep-info"},
                                    {.role = Role::kRlib, .path = "o/libq.rlib", .emit = "link"}};
  std::vector<Output> there = here;
  for (Output& output : there) {
    output.path.insert(0, "else\"where/");
  }
  const std::vector<MessagePart> parts = split_messages(text, here);
  fuzz::require(join_messages(parts, here) == text, "taken apart and joined, it is the same");
  const auto moved = join_messages(parts, there);
  fuzz::require(moved.has_value(), "every artifact has an output");
  const bool any = std::ranges::any_of(parts, &MessagePart::is_artifact);
  fuzz::require(any || *moved == text, "without artifacts nothing changes");
  return 0;
}
