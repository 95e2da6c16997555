// What libstdc++'s headers need at link time, for a client that links no C++ runtime library
// (cmake/MuslClient.cmake): allocation, and the places where the library would throw. The client
// is built without exceptions; each of these means a broken invariant or no memory, and aborts.

#ifdef ZCCACHE_OWN_RUNTIME

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

// A client lives for a millisecond and frees little that matters, so the first allocations come
// from a fixed block, one after the other. musl's malloc would cost eight system calls and ten
// page faults for the same. What was allocated last may be freed: most buffers of a path are,
// before the next is needed, and each page that is not touched is a fault less.
// Pages of the block that are never reached take no memory. What does not fit comes from malloc.
constexpr std::size_t kArenaBytes = std::size_t{96} << 10;
constexpr std::size_t kAlignment = alignof(std::max_align_t);
alignas(kAlignment) char arena[kArenaBytes];
std::size_t arena_used = 0;

bool in_arena(const void* memory) {
  const auto* byte = static_cast<const char*>(memory);
  return byte >= arena && byte < arena + kArenaBytes;
}

std::size_t round_up(std::size_t bytes) {
  return (bytes + kAlignment - 1) & ~(kAlignment - 1);
}

void* allocate(std::size_t bytes) {
  const std::size_t rounded = round_up(bytes);
  if (bytes <= kArenaBytes && rounded <= kArenaBytes - arena_used) {
    void* memory = arena + arena_used;
    arena_used += rounded;
    return memory;
  }
  void* memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) {
    std::abort();
  }
  return memory;
}

void release(void* memory) {
  if (!in_arena(memory)) {
    std::free(memory);
  }
}

void release(void* memory, std::size_t bytes) {
  if (in_arena(memory) && static_cast<char*>(memory) + round_up(bytes) == arena + arena_used) {
    arena_used -= round_up(bytes);
  } else {
    release(memory);
  }
}

}  // namespace

// No forms for over-aligned types: the client has none, and one would not link.
void* operator new(std::size_t bytes) {
  return allocate(bytes);
}
void* operator new[](std::size_t bytes) {
  return allocate(bytes);
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t bytes) noexcept {
  release(memory, bytes);
}
void operator delete[](void* memory, std::size_t bytes) noexcept {
  release(memory, bytes);
}

namespace std {

[[noreturn]] void __throw_length_error(const char*) {
  std::abort();
}
[[noreturn]] void __throw_logic_error(const char*) {
  std::abort();
}
[[noreturn]] void __throw_bad_alloc() {
  std::abort();
}
[[noreturn]] void __throw_bad_array_new_length() {
  std::abort();
}
[[noreturn]] void __throw_bad_function_call() {
  std::abort();
}
[[noreturn]] void __throw_out_of_range(const char*) {
  std::abort();
}
[[noreturn]] void __throw_out_of_range_fmt(const char*, ...) {
  std::abort();
}

}  // namespace std

extern "C" {
// Called for an abstract method of a half-made object.
[[noreturn]] void __cxa_pure_virtual() {
  std::abort();
}
// Destructors of static objects: there is nothing to run at exit.
int __cxa_atexit(void (*)(void*), void*, void*) {
  return 0;
}
void* __dso_handle = nullptr;
}

#endif
