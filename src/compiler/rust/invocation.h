// Invocation: everything the cache needs to know about one rustc command, as plain data.
//
// The parser (parse.h) makes it from argv; it is either this or a Bypass, never something half
// understood. Paths are as spelled by the user; nothing is resolved here. The engine reads the
// fields, and never searches the list of arguments for an option.
//
// Thread: value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zc::compiler::rust {

// What an output is. A crate of several types is linked once for each, so each has its own role.
// The numbers are kept in stored results and lie beyond those of OutputRole.
enum class Role : std::uint8_t {
  kProgram = 20,  // bin and --test; also a link under a given name when no crate type is said
  kRlib = 21,
  kStaticlib = 22,
  kDylib = 23,
  kCdylib = 24,
  kProcMacro = 25,
  kMetadata = 26,
  kDepInfo = 27,
  kAsm = 28,
  kObject = 29,
  kLlvmIr = 30,
  kLlvmBc = 31,
  kMir = 32,
  kDebugInfo = 33,  // .dwo and .dwp files, each with a name of its own
};

struct Output {
  Role role = Role::kProgram;
  std::string path;
  std::string emit;  // its name in --emit and in artifact notifications
};

struct Extern {
  std::string spelling;  // "priv,noprelude:name": everything but the path
  std::string path;      // empty when rustc looks for it in the search directories
};

struct SearchDirectory {
  std::string kind;  // "dependency", "crate", "native", "framework" or "all"
  std::string path;
};

struct Invocation {
  std::string source;      // as spelled
  std::string crate_name;  // --crate-name; empty when only the source says it
  std::string out_dir;     // as spelled; empty when none is given

  // In the order given, without repeats, "lib" as "rlib". Empty when the command names none: a
  // program, unless the source says otherwise. Outputs are then certain by name but not by kind.
  std::vector<std::string> crate_types;

  // In rustc's own order, which is that of the rules in the dep-info file. The dep-info file is one
  // of them.
  std::vector<Output> outputs;
  std::optional<std::string> dep_info;  // where it is written, when it is
  // The targets of its rules, which are not always the paths of the outputs: as the newest rustc
  // writes them, then as older ones did.
  std::vector<std::vector<std::string>> dep_targets;

  std::vector<Extern> externs;
  std::vector<SearchDirectory> search_dirs;

  // Every argument that enters the key, in order, values joined to their option by a NUL, one
  // spelling for each option. Without: the source, the directories and files that outputs go to,
  // and the paths of `externs` and `search_dirs`. Names in link arguments stay names: only the
  // linker knows which files it reads for them.
  std::vector<std::string> key_args;

  // Files named by options whose content enters the key.
  std::vector<std::string> key_files;

  bool links = false;  // may run a linker
  bool test = false;
  bool incremental = false;
  std::string incremental_dir;
  bool splits_debug_info = false;  // into files beside the outputs, whose paths are in the outputs
  bool native_cpu = false;         // what "native" stands for depends on this processor
  bool json = false;
  bool artifact_notifications = false;
  bool caps_lints = false;  // --cap-lints: cargo gives it to crates of a registry
  std::string target;       // empty: the host
  std::string linker;       // empty: the target's own
};

}  // namespace zc::compiler::rust
