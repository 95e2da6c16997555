// What the shipped client consists of: a static program on musl, without the parts of libstdc++
// and of formatting libraries that would double its start-up time. Reads the ELF file itself.
#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// A larger client is slower to map; with the first complete one it was 175 KB.
constexpr std::size_t kClientBytesMax = std::size_t{256} << 10;

class ClientBinary : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(ZCCACHE_CLIENT, std::ios::binary);
    image_.assign(std::istreambuf_iterator<char>(in), {});
    ASSERT_GE(image_.size(), sizeof(Elf64_Ehdr)) << "cannot read " << ZCCACHE_CLIENT;
    header_ = at<Elf64_Ehdr>(0);
    ASSERT_EQ(std::memcmp(header_.e_ident, ELFMAG, SELFMAG), 0);
  }

  template <class T>
  T at(std::size_t offset) const {
    T out = {};
    if (offset + sizeof out <= image_.size()) {
      std::memcpy(&out, image_.data() + offset, sizeof out);
    }
    return out;
  }

  std::vector<Elf64_Phdr> segments() const {
    std::vector<Elf64_Phdr> out;
    for (std::size_t i = 0; i < header_.e_phnum; ++i) {
      out.push_back(at<Elf64_Phdr>(header_.e_phoff + i * header_.e_phentsize));
    }
    return out;
  }

  Elf64_Shdr section(std::size_t index) const {
    return at<Elf64_Shdr>(header_.e_shoff + index * header_.e_shentsize);
  }

  // Mangled names of the symbol table.
  std::vector<std::string> symbols() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < header_.e_shnum; ++i) {
      const Elf64_Shdr table = section(i);
      if (table.sh_type != SHT_SYMTAB) {
        continue;
      }
      const Elf64_Shdr strings = section(table.sh_link);
      for (std::size_t at_byte = 0; at_byte < table.sh_size; at_byte += sizeof(Elf64_Sym)) {
        const auto symbol = at<Elf64_Sym>(table.sh_offset + at_byte);
        names.emplace_back(image_.c_str() + strings.sh_offset + symbol.st_name);
      }
    }
    return names;
  }

  std::string image_;
  Elf64_Ehdr header_ = {};
};

TEST_F(ClientBinary, IsStatic) {
  for (const Elf64_Phdr& segment : segments()) {
    EXPECT_NE(segment.p_type, PT_INTERP);
    EXPECT_NE(segment.p_type, PT_DYNAMIC);
  }
}

TEST_F(ClientBinary, IsLinkedAgainstMusl) {
  EXPECT_THAT(symbols(), Contains("__init_libc"));
  EXPECT_EQ(image_.find("GNU C Library"), std::string::npos);
  EXPECT_EQ(image_.find("GLIBC_"), std::string::npos);
}

TEST_F(ClientBinary, HasNoStreamsNoLocalesNoFormattingNoExceptions) {
  const std::regex heavy(
      "St6locale|ios_base|basic_.?stream|basic_streambuf|_ZSt4cout|N3fmt|6spdlog|nlohmann|"
      "__cxa_throw|__gxx_personality|_Unwind_");
  const std::vector<std::string> names = symbols();
  ASSERT_GT(names.size(), 100U) << "no symbol table to look at";
  std::vector<std::string> findings;
  for (const std::string& name : names) {
    if (std::regex_search(name, heavy)) {
      findings.push_back(name);
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// CPUID traps in a virtual machine: code that picks its variant by it costs more than it saves.
TEST_F(ClientBinary, AsksTheProcessorNothing) {
  EXPECT_THAT(symbols(), Not(Contains("__cpu_indicator_init")));
  EXPECT_THAT(symbols(), Not(Contains("blake3_hasher_init")));
}

// What is mapped; debug information is not.
TEST_F(ClientBinary, IsSmall) {
  std::size_t loaded_bytes = 0;
  for (const Elf64_Phdr& segment : segments()) {
    loaded_bytes += segment.p_type == PT_LOAD ? segment.p_filesz : 0;
  }
  EXPECT_GT(loaded_bytes, 0U);
  EXPECT_LE(loaded_bytes, kClientBytesMax);
}

}  // namespace
