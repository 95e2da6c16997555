// Invocation: everything the cache needs to know about one compiler command, as plain data.
//
// The parser (parse.h) makes it from argv; it is either this or a Bypass, never something half
// understood. Paths are as spelled by the user; nothing is resolved here. The engine reads the
// fields, and never searches the lists of arguments for an option.
//
// Thread: value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/c/family.h"

namespace zc::compiler::c {

enum class Language : std::uint8_t {
  kC,
  kCxx,
  kAssemblerWithCpp,  // .S
  kAssembler,         // .s: the preprocessor does not see it
};

enum class DepStyle : std::uint8_t {
  kNone,  // no depfile
  kAll,   // -MD
  kUser,  // -MMD: without system headers
};

// The depfile that the command requests.
struct DepRequest {
  DepStyle style = DepStyle::kNone;
  std::string path;  // -MF, else derived from the output
  // Text of the targets in order, already quoted as the compiler would write them (-MQ and the
  // default target quoted for make, -MT as given).
  std::vector<std::string> targets;
  bool phony = false;  // -MP
};

// An output besides the object, by the compiler's own naming rule.
enum class OutputRole : std::uint8_t {
  kObject,
  kDwo,
  kGcno,
  kStackUsage,
  kDepfile,  // of a command that is kept under all its words; any other is written for each command
};

struct OutputFile {
  OutputRole role = OutputRole::kObject;
  std::string path;
};

struct Invocation {
  Family family = Family::kGcc;
  Language language = Language::kC;
  std::string source;               // as spelled
  std::vector<OutputFile> outputs;  // [0] is the object (or the .s file under -S)
  DepRequest dep;

  // Every argument that enters the key, in order, values joined to their option by a NUL:
  // everything but -o and what requests a depfile or names it. Response files are expanded.
  std::vector<std::string> key_args;

  // The arguments that steer where the driver finds its own programs (-B), in order, each one word,
  // so that the driver takes them again.
  std::vector<std::string> program_search_args;

  // Files named by options whose content enters the key (-fprofile-use=, -fplugin=, …).
  std::vector<std::string> key_files;

  // The object depends on the name of the working directory (debug info, coverage, …) or of the
  // output (.dwo and .gcda names).
  bool cwd_leaks = false;
  bool output_name_leaks = false;

  // Paths that the compiler writes, it writes as text, or as a map of prefixes has it, and they
  // shape nothing else (path_words.h).
  bool is_remappable = false;

  bool emits_assembly = false;  // -S

  // -march=native and the like: what they stand for depends on this processor.
  bool native_cpu = false;

  // An option has no row in the table, so it may have any effect. The command is kept under all its
  // words, nothing is added to it when it runs, and its outputs are those that it is seen to write.
  bool is_word_for_word = false;
};

}  // namespace zc::compiler::c
