// ObjectCode: the code of a program or library, the functions that its symbol table names, and what
// in it holds an address. Object scans (object_scan.h) ask which functions contain an instruction.
//
// Thread: value. Ownership: borrows from the image of the file.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace zc::binary {

struct CodeSection {
  std::uint64_t address = 0;
  std::string_view bytes;
};

struct Function {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string_view name;
};

// A place that holds the address of something in the same object.
struct Pointer {
  std::uint64_t place = 0;
  std::uint64_t target = 0;
};

struct ObjectCode {
  std::vector<CodeSection> sections;
  std::vector<Function> functions;  // sorted by `begin`; none in a file without symbol table
  std::vector<Pointer> pointers;
  // The table that code takes addresses from, one instruction for each.
  std::uint64_t table_begin = 0;
  std::uint64_t table_end = 0;
  std::vector<std::uint64_t> environment_places;  // that hold the address of `environ`
  bool names_environment_otherwise = false;       // than by an address in the table

  bool is_in_table(std::uint64_t place) const { return place >= table_begin && place < table_end; }

  // Those that contain the address: more than one, if they were found to be the same.
  std::vector<Function> functions_at(std::uint64_t address) const;

  // The code in parts that begin where a function does. False if `visit` has returned it, which
  // ends the visit.
  bool visit_parts(const std::function<bool(const CodeSection&)>& visit) const;
};

}  // namespace zc::binary
