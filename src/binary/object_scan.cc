#include "binary/object_scan.h"

#include <gelf.h>
#include <libelf.h>

#include <cstring>
#include <memory>

#include "binary/system_call_scan.h"

namespace zc::binary {

namespace {

constexpr ObjectTraits kAnything = {
    .reads_environment = true, .makes_system_calls = true, .asks_by_rust_library = true};

// Frees what elf_memory made; the image itself stays with the caller.
struct EndElf {
  void operator()(Elf* elf) const { ::elf_end(elf); }
};
using OpenElf = std::unique_ptr<Elf, EndElf>;

bool is_for_this_processor(Elf* elf) {
  GElf_Ehdr header;
  return ::elf_kind(elf) == ELF_K_ELF && ::gelf_getehdr(elf, &header) != nullptr &&
         header.e_machine == EM_X86_64 && header.e_ident[EI_CLASS] == ELFCLASS64;
}

// The C library's variable under its names, and the functions of Rust's library that read it, which
// a library that is linked with that one dynamically imports.
bool means_environment(std::string_view symbol) {
  return symbol == "environ" || symbol == "_environ" || symbol == "__environ" ||
         symbol.contains("3std3env4vars") || symbol.contains("3std3env7vars_os");
}

// In either way in which Rust writes the names of its functions.
bool asks_library(std::string_view symbol) {
  for (const std::string_view part : {"3std2fs", "3std4path", "3std3env", "3std7process",
                                      "3std6random", "available_parallelism", "is_terminal"}) {
    if (symbol.contains(part)) {
      return true;
    }
  }
  return false;
}

// A library imports the variable; a program may hold it, since the loader copies it there (a copy
// relocation). So a symbol counts whether it is defined here or not. Functions of Rust's library
// count only if they are imported: an object that contains that library makes the calls itself, and
// the observer sees them come from it. False: the table cannot be understood.
bool scan_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, ObjectTraits& out) {
  Elf_Data* data = ::elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) {
    return false;
  }
  const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol;
    if (::gelf_getsym(data, i, &symbol) == nullptr) {
      return false;
    }
    if (const char* name = ::elf_strptr(elf, header.sh_link, symbol.st_name); name != nullptr) {
      out.reads_environment |= means_environment(name);
      out.asks_by_rust_library |= symbol.st_shndx == SHN_UNDEF && asks_library(name);
    }
  }
  return true;
}

// True as well if the bytes of the section cannot be had.
bool holds_system_calls(Elf_Scn* section) {
  Elf_Data* data = ::elf_rawdata(section, nullptr);
  return data == nullptr || has_system_call({static_cast<const char*>(data->d_buf), data->d_size});
}

}  // namespace

ObjectTraits scan_object(std::string_view image) {
  if (::elf_version(EV_CURRENT) == EV_NONE) {
    return kAnything;
  }
  // The library takes a writable buffer, and writes to it only for files of the other byte order.
  const OpenElf elf(::elf_memory(const_cast<char*>(image.data()), image.size()));
  if (elf == nullptr || !is_for_this_processor(elf.get())) {
    return kAnything;
  }
  ObjectTraits traits;
  bool has_code = false;
  for (Elf_Scn* section = ::elf_nextscn(elf.get(), nullptr); section != nullptr;
       section = ::elf_nextscn(elf.get(), section)) {
    GElf_Shdr header;
    if (::gelf_getshdr(section, &header) == nullptr) {
      return kAnything;
    }
    if (header.sh_type == SHT_DYNSYM) {
      if (!scan_symbols(elf.get(), section, header, traits)) {
        return kAnything;
      }
    } else if (header.sh_type == SHT_PROGBITS && (header.sh_flags & SHF_EXECINSTR) != 0) {
      has_code = true;
      traits.makes_system_calls |= holds_system_calls(section);
    }
  }
  // Without a section of code the scan has seen nothing, as in a file whose section table was
  // removed.
  return has_code ? traits : kAnything;
}

}  // namespace zc::binary
