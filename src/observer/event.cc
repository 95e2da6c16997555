#include "observer/event.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "observer/channel.h"
#include "observer/described_process.h"
#include "observer/errno_keeper.h"
#include "observer/kernel.h"
#include "observer/short_text.h"

namespace zc::observer {

namespace {

// The daemon compares the starts with the programs that have started, and the files made with those
// removed; and after the compiler has requested the time, a macro may do so as well. So each event
// of these kinds counts, and each about a file of the kernel.
bool is_counted(char kind) {
  return std::strchr("XYPWMUICKGOZ!", kind) != nullptr;
}

bool is_about_kernel(const char* path, std::size_t size) {
  const std::string_view text(path, size);
  return text.starts_with("/proc/") || text.starts_with("/dev/") || text.starts_with("/sys/");
}

// Hashes of the events written so far. A table of this size holds all events of the largest links
// seen; when it is full, repeats are written again. A child of fork has a copy of the table, a
// child of vfork the same one, so the pid is part of the hash.
constexpr std::size_t kHashes = 8192;
constexpr std::size_t kProbesMax = 16;
std::atomic<std::uint64_t> g_told[kHashes];

// FNV-1a, 64 bits, begun with `hash`.
constexpr std::uint64_t kHashBegin = 0xcbf29ce484222325U;
std::uint64_t hash_of(const char* bytes, std::size_t size, std::uint64_t hash) {
  for (std::size_t i = 0; i < size; ++i) {
    hash = (hash ^ static_cast<unsigned char>(bytes[i])) * 0x100000001b3U;
  }
  return hash;
}

bool is_repeat(std::uint64_t hash) {
  for (std::size_t probe = 0; probe < kProbesMax; ++probe) {
    std::atomic<std::uint64_t>& slot = g_told[(hash + probe) % kHashes];
    std::uint64_t found = 0;  // an empty slot; no record has this hash but by an odd chance
    if (slot.compare_exchange_strong(found, hash)) {
      return false;
    }
    if (found == hash) {
      return true;
    }
  }
  return false;
}

}  // namespace

void Event::path(int directory, const char* path) {
  if (is_observing() && is_text(path)) {
    path_before(directory, path, ::strnlen(path, kRecordBytesMax + 1));
  }
}

void Event::path_before(int directory, const char* path, std::size_t size) {
  if (!is_observing()) {
    return;
  }
  state_ = State::kWhole;
  if (size > 0 && *path == '/') {
    return append_plain(path, size);
  }
  // The kernel resolves a relative path here and now; the program may change its directory later.
  base(directory);
  if (size > 0 && size_ > 0 && body()[size_ - 1] != '/') {
    append("/", 1);
  }
  // Only what is relative to the working directory has "/./" in it (docs/formats/observation.md).
  if (size > 0 && directory == AT_FDCWD) {
    append("./", 2);
    return append(path, size);
  }
  while (size >= 2 && path[0] == '.' && path[1] == '/') {
    path += 2;
    size -= 2;
  }
  append_plain(path, size);
}

// Without the "./" in "/./".
void Event::append_plain(const char* path, std::size_t size) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 2 < size; ++i) {
    if (path[i] == '/' && path[i + 1] == '.' && path[i + 2] == '/') {
      append(path + begin, i - begin);
      begin = i + 2;
      ++i;
    }
  }
  append(path + begin, size - begin);
}

void Event::descriptor(int fd) {
  if (is_observing()) {
    state_ = State::kWhole;
    base(fd);
  }
}

void Event::open_file(int fd) {
  descriptor(fd);
  if (state_ == State::kPartial) {
    state_ = State::kNothing;
  }
}

void Event::name(const char* text) {
  if (is_observing() && is_text(text)) {
    state_ = State::kWhole;
    append(text, ::strnlen(text, kRecordBytesMax + 1));
  }
}

void Event::program() {
  state_ = State::kWhole;
  target_of("/proc/self/exe");
}

void Event::base(int directory) {
  if (directory != AT_FDCWD) {
    ShortText<32> link;
    link.add("/proc/self/fd/").add_number(static_cast<std::uint32_t>(directory));
    target_of(link.c_str());
    return;
  }
  const ErrnoKeeper keeper;
  begin_with(kernel::current_directory(body(), kRecordBytesMax));
}

void Event::target_of(const char* link) {
  const ErrnoKeeper keeper;
  begin_with(kernel::read_link(link, body(), kRecordBytesMax));
}

// Takes the path that the kernel has written to the body. Without a slash it is not a path: a file
// outside of our root, a pipe, or an error.
void Event::begin_with(std::ptrdiff_t size) {
  const bool is_path = size > 0 && body()[0] == '/';
  state_ = is_path ? state_ : State::kPartial;
  size_ = is_path ? static_cast<std::size_t>(size) : 0;
}

void Event::append(const char* text, std::size_t size) {
  const std::size_t room = kRecordBytesMax - size_;
  if (size > room) {
    state_ = State::kPartial;
    size = room;
  }
  std::memcpy(body() + size_, text, size);
  size_ += size;
}

void Event::write(char kind, int error) {
  if (state_ == State::kNothing) {
    return;
  }
  const ErrnoKeeper keeper;
  // An object that was loaded since comes first, since it may have caused this event.
  tell_new_objects();
  send(state_ == State::kWhole ? kind : '!', error, size_);
}

void Event::send(char kind, int error, std::size_t size) {
  ShortText<kHeadBytesMax + 1> head;
  head.add(kind).add_number(kernel::process_id()).add(' ');
  head.add_number(static_cast<std::uint64_t>(error)).add(' ');
  // The hash leaves out the time: a repeat is the same event, and only the first time counts.
  if (!is_counted(kind) && !is_about_kernel(body(), size) &&
      is_repeat(hash_of(body(), size, hash_of(head.c_str(), head.size(), kHashBegin)))) {
    return;
  }
  head.add_number(kernel::file_time_ms()).add(' ');
  // The head goes right before the body, into room that was left for it: one piece, one copy.
  char* const begin = body() - head.size();
  std::memcpy(begin, head.c_str(), head.size());
  // A full channel cannot take the short event, either; but then the bytes taken exceed its room,
  // which the daemon sees.
  if (!observer::append(begin, head.size() + size) && kind != '!') {
    send('!', error, 0);
  }
}

void record_name(char kind, const char* name) {
  Event record;
  record.name(name);
  record.write(kind, 0);
}

}  // namespace zc::observer
