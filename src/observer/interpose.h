// ZC_INTERPOSE: defines a function that programs find before that of the C library.
//
//   ZC_INTERPOSE(int, access, const char* path, int mode) {
//     …
//     return ZC_NEXT(access)(path, mode);
//   }
//
// ZC_AROUND and ZC_BEFORE define one that only writes an event: `record` writes it around the call
// of the original, which it gets as its last argument and whose result it returns, or before it.
//
//   ZC_AROUND(int, rmdir, (const char* path), (path), recorded, 'U', AT_FDCWD, path)
//   ZC_BEFORE(int, uname, (void* out), (out), record_name, 'K', "uname")
//
// The function gets a name of its own in C++ and the C library's name as its symbol, so that it
// does not conflict with the headers that declare the original. ZC_NEXT is the original: the next
// one in the order of the loader, which may belong to another preloaded library.
//
// A function looks up its original when it is called first (early_objects.h).
//
// A name that the present C library does not have must not be interposed: programs query the loader
// for it to find out what the system supports.
//
// Thread: any.
#pragma once

#include <atomic>
#include <cerrno>
#include <type_traits>

namespace zc::observer {

// An original. A section of the library lists all of them (interpose.cc).
class Original {
 public:
  constexpr Original(const char* name, bool gives_pointer)
      : name_(name), gives_pointer_(gives_pointer) {}

  const char* name() const { return name_; }
  // The address of the function, or of one that fails with ENOSYS.
  void* address();

 private:
  const char* name_;
  bool gives_pointer_;
  std::atomic<void*> address_ = nullptr;
};

// Writes an event of kind '!' for each original that is not the C library's: another preloaded
// library stands between, and may open another file than the program spelled.
void record_redirections();

// The errno of a call that failed, which returned -1 or a null pointer; 0 if it succeeded.
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

#define ZC_AROUND(Result, symbol, parameters, arguments, record, ...)      \
  ZC_INTERPOSE(Result, symbol, ZC_LIST parameters) {                       \
    return record(__VA_ARGS__, [&] { return ZC_NEXT(symbol) arguments; }); \
  }

#define ZC_BEFORE(Result, symbol, parameters, arguments, record, ...) \
  ZC_INTERPOSE(Result, symbol, ZC_LIST parameters) {                  \
    record(__VA_ARGS__);                                              \
    return ZC_NEXT(symbol) arguments;                                 \
  }

// The inside of the parentheses of its argument.
#define ZC_LIST(...) __VA_ARGS__
