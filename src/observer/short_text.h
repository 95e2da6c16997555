// ShortText: a short text of words and numbers, built on the stack.
//
// Characters that do not fit are dropped; callers choose `Bytes` so that everything fits.
//
// Thread: one per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zc::observer {

template <std::size_t Bytes>
class ShortText {
 public:
  ShortText& add(std::string_view text) {
    for (const char c : text) {
      add(c);
    }
    return *this;
  }
  ShortText& add(char c) {
    if (size_ + 1 < Bytes) {
      text_[size_] = c;
      ++size_;
      text_[size_] = '\0';
    }
    return *this;
  }
  // Takes away what is behind the first `size` characters.
  void keep(std::size_t size) {
    size_ = size;
    text_[size_] = '\0';
  }
  // In decimal, without leading zeros.
  ShortText& add_number(std::uint64_t number) {
    char digits[20];
    std::size_t count = 0;
    do {
      digits[count] = static_cast<char>('0' + number % 10);
      ++count;
      number /= 10;
    } while (number != 0);
    while (count > 0) {
      --count;
      add(digits[count]);
    }
    return *this;
  }

  // Ends with a NUL byte; borrows from the object.
  const char* c_str() const { return text_; }
  std::size_t size() const { return size_; }

 private:
  char text_[Bytes] = {};
  std::size_t size_ = 0;
};

}  // namespace zc::observer
