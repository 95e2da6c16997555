// SymbolTable: the functions that a loaded object defines, by name, found through its hash table
// (DT_GNU_HASH, which all C libraries for x86-64 since 2006 have).
//
// Thread: any; const. Ownership: borrows the object's memory.
#pragma once

#include <link.h>

#include <cstdint>

namespace zc::observer {

class SymbolTable {
 public:
  constexpr SymbolTable() = default;
  // `base` is what the loader added to the addresses in the object.
  SymbolTable(ElfW(Addr) base, const ElfW(Dyn) * dynamic);

  // The address of the default version of a function; null: it is not defined here.
  void* find(const char* name) const;

 private:
  bool is(std::uint32_t index, const char* name) const;
  void* address_of(const ElfW(Sym) & symbol) const;

  ElfW(Addr) base_ = 0;
  const std::uint32_t* hash_ = nullptr;
  const ElfW(Sym) * symbols_ = nullptr;
  const char* names_ = nullptr;
  const ElfW(Half) * versions_ = nullptr;  // null: symbols have none
};

}  // namespace zc::observer
