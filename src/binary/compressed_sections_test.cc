#include "binary/compressed_sections.h"

#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace zc::binary {
namespace {

// An object with two sections, the second of which has these flags.
template <class File, class Section>
std::string object(unsigned char word_size, decltype(Section::sh_flags) flags) {
  File file = {};
  std::copy_n(ELFMAG, SELFMAG, file.e_ident);
  file.e_ident[EI_CLASS] = word_size;
  file.e_ident[EI_DATA] = ELFDATA2LSB;
  file.e_shentsize = sizeof(Section);
  file.e_shnum = 2;
  file.e_shoff = sizeof file;
  Section section = {};
  section.sh_flags = flags;
  std::string out(sizeof file + 2 * sizeof section, '\0');
  std::memcpy(out.data(), &file, sizeof file);
  std::memcpy(out.data() + sizeof file + sizeof section, &section, sizeof section);
  return out;
}
std::string object(std::uint64_t flags) {
  return object<Elf64_Ehdr, Elf64_Shdr>(ELFCLASS64, flags);
}

bool is_compressed(const std::string& bytes) {
  const int fd = ::memfd_create("object", MFD_CLOEXEC);
  EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  const bool out = has_compressed_sections(fd);
  EXPECT_EQ(::close(fd), 0);
  return out;
}

TEST(CompressedSections, AreKnownByTheirFlag) {
  EXPECT_FALSE(is_compressed(object(0)));
  EXPECT_FALSE(is_compressed(object(SHF_MERGE | SHF_STRINGS)));
  EXPECT_TRUE(is_compressed(object(SHF_COMPRESSED)));
  EXPECT_FALSE((is_compressed(object<Elf32_Ehdr, Elf32_Shdr>(ELFCLASS32, SHF_ALLOC))));
  EXPECT_TRUE((is_compressed(object<Elf32_Ehdr, Elf32_Shdr>(ELFCLASS32, SHF_COMPRESSED))));
}

TEST(CompressedSections, OtherFilesHaveNone) {
  EXPECT_FALSE(is_compressed(""));
  EXPECT_FALSE(is_compressed("\t.file\t\"a.c\"\n\t.text\n"));
}

TEST(CompressedSections, WhatIsNotUnderstoodMayHaveSome) {
  const std::string whole = object(0);
  EXPECT_TRUE(is_compressed(whole.substr(0, whole.size() - 1)));
  EXPECT_TRUE(is_compressed(whole.substr(0, EI_NIDENT)));
  std::string odd = whole;
  odd[EI_CLASS] = 7;
  EXPECT_TRUE(is_compressed(odd));
  odd = whole;
  odd[EI_DATA] = ELFDATA2MSB;
  EXPECT_TRUE(is_compressed(odd));
}

}  // namespace
}  // namespace zc::binary
