#include "observer/channel.h"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "observer/described_process.h"
#include "observer/errno_keeper.h"
#include "observer/kernel.h"
#include "observer/short_text.h"

namespace zc::observer {

namespace {

// The same values as in src/wire/observation_channel.h.
constexpr std::size_t kChannelBytes = std::size_t{64} << 20;
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kRoom = kChannelBytes - kHeaderBytes;
constexpr std::uint64_t kMark = 0x31'73'62'6f'7a'63'63'61;
constexpr std::size_t kTakenOffset = 8;
constexpr std::size_t kClockOffset = 16;
constexpr std::size_t kUnknownOffset = 24;
constexpr std::size_t kKeptOffset = 32;
constexpr std::size_t kAlignment = 8;

constexpr std::uint32_t kNumberMax = 0x7fffffff;

enum class State : int { kFresh, kShut, kOpen };

// kFresh until the first use, then for good kOpen, or kShut: this process is not observed. If
// several threads open the channel at once, the mapping of the first one stays.
std::atomic<State> g_state = State::kFresh;
std::atomic<char*> g_memory = nullptr;

// "/proc/<pid>/fd/<n>" with two numbers of up to ten digits.
using ChannelPath = ShortText<48>;

// Removes a number from the front of `text`.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' &&
         value <= kNumberMax) {
    value = value * 10 + static_cast<std::uint64_t>(text[digits] - '0');
    ++digits;
  }
  if (digits == 0 || value > kNumberMax) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return static_cast<std::uint32_t>(value);
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) {
    return false;
  }
  text.remove_prefix(word.size());
  return true;
}

// Reads the environment directly, because getenv is interposed.
std::optional<std::string_view> variable() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    if (take_word(text, kChannelVariable)) {
      return text;
    }
  }
  return std::nullopt;
}

// Spelled exactly as the client does. False: it is not.
bool locate(ChannelPath& path) {
  std::optional<std::string_view> text = variable();
  if (!text || !take_word(*text, "/proc/")) {
    return false;
  }
  const std::optional<std::uint32_t> client = take_number(*text);
  if (!client || !take_word(*text, "/fd/")) {
    return false;
  }
  const std::optional<std::uint32_t> number = take_number(*text);
  path.add("/proc/").add_number(client.value_or(0)).add("/fd/").add_number(number.value_or(0));
  return number && text->empty();
}

// In a sandbox with pids of its own, the path may lead to a file of another program, which the
// observer must not even open.
bool is_memory_file(const char* path) {
  constexpr std::string_view kName = "/memfd:zccache-observation";
  char target[kName.size()];
  const std::ptrdiff_t size = kernel::read_link(path, target, sizeof target);
  return size == std::ptrdiff_t{sizeof target} && std::string_view(target, kName.size()) == kName;
}

// No descriptor stays open: programs rely on getting the lowest free numbers, and close or replace
// descriptors that they did not open. Null: there is no channel, or it may not be mapped.
char* map_channel() {
  ChannelPath path;
  if (!locate(path) || kernel::is_address_space_limited() || !is_memory_file(path.c_str())) {
    return nullptr;
  }
  const int fd = kernel::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    return nullptr;
  }
  struct stat file = {};
  char* const memory = kernel::stat(fd, file) && file.st_size == off_t{kChannelBytes}
                           ? kernel::map_shared(fd, kChannelBytes)
                           : nullptr;
  kernel::close(fd);
  if (memory != nullptr && std::memcmp(memory, &kMark, sizeof kMark) != 0) {
    kernel::unmap(memory, kChannelBytes);
    return nullptr;
  }
  return memory;
}

// A number in the header; 0 if nothing is observed.
std::int64_t number_at(std::size_t offset) {
  std::int64_t number = 0;
  if (is_observing()) {
    std::memcpy(&number, g_memory.load() + offset, sizeof number);
  }
  return number;
}

bool start() {
  const ErrnoKeeper keeper;
  char* const memory = map_channel();
  if (memory == nullptr) {
    // Before the C library has an environment there is nothing to decide.
    g_state = environ == nullptr ? State::kFresh : State::kShut;
    return false;
  }
  char* expected = nullptr;
  const bool is_first = g_memory.compare_exchange_strong(expected, memory);
  g_state = State::kOpen;
  if (is_first) {
    describe_process();
  } else {
    kernel::unmap(memory, kChannelBytes);
  }
  return true;
}

}  // namespace

bool is_observing() {
  const State state = g_state.load(std::memory_order_acquire);
  return state == State::kFresh ? start() : state == State::kOpen;
}

long clock_shift_s() {
  return number_at(kClockOffset);
}

long kept_before_ns() {
  return number_at(kKeptOffset);
}

long unknown_since_ns() {
  return number_at(kUnknownOffset);
}

// A process that is killed here leaves a record without a size, by which the daemon recognises it.
bool append(const char* bytes, std::size_t size) {
  char* const memory = g_memory.load();
  const std::size_t needed = (sizeof(std::uint32_t) + size + kAlignment - 1) & ~(kAlignment - 1);
  // By one addition, so that writers wait for no lock, not even for one that a killed process
  // holds.
  const std::atomic_ref taken(*reinterpret_cast<std::uint64_t*>(memory + kTakenOffset));
  // `taken` never falls below the room again, by which the daemon knows that a record is missing.
  const std::uint64_t place = taken.load() > kRoom ? kRoom : taken.fetch_add(needed);
  if (place > kRoom - needed) {
    return false;
  }
  char* const record = memory + kHeaderBytes + place;
  std::memcpy(record + sizeof(std::uint32_t), bytes, size);
  // Last, and "release": a reader that sees the size also sees the text.
  const std::atomic_ref record_size(*reinterpret_cast<std::uint32_t*>(record));
  record_size.store(static_cast<std::uint32_t>(size), std::memory_order_release);
  return true;
}

}  // namespace zc::observer
