#include "observer/symbol_table.h"

#include <cstring>

namespace zc::observer {

namespace {

// Of a version that only programs ask for that were linked with it.
constexpr ElfW(Half) kHiddenVersion = 0x8000;

// As DT_GNU_HASH has it.
std::uint32_t hash_of_name(const char* name) {
  std::uint32_t hash = 5381;
  for (; *name != '\0'; ++name) {
    hash = hash * 33 + static_cast<unsigned char>(*name);
  }
  return hash;
}

// The head of the table; a Bloom filter, buckets, and chains of hashes follow.
struct HashHead {
  std::uint32_t buckets;
  std::uint32_t first_symbol;
  std::uint32_t filter_words;
  std::uint32_t filter_shift;
};

}  // namespace

// glibc has added the base to these addresses in memory; musl has not, nor the kernel for its own.
SymbolTable::SymbolTable(ElfW(Addr) base, const ElfW(Dyn) * dynamic) : base_(base) {
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    const ElfW(Addr) value = dynamic->d_un.d_ptr;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers.
    const void* const at = reinterpret_cast<const void*>(value < base ? value + base : value);
    switch (dynamic->d_tag) {
      case DT_GNU_HASH:
        hash_ = static_cast<const std::uint32_t*>(at);
        break;
      case DT_SYMTAB:
        symbols_ = static_cast<const ElfW(Sym)*>(at);
        break;
      case DT_STRTAB:
        names_ = static_cast<const char*>(at);
        break;
      case DT_VERSYM:
        versions_ = static_cast<const ElfW(Half)*>(at);
        break;
      default:
        break;
    }
  }
}

void* SymbolTable::find(const char* name) const {
  if (hash_ == nullptr || symbols_ == nullptr || names_ == nullptr) {
    return nullptr;
  }
  HashHead head;
  std::memcpy(&head, hash_, sizeof head);
  const std::uint32_t hash = hash_of_name(name);
  const auto* const filter = reinterpret_cast<const std::uint64_t*>(hash_ + 4);
  const std::uint64_t word = filter[hash / 64 % head.filter_words];
  if ((word >> hash % 64 & word >> (hash >> head.filter_shift) % 64 & 1) == 0) {
    return nullptr;
  }
  const std::uint32_t* const buckets = hash_ + 4 + std::size_t{2} * head.filter_words;
  const std::uint32_t* const chains = buckets + head.buckets;
  std::uint32_t index = buckets[hash % head.buckets];
  if (index < head.first_symbol) {
    return nullptr;
  }
  // The lowest bit marks the end of a chain.
  for (;; ++index) {
    const std::uint32_t here = chains[index - head.first_symbol];
    if ((here | 1) == (hash | 1) && is(index, name)) {
      return address_of(symbols_[index]);
    }
    if ((here & 1) != 0) {
      return nullptr;
    }
  }
}

bool SymbolTable::is(std::uint32_t index, const char* name) const {
  const ElfW(Sym)& symbol = symbols_[index];
  const bool is_hidden = versions_ != nullptr && (versions_[index] & kHiddenVersion) != 0;
  return symbol.st_shndx != SHN_UNDEF && !is_hidden &&
         std::strcmp(names_ + symbol.st_name, name) == 0;
}

// Of some functions (`time`) the object picks one of several when it is asked.
void* SymbolTable::address_of(const ElfW(Sym) & symbol) const {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers.
  void* const address = reinterpret_cast<void*>(base_ + symbol.st_value);
  return ELF64_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC ? reinterpret_cast<void* (*)()>(address)()
                                                        : address;
}

}  // namespace zc::observer
