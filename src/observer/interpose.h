// ZC_INTERPOSE: a function of the C library that programs find here first.
//
//   ZC_INTERPOSE(int, access, const char* path, int mode) {
//     …
//     return ZC_NEXT(access)(path, mode);
//   }
//
// The function gets a name of its own and the library's as its label, so that the headers that
// declare the original do not get in the way. ZC_NEXT is the original: the next one in the order of
// the loader, which may belong to another preloaded library.
//
// All originals are looked up when we are loaded, because the loader cannot be asked between vfork
// and exec; whoever is called earlier looks up its own.
//
// A name that the C library at hand does not have must not be interposed: programs ask the loader
// for it to learn what the system can do.
//
// Thread: any.
#pragma once

#include <atomic>
#include <cerrno>
#include <type_traits>

namespace zc::observer {

// An original. All are listed in a section of their own (interpose.cc).
class Original {
 public:
  constexpr Original(const char* name, bool gives_pointer)
      : name_(name), gives_pointer_(gives_pointer) {}

  // Of the function, or of one that fails with ENOSYS.
  void* address();

 private:
  const char* name_;
  bool gives_pointer_;
  std::atomic<void*> address_ = nullptr;
};

void find_all_originals();

// What a call says about its failure: -1, or no pointer, with errno.
inline int error_of(long result) {
  return result == -1 ? errno : 0;
}
inline int error_of(const void* result) {
  return result == nullptr ? errno : 0;
}

}  // namespace zc::observer

// The section lists pointers, because the compiler may space larger things out.
#define ZC_INTERPOSE(Result, symbol, ...)                                                          \
  extern "C" Result seen_##symbol(__VA_ARGS__) __asm__(#symbol)                                    \
      __attribute__((visibility("default")));                                                      \
  static constinit ::zc::observer::Original original_##symbol(#symbol, std::is_pointer_v<Result>); \
  __attribute__((section("zc_originals"),                                                          \
                 used)) static constinit ::zc::observer::Original* listed_##symbol =               \
      &original_##symbol;                                                                          \
  extern "C" Result seen_##symbol(__VA_ARGS__)

#define ZC_NEXT(symbol) reinterpret_cast<decltype(&seen_##symbol)>(original_##symbol.address())
