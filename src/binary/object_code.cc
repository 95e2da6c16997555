#include "binary/object_code.h"

#include <algorithm>

namespace zc::binary {

std::vector<Function> ObjectCode::functions_at(std::uint64_t address) const {
  const auto behind = std::ranges::upper_bound(functions, address, {}, &Function::begin);
  if (behind == functions.begin()) {
    return {};
  }
  const auto same =
      std::ranges::equal_range(functions, std::prev(behind)->begin, {}, &Function::begin);
  std::vector<Function> out;
  std::ranges::copy_if(same, std::back_inserter(out),
                       [&](const Function& function) { return address < function.end; });
  return out;
}

bool ObjectCode::visit_parts(const std::function<bool(const CodeSection&)>& visit) const {
  for (const CodeSection& section : sections) {
    const std::uint64_t end = section.address + section.bytes.size();
    auto next = std::ranges::upper_bound(functions, section.address, {}, &Function::begin);
    for (std::uint64_t at = section.address; at < end;) {
      while (next != functions.end() && next->begin <= at) {
        ++next;
      }
      const std::uint64_t stop = next == functions.end() ? end : std::min(end, next->begin);
      if (!visit({.address = at, .bytes = section.bytes.substr(at - section.address, stop - at)})) {
        return false;
      }
      at = stop;
    }
  }
  return true;
}

}  // namespace zc::binary
