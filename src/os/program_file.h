// Which build of a library can be preloaded into a program, by its file: that for glibc, that for
// musl, or none. The loader of another C library or word size prints that it cannot, or fails, and
// the runtime of AddressSanitizer ends a program in which it does not come first.
//
// Header only: the observer has the same question, and no other code of this layer.
//
// Thread: any; no state.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace zc::os {

enum class Preload {
  kNone,  // it has no loader, or one that would complain
  kAny,   // the file is a loader, or no program for the kernel to load
  kGlibc,
  kMusl,
};

// How the names of the two builds end, which lie side by side.
constexpr std::string_view kEndForGlibc = ".so";
constexpr std::string_view kEndForMusl = "-musl.so";

// The ELF file of 64 bits, as far as we need it; the names are those of elf(5).
struct ElfHead {
  static constexpr std::size_t kMagicBytes = 4;
  static constexpr unsigned char kClass64 = 2;
  static constexpr std::uint16_t kMachineAmd64 = 62;
  std::array<unsigned char, 16> ident;  // "\x7f" "ELF", then the class
  std::uint16_t type;
  std::uint16_t machine;
  std::uint32_t version;
  std::uint64_t entry;
  std::uint64_t phoff;
  std::uint64_t shoff;
  std::uint32_t flags;
  std::uint16_t ehsize;
  std::uint16_t phentsize;
  std::uint16_t phnum;
  std::array<std::uint16_t, 3> sections;
};
struct ElfSegment {
  static constexpr std::uint32_t kLoad = 1;
  static constexpr std::uint32_t kDynamic = 2;
  static constexpr std::uint32_t kInterpreter = 3;
  std::uint32_t type;
  std::uint32_t flags;
  std::uint64_t offset;
  std::uint64_t vaddr;
  std::uint64_t paddr;
  std::uint64_t filesz;
  std::uint64_t memsz;
  std::uint64_t align;
};
struct ElfEntry {
  static constexpr std::int64_t kNeeded = 1;
  static constexpr std::int64_t kNames = 5;
  static constexpr std::int64_t kOwnName = 14;
  std::int64_t tag;
  std::uint64_t value;
};
static_assert(sizeof(ElfHead) == 64 && sizeof(ElfSegment) == 56 && sizeof(ElfEntry) == 16);

// `read_at(offset, out, size)` reads from the file: how many bytes there were, or below 0.
template <class ReadAt>
class ProgramFile {
 public:
  explicit ProgramFile(const ReadAt& read_at) : read_at_(read_at) {}

  // As much as the kernel reads of a script.
  using Text = std::array<char, 256>;

  Preload preload() const {
    ElfHead head = {};
    if (!read(0, head) || std::memcmp(head.ident.data(),
                                      "\x7f"
                                      "ELF",
                                      ElfHead::kMagicBytes) != 0) {
      return Preload::kAny;
    }
    if (head.ident[ElfHead::kMagicBytes] != ElfHead::kClass64 ||
        head.machine != ElfHead::kMachineAmd64) {
      return Preload::kNone;
    }
    ElfSegment segment = {};
    Entries entries = {};
    if (find_segment(head, segment, of_type(ElfSegment::kDynamic))) {
      (void)read_at_(segment.offset, entries.data(), sizeof entries);
    }
    if (needs_sanitizer(head, entries)) {
      return Preload::kNone;
    }
    if (find_segment(head, segment, of_type(ElfSegment::kInterpreter))) {
      return preload_of_loader(segment.offset);
    }
    // A static program has no name to be loaded by.
    const bool has_name =
        std::ranges::find(entries, ElfEntry::kOwnName, &ElfEntry::tag) != entries.end();
    return has_name ? Preload::kAny : Preload::kNone;
  }

  // The program that reads this script, in `room`; null: it is none (execve(2)).
  const char* script_program(Text& room) const {
    const std::string_view line = text_at(0, room);
    if (!line.starts_with("#!")) {
      return nullptr;
    }
    const std::size_t begin = std::min(line.find_first_not_of(" \t", 2), line.size());
    room[std::min(line.find_first_of(" \t\n", begin), line.size())] = '\0';
    return &room[begin];
  }

 private:
  using Entries = std::array<ElfEntry, 64>;

  template <class T>
  bool read(std::uint64_t offset, T& out) const {
    return read_at_(offset, &out, sizeof out) == static_cast<std::ptrdiff_t>(sizeof out);
  }
  // What is longer is cut off.
  std::string_view text_at(std::uint64_t offset, Text& room) const {
    room = {};
    (void)read_at_(offset, room.data(), room.size() - 1);
    return room.data();
  }

  static auto of_type(std::uint32_t type) {
    return [type](const ElfSegment& segment) { return segment.type == type; };
  }
  template <class Matches>
  bool find_segment(const ElfHead& head, ElfSegment& out, Matches matches) const {
    for (std::size_t i = 0; i < head.phnum; ++i) {
      if (!read(head.phoff + i * sizeof out, out)) {
        return false;
      }
      if (matches(out)) {
        return true;
      }
    }
    return false;
  }

  Preload preload_of_loader(std::uint64_t offset) const {
    Text room;
    std::string_view name = text_at(offset, room);
    name.remove_prefix(name.rfind('/') + 1);
    if (name.starts_with("ld-musl-x86_64.")) {
      return Preload::kMusl;
    }
    return name.starts_with("ld-linux-x86-64.") ? Preload::kGlibc : Preload::kNone;
  }

  bool needs_sanitizer(const ElfHead& head, const Entries& entries) const {
    const auto names = std::ranges::find(entries, ElfEntry::kNames, &ElfEntry::tag);
    ElfSegment segment = {};
    if (names == entries.end() || !find_segment(head, segment, [&](const ElfSegment& s) {
          return s.type == ElfSegment::kLoad && names->value - s.vaddr < s.filesz;
        })) {
      return false;
    }
    const std::uint64_t begin = names->value - segment.vaddr + segment.offset;
    return std::ranges::any_of(entries, [&](const ElfEntry& entry) {
      Text room;
      return entry.tag == ElfEntry::kNeeded && is_sanitizer(text_at(begin + entry.value, room));
    });
  }

  static bool is_sanitizer(std::string_view library) {
    return library.starts_with("libasan.") || library.starts_with("libclang_rt.asan");
  }

  const ReadAt& read_at_;
};

// Of the program that the kernel loads to run `file`, a File: scripts may name scripts. kAny if one
// of them cannot be read. A File is made of a path (a text that ends in a NUL byte), and has
// `read_at` as above.
template <class File>
Preload preload_of_file(const File& file, int scripts_max = 5) {
  const auto read_at = [&](std::uint64_t offset, void* out, std::size_t size) {
    return file.read_at(offset, out, size);
  };
  const ProgramFile program(read_at);
  typename ProgramFile<decltype(read_at)>::Text room;
  const char* const next = program.script_program(room);
  if (next == nullptr) {
    return program.preload();
  }
  return scripts_max == 0 ? Preload::kAny : preload_of_file(File(next), scripts_max - 1);
}

Preload preload_of(const std::string& path);

// Whether the kernel has another program read the file that `path` leads to. False if it cannot be
// read.
bool is_script(const std::string& path);

}  // namespace zc::os
