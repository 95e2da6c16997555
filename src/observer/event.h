// An event: one thing that this process looked at, and the outcome.
//
//   Event record;
//   record.path(AT_FDCWD, name);           // before the call: it may change what the name means
//   const int fd = next(name, flags);
//   record.write('R', fd < 0 ? errno : 0);
//
// The kinds and their spelling are in docs/formats/observation.md. If an event cannot be written
// (too long, or the channel fails), an event of kind '!' takes its place, so that the daemon knows
// that events are missing.
//
// Thread: any, also between vfork and exec and in a signal handler; everything is on the stack
// (4 KiB). Errors: none that the program could notice; errno stays as it was.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zc::observer {

inline constexpr std::size_t kRecordBytesMax = 4096;  // PATH_MAX; of the path or name

// Whether a program can have meant this. Some make nonsensical calls on purpose, to find out what
// the kernel supports.
inline bool is_text(const char* text) {
  constexpr std::uintptr_t kPageBytes = 4096;
  return reinterpret_cast<std::uintptr_t>(text) >= kPageBytes && *text != '\0';
}

class Event {
 public:
  // Not initialised: 4 KiB of zeroes for each call would be its largest cost.
  Event() {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  // One of these sets what the event is about. There is no event for a path or name that is empty,
  // or that no program could have meant.
  void path(int directory, const char* path);
  // The first `size` bytes of `path`; 0 means the directory itself.
  void path_before(int directory, const char* path, std::size_t size);
  void descriptor(int fd);
  void open_file(int fd);  // nothing, if it has no path
  void name(const char* text);
  void program();  // that this process runs

  // Writes the event; may be called more than once. Repeats within a process are dropped, except
  // those of kinds that the daemon counts.
  void write(char kind, int error);

 private:
  enum class State { kNothing, kWhole, kPartial };

  void append(const char* text, std::size_t size);
  void append_plain(const char* path, std::size_t size);
  void base(int directory);
  void target_of(const char* link);
  void begin_with(std::ptrdiff_t size);
  void send(char kind, int error, std::size_t size);

  // Kind, two numbers of up to ten digits, a time of up to twenty, and a blank behind each.
  static constexpr std::size_t kHeadBytesMax = 48;
  State state_ = State::kNothing;
  std::size_t size_ = 0;
  char text_[kHeadBytesMax + kRecordBytesMax];

  char* body() { return text_ + kHeadBytesMax; }
};

// Writes an event about a name that has no outcome.
void record_name(char kind, const char* name);

}  // namespace zc::observer
