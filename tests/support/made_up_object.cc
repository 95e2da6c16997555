#include "support/made_up_object.h"

#include <elf.h>

#include <cstring>

namespace zc::test {

namespace {

// Sections follow the header in this order; their table comes last.
enum Section : std::uint8_t {
  kNone,
  kText,
  kSymbols,
  kFunctions,
  kNames,
  kSectionNames,
  kSections
};

template <class T>
std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

Elf64_Ehdr header_of_file(std::size_t sections_at) {
  Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_shoff = sections_at;
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = kSections;
  header.e_shstrndx = kSectionNames;
  return header;
}

}  // namespace

std::string made_up_object(std::string_view code, const std::vector<std::string>& imports,
                           const std::string& function) {
  std::string contents[kSections];
  contents[kText] = code;
  contents[kSymbols] = bytes_of(Elf64_Sym{});
  contents[kNames].push_back('\0');
  contents[kSectionNames].push_back('\0');
  for (const std::string& name : imports) {
    Elf64_Sym symbol = {};
    symbol.st_name = static_cast<Elf64_Word>(contents[kNames].size());
    symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
    contents[kSymbols] += bytes_of(symbol);
    contents[kNames] += name + '\0';
  }

  Elf64_Sym whole = {};
  whole.st_name = static_cast<Elf64_Word>(contents[kNames].size());
  whole.st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC);
  whole.st_size = code.size();
  contents[kFunctions] = bytes_of(Elf64_Sym{}) + bytes_of(whole);
  contents[kNames] += function + '\0';

  Elf64_Shdr sections[kSections] = {};
  sections[kText].sh_type = SHT_PROGBITS;
  sections[kText].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
  sections[kSymbols].sh_type = SHT_DYNSYM;
  sections[kSymbols].sh_link = kNames;
  sections[kSymbols].sh_entsize = sizeof(Elf64_Sym);
  sections[kFunctions] = sections[kSymbols];
  sections[kFunctions].sh_type = SHT_SYMTAB;
  sections[kNames].sh_type = SHT_STRTAB;
  sections[kSectionNames].sh_type = SHT_STRTAB;
  std::string body;
  for (std::size_t i = kText; i < kSections; ++i) {
    body.resize((body.size() + 7) / 8 * 8);
    sections[i].sh_offset = sizeof(Elf64_Ehdr) + body.size();
    sections[i].sh_size = contents[i].size();
    sections[i].sh_addralign = 8;
    body += contents[i];
  }
  body.resize((body.size() + 7) / 8 * 8);
  std::string out = bytes_of(header_of_file(sizeof(Elf64_Ehdr) + body.size())) + body;
  for (const Elf64_Shdr& section : sections) {
    out += bytes_of(section);
  }
  return out;
}

}  // namespace zc::test
