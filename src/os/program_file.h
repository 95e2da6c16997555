// Whether a library for the C library of this system (glibc, 64 bits) can be preloaded into a
// program, by its file: the loader of another C library or word size prints that it cannot, or
// fails, and the runtime of AddressSanitizer ends a program in which it does not come first.
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

// The ELF file of 64 bits, as far as we need it; the names are those of elf(5).
struct ElfHead {
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
  std::int64_t tag;
  std::uint64_t value;
};
static_assert(sizeof(ElfHead) == 64 && sizeof(ElfSegment) == 56 && sizeof(ElfEntry) == 16);

// `read_at(offset, out, size)` reads from the file: how many bytes there were, or below 0.
template <class ReadAt>
class ProgramFile {
 public:
  explicit ProgramFile(const ReadAt& read_at) : read_at_(read_at) {}

  // True for what is no program for the kernel to load, such as a script, and for a static one: it
  // has no loader that could print anything.
  bool can_be_preloaded() const {
    ElfHead head = {};
    if (!read(0, head) || std::memcmp(head.ident.data(),
                                      "\x7f"
                                      "ELF",
                                      kMagicBytes) != 0) {
      return true;
    }
    if (head.ident[kMagicBytes] != kClass64 || head.machine != kMachineAmd64) {
      return false;
    }
    ElfSegment segment = {};
    if (find_segment(head, segment,
                     [](const ElfSegment& s) { return s.type == ElfSegment::kInterpreter; }) &&
        !is_loader_of_glibc(segment.offset)) {
      return false;
    }
    return !find_segment(head, segment, [](const ElfSegment& s) {
      return s.type == ElfSegment::kDynamic;
    }) || !needs_sanitizer(head, segment.offset);
  }

 private:
  using Text = std::array<char, 128>;
  static constexpr std::size_t kMagicBytes = 4;
  static constexpr unsigned char kClass64 = 2;
  static constexpr std::uint16_t kMachineAmd64 = 62;

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

  bool is_loader_of_glibc(std::uint64_t offset) const {
    Text room;
    std::string_view name = text_at(offset, room);
    name.remove_prefix(name.rfind('/') + 1);
    return name.starts_with("ld-linux-x86-64.");
  }

  bool needs_sanitizer(const ElfHead& head, std::uint64_t offset) const {
    constexpr std::size_t kEntriesMax = 64;
    std::array<ElfEntry, kEntriesMax> entries = {};
    (void)read_at_(offset, entries.data(), sizeof entries);
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

template <class ReadAt>
bool can_be_preloaded(const ReadAt& read_at) {
  return ProgramFile<ReadAt>(read_at).can_be_preloaded();
}

// Of the file at `path`; true if it cannot be read.
bool can_be_preloaded(const std::string& path);

// Whether the kernel has another program read the file that `path` leads to. False if it cannot be
// read.
bool is_script(const std::string& path);

}  // namespace zc::os
