#include "binary/object_scan.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <memory>

#include "binary/environment_scan.h"
#include "binary/object_code.h"
#include "binary/system_call_scan.h"

namespace zc::binary {

namespace {

constexpr ObjectTraits kAnything = {
    .reads_environment = true, .system_calls = SystemCalls::kAny, .asks_by_rust_library = true};

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

// The C library's variable under its names.
bool is_environment(std::string_view symbol) {
  return symbol == "environ" || symbol == "_environ" || symbol == "__environ";
}

// Functions of Rust's library that return all variables, which a library that is linked with that
// one dynamically imports.
bool returns_environment(std::string_view symbol) {
  return symbol.contains("3std3env4vars") || symbol.contains("3std3env7vars_os");
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

// Goes through the sections of a file and keeps what the scans need of them.
class ObjectReader {
 public:
  explicit ObjectReader(Elf* elf) : elf_(elf) {}

  // False: the file cannot be understood.
  bool read() {
    for (Elf_Scn* section = ::elf_nextscn(elf_, nullptr); section != nullptr;
         section = ::elf_nextscn(elf_, section)) {
      GElf_Shdr header;
      if (::gelf_getshdr(section, &header) == nullptr || !read_section(section, header)) {
        return false;
      }
    }
    std::ranges::sort(code_.functions, {}, &Function::begin);
    // Without a section of code the scan has seen nothing, as in a file whose section table was
    // removed.
    return !code_.sections.empty();
  }

  ObjectTraits traits() const {
    const SystemCalls calls = system_calls_of(code_);
    // What has system calls is trusted with nothing, or is cargo, which does read all variables.
    const bool may_read =
        has_environment_ && (calls != SystemCalls::kNone || may_read_environment(code_));
    return {.reads_environment = returns_environment_ || may_read,
            .system_calls = calls,
            .asks_by_rust_library = asks_by_rust_library_};
  }

 private:
  bool read_section(Elf_Scn* section, const GElf_Shdr& header) {
    switch (header.sh_type) {
      case SHT_DYNSYM:
        return each_symbol(section, header, &ObjectReader::read_import);
      case SHT_SYMTAB:
        return each_symbol(section, header, &ObjectReader::read_function);
      case SHT_RELA:
        return read_relocations(section, header);
      case SHT_REL:
      case SHT_RELR:
        code_.names_environment_otherwise = true;  // it may: these do not say what they point to
        return true;
      case SHT_PROGBITS:
        return (header.sh_flags & SHF_EXECINSTR) != 0 ? read_code(section, header)
                                                      : read_table(header);
      default:
        return true;
    }
  }

  bool each_symbol(Elf_Scn* section, const GElf_Shdr& header,
                   void (ObjectReader::*take)(const GElf_Sym&, const char*)) {
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
      if (const char* name = ::elf_strptr(elf_, header.sh_link, symbol.st_name); name != nullptr) {
        (this->*take)(symbol, name);
      }
    }
    return true;
  }

  // A library imports the variable; a program may hold it, since the loader copies it there (a copy
  // relocation). So a symbol counts whether it is defined here or not. Functions of Rust's library
  // count only if they are imported: an object that contains that library makes the calls itself,
  // and the observer sees them come from it.
  void read_import(const GElf_Sym& symbol, const char* name) {
    has_environment_ |= is_environment(name);
    returns_environment_ |= symbol.st_shndx == SHN_UNDEF && returns_environment(name);
    asks_by_rust_library_ |= symbol.st_shndx == SHN_UNDEF && asks_library(name);
  }

  void read_function(const GElf_Sym& symbol, const char* name) {
    if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_size != 0) {
      code_.functions.push_back(
          {.begin = symbol.st_value, .end = symbol.st_value + symbol.st_size, .name = name});
    }
  }

  bool read_code(Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = ::elf_rawdata(section, nullptr);
    if (data == nullptr) {
      return false;
    }
    code_.sections.push_back({.address = header.sh_addr,
                              .bytes = {static_cast<const char*>(data->d_buf), data->d_size}});
    return true;
  }

  bool read_table(const GElf_Shdr& header) {
    std::size_t names = 0;
    const char* name = ::elf_getshdrstrndx(elf_, &names) == 0
                           ? ::elf_strptr(elf_, names, header.sh_name)
                           : nullptr;
    if (name != nullptr && std::string_view(name) == ".got") {
      code_.table_begin = header.sh_addr;
      code_.table_end = header.sh_addr + header.sh_size;
    }
    return true;
  }

  bool read_relocations(Elf_Scn* section, const GElf_Shdr& header) {
    Elf_Data* data = ::elf_getdata(section, nullptr);
    Elf_Scn* symbols = ::elf_getscn(elf_, header.sh_link);
    Elf_Data* symbol_data = symbols == nullptr ? nullptr : ::elf_getdata(symbols, nullptr);
    GElf_Shdr symbol_header;
    if (data == nullptr || header.sh_entsize == 0) {
      return false;
    }
    // Those of a file that was not linked yet, or of one without symbols, name no variable.
    if (symbol_data == nullptr || ::gelf_getshdr(symbols, &symbol_header) == nullptr) {
      return true;
    }
    const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
    for (int i = 0; i < count; ++i) {
      GElf_Rela relocation;
      if (::gelf_getrela(data, i, &relocation) == nullptr) {
        return false;
      }
      read_relocation(relocation, symbol_data, symbol_header.sh_link);
    }
    return true;
  }

  void read_relocation(const GElf_Rela& relocation, Elf_Data* symbols, std::size_t names) {
    const auto kind = GELF_R_TYPE(relocation.r_info);
    if (kind == R_X86_64_RELATIVE) {
      code_.pointers.push_back({.place = relocation.r_offset,
                                .target = static_cast<std::uint64_t>(relocation.r_addend)});
      return;
    }
    GElf_Sym symbol;
    const auto number = static_cast<int>(GELF_R_SYM(relocation.r_info));
    if (number == 0 || ::gelf_getsym(symbols, number, &symbol) == nullptr) {
      return;
    }
    const char* name = ::elf_strptr(elf_, names, symbol.st_name);
    if (name != nullptr && is_environment(name)) {
      code_.environment_places.push_back(relocation.r_offset);
      code_.names_environment_otherwise |= kind != R_X86_64_GLOB_DAT;
    } else if (symbol.st_shndx != SHN_UNDEF) {
      code_.pointers.push_back(
          {.place = relocation.r_offset,
           .target = symbol.st_value + static_cast<std::uint64_t>(relocation.r_addend)});
    }
  }

  Elf* elf_;
  ObjectCode code_;
  bool has_environment_ = false;
  bool returns_environment_ = false;
  bool asks_by_rust_library_ = false;
};

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
  ObjectReader reader(elf.get());
  return reader.read() ? reader.traits() : kAnything;
}

}  // namespace zc::binary
