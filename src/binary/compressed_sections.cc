#include "binary/compressed_sections.h"

#include <elf.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace zc::binary {

namespace {

template <class Value>
bool read_at(int fd, std::uint64_t offset, Value& out) {
  return ::pread(fd, &out, sizeof out, static_cast<off_t>(offset)) ==
         static_cast<ssize_t>(sizeof out);
}

// An object with more sections than its header can count has none by that number.
template <class File, class Section>
bool is_compressed(int fd) {
  File file = {};
  if (!read_at(fd, 0, file) || file.e_shnum == 0 || file.e_shentsize != sizeof(Section)) {
    return true;
  }
  for (std::uint64_t i = 0; i < file.e_shnum; ++i) {
    Section section = {};
    if (!read_at(fd, file.e_shoff + i * sizeof section, section) ||
        (section.sh_flags & SHF_COMPRESSED) != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool has_compressed_sections(int fd) {
  std::array<unsigned char, EI_NIDENT> ident = {};
  if (!read_at(fd, 0, ident) || std::memcmp(ident.data(), ELFMAG, SELFMAG) != 0) {
    return false;
  }
  const auto own_order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
  if (ident[EI_DATA] != own_order) {
    return true;
  }
  return ident[EI_CLASS] == ELFCLASS64   ? is_compressed<Elf64_Ehdr, Elf64_Shdr>(fd)
         : ident[EI_CLASS] == ELFCLASS32 ? is_compressed<Elf32_Ehdr, Elf32_Shdr>(fd)
                                         : true;
}

}  // namespace zc::binary
