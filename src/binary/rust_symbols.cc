#include "binary/rust_symbols.h"

#include <cstddef>

namespace zc::binary {

namespace {

bool take(std::string_view& text, std::string_view prefix) {
  const bool is_there = text.starts_with(prefix);
  text.remove_prefix(is_there ? prefix.size() : 0);
  return is_there;
}

// "s_" or "s1a_", which tells apart what has the same name.
bool take_number(std::string_view& text) {
  if (!text.starts_with('s')) {
    return false;
  }
  const std::size_t end =
      text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 1);
  const bool is_number = end != std::string_view::npos && text[end] == '_';
  text.remove_prefix(is_number ? end + 1 : 0);
  return is_number;
}

// What stands before a path: values, types and closures are in it, an `impl` may be, and generic
// arguments follow behind it.
bool take_one_before(std::string_view& text) {
  if (take(text, "M") || take(text, "X")) {
    take_number(text);
    return true;
  }
  return take(text, "Nv") || take(text, "Nt") || take(text, "NC") || take(text, "I");
}

bool take_crate(std::string_view& text) {
  while (take_one_before(text)) {
  }
  return take(text, "C") && take_number(text);
}

}  // namespace

bool is_at_rust_path(std::string_view symbol, std::string_view path) {
  if (take(symbol, "_ZN")) {
    return symbol.starts_with(path);
  }
  return take(symbol, "_R") && take_crate(symbol) && symbol.starts_with(path);
}

}  // namespace zc::binary
