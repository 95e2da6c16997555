#include "observer/channel.h"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "observer/described_process.h"
#include "observer/errno_keeper.h"
#include "observer/kernel.h"
#include "observer/short_text.h"

namespace zc::observer {

namespace {

// Programs count on low numbers being the next ones they get.
constexpr int kLowestNumber = 200;
constexpr int kNoNumberYet = -2;
constexpr std::string_view kVariable = "ZCCACHE_OBSERVE=";
constexpr std::uint32_t kNumberMax = 0x7fffffff;

enum class State : int { kFresh, kShut, kOpen };

// Every thread that finds the channel fresh works out the same values; the one that sets the number
// of the descriptor first has opened it.
std::atomic<State> g_state = State::kFresh;
std::atomic<int> g_fd = kNoNumberYet;
std::atomic<std::uint32_t> g_client = 0;
std::atomic<std::uint32_t> g_number = 0;
std::atomic<dev_t> g_dev = 0;
std::atomic<ino_t> g_ino = 0;

using ChannelPath = ShortText<48>;

ChannelPath channel_path() {
  ChannelPath path;
  path.add("/proc/").add_number(g_client.load());
  path.add("/fd/").add_number(g_number.load());
  return path;
}

// Takes a number off the front of `text`.
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

// Straight from the environment: getenv is one of those we interpose.
std::optional<std::string_view> variable() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    if (take_word(text, kVariable)) {
      return text;
    }
  }
  return std::nullopt;
}

bool locate() {
  std::optional<std::string_view> text = variable();
  if (!text || !take_word(*text, "/proc/")) {
    return false;
  }
  const std::optional<std::uint32_t> client = take_number(*text);
  if (!client || !take_word(*text, "/fd/")) {
    return false;
  }
  const std::optional<std::uint32_t> number = take_number(*text);
  if (!number || !text->empty()) {
    return false;
  }
  g_client = *client;
  g_number = *number;
  return true;
}

// In a sandbox with pids of its own, the path may lead to a stranger's file.
bool is_memory_file(const char* path) {
  constexpr std::string_view kMark = "/memfd:";
  char target[kMark.size()];
  const std::ptrdiff_t size = kernel::read_link(path, target, sizeof target);
  return size == std::ptrdiff_t{sizeof target} && std::string_view(target, kMark.size()) == kMark;
}

int open_channel() {
  return kernel::open(channel_path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
}

bool is_channel(int fd) {
  struct stat now = {};
  return fd >= 0 && kernel::stat(fd, now) && now.st_dev == g_dev.load() &&
         now.st_ino == g_ino.load();
}

bool start() {
  const ErrnoKeeper keeper;
  const int fd = locate() && is_memory_file(channel_path().c_str()) ? open_channel() : -1;
  struct stat identity = {};
  if (fd < 0 || !kernel::stat(fd, identity)) {
    // Before the C library has an environment there is nothing to decide.
    g_state = environ == nullptr ? State::kFresh : State::kShut;
    return false;
  }
  g_dev = identity.st_dev;
  g_ino = identity.st_ino;
  const int high = kernel::duplicate_above(fd, kLowestNumber);
  kernel::close(fd);
  int expected = kNoNumberYet;
  const bool is_first = g_fd.compare_exchange_strong(expected, high);
  g_state = State::kOpen;
  if (is_first) {
    describe_process();
  } else if (high >= 0) {
    kernel::close(high);
  }
  return true;
}

bool append_to(int fd, const char* bytes, std::size_t size) {
  return is_channel(fd) && kernel::write(fd, bytes, size) == static_cast<std::ptrdiff_t>(size);
}

}  // namespace

bool is_observing() {
  const State state = g_state.load(std::memory_order_acquire);
  return state == State::kFresh ? start() : state == State::kOpen;
}

bool append(const char* bytes, std::size_t size) {
  if (append_to(g_fd.load(), bytes, size)) {
    return true;
  }
  // Not kept: between vfork and exec the number would also be our parent's, and mean nothing there.
  const int fd = open_channel();
  const bool done = append_to(fd, bytes, size);
  if (fd >= 0) {
    kernel::close(fd);
  }
  return done;
}

}  // namespace zc::observer
