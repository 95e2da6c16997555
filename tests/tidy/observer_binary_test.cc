// What the observer consists of: it gets into programs that we know nothing of, so it needs nothing
// but the C library, and shows no name but those that it interposes. Reads the ELF file itself.
#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of the file that it is given: the build for glibc, or that for musl.
class ObserverBinary : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::ifstream in(GetParam(), std::ios::binary);
    image_.assign(std::istreambuf_iterator<char>(in), {});
    ASSERT_GE(image_.size(), sizeof(Elf64_Ehdr)) << "cannot read " << GetParam();
    ASSERT_EQ(std::memcmp(image_.data(), ELFMAG, SELFMAG), 0);
  }

  template <class T>
  T at(std::size_t offset) const {
    T out = {};
    if (offset + sizeof out <= image_.size()) {
      std::memcpy(&out, image_.data() + offset, sizeof out);
    }
    return out;
  }

  Elf64_Shdr section(std::size_t index) const {
    const auto header = at<Elf64_Ehdr>(0);
    return at<Elf64_Shdr>(header.e_shoff + index * header.e_shentsize);
  }

  // Calls visit(entry, names) for each entry of the first section of this type.
  template <class Entry, class Visit>
  void for_each(Elf64_Word type, Visit visit) const {
    const std::size_t sections = at<Elf64_Ehdr>(0).e_shnum;
    for (std::size_t i = 0; i < sections; ++i) {
      const Elf64_Shdr table = section(i);
      if (table.sh_type != type) {
        continue;
      }
      const char* const names = image_.c_str() + section(table.sh_link).sh_offset;
      for (std::size_t offset = 0; offset < table.sh_size; offset += sizeof(Entry)) {
        visit(at<Entry>(table.sh_offset + offset), names);
      }
    }
  }

  std::string image_;
};

TEST_P(ObserverBinary, NeedsTheCLibraryOnly) {
  std::vector<std::string> needed;
  for_each<Elf64_Dyn>(SHT_DYNAMIC, [&](const Elf64_Dyn& entry, const char* names) {
    if (entry.d_tag == DT_NEEDED) {
      needed.emplace_back(names + entry.d_un.d_val);
    }
  });
  // musl's loader takes the second name for itself, however its own file is called.
  EXPECT_THAT(needed, ElementsAre(AnyOf("libc.so.6", "libc.so")));
}

class GlibcObserverBinary : public ObserverBinary {};

// So that it loads wherever an ordinary toolchain of the last twelve years does.
TEST_P(GlibcObserverBinary, NeedsNoSymbolNewerThanThatOfAnOldCLibrary) {
  constexpr std::string_view kPrefix = "GLIBC_2.";
  constexpr int kNewest = 17;
  std::vector<std::string> versions;
  const std::size_t sections = at<Elf64_Ehdr>(0).e_shnum;
  for (std::size_t i = 0; i < sections; ++i) {
    const Elf64_Shdr table = section(i);
    const char* const names = image_.c_str() + section(table.sh_link).sh_offset;
    if (table.sh_type != SHT_GNU_verneed) {
      continue;
    }
    // The one library that it needs.
    const auto needed = at<Elf64_Verneed>(table.sh_offset);
    std::size_t offset = table.sh_offset + needed.vn_aux;
    for (int left = needed.vn_cnt; left > 0; --left) {
      const auto version = at<Elf64_Vernaux>(offset);
      versions.emplace_back(names + version.vna_name);
      offset += version.vna_next;
    }
  }
  EXPECT_FALSE(versions.empty());
  for (const std::string& version : versions) {
    ASSERT_TRUE(version.starts_with(kPrefix)) << version;
    EXPECT_LE(std::stoi(version.substr(kPrefix.size())), kNewest) << version;
  }
}

TEST_P(ObserverBinary, ShowsOnlyWhatItInterposes) {
  std::string sources;
  for (const SourceFile& file : cxx_files()) {
    for (const std::string& line : file.lines) {
      sources += file.layer() == "observer" ? line : std::string();
    }
  }
  std::vector<std::string> strangers;
  std::size_t shown = 0;
  for_each<Elf64_Sym>(SHT_DYNSYM, [&](const Elf64_Sym& symbol, const char* names) {
    const std::string name = names + symbol.st_name;
    if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_VISIBILITY(symbol.st_other) != STV_DEFAULT) {
      return;
    }
    ++shown;
    // ZC_INTERPOSE(int, name, …), ZC_GETENV(name) or ZC_ENTRY(name, …)
    if (sources.find('(' + name + ')') == std::string::npos &&
        sources.find('(' + name + ',') == std::string::npos &&
        sources.find(", " + name + ',') == std::string::npos) {
      strangers.push_back(name);
    }
  });
  EXPECT_GT(shown, 80U);
  EXPECT_THAT(strangers, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Both, ObserverBinary,
                         ::testing::Values(ZCCACHE_OBSERVER, ZCCACHE_OBSERVER_MUSL));
INSTANTIATE_TEST_SUITE_P(Glibc, GlibcObserverBinary, ::testing::Values(ZCCACHE_OBSERVER));

}  // namespace
}  // namespace zc::tidy
