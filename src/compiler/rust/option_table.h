// The options of rustc that the cache understands, as data.
//
// This is an allow-list: an option without a row makes the command bypass the cache, and so does a
// row of class kUnsupported. A row belongs here only if the effect of the option on every output is
// modelled by its class. The cache understands none of the unstable options (-Z).
//
// Thread: constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/rust/invocation.h"

namespace zc::compiler::rust {

enum class OptionClass : std::uint8_t {
  kKey,          // shapes outputs or messages; no other effect
  kInformation,  // rustc prints something about itself instead of compiling
  kLint,         // kKey; "help" makes it kInformation
  kCapLints,     // kKey; silences the crate's own lints
  kCodegen,      // -C
  kColour,
  kCrateName,
  kCrateType,
  kEmit,
  kErrorFormat,
  kExtern,
  kJson,
  kOutDir,
  kOutput,
  kSearchDir,  // -L
  kTarget,
  kTest,
  kUnsupported,  // the last one
};
constexpr std::size_t kOptionClasses = static_cast<std::size_t>(OptionClass::kUnsupported) + 1;

struct OptionRow {
  std::string_view name;  // long, with dashes; or the short one when there is no long one
  char letter;            // the short form, or NUL
  bool takes_value;
  bool repeats;  // may stand more than once; rustc refuses a second one of the others
  OptionClass option_class;
};

// All rows, sorted by name.
std::span<const OptionRow> option_rows();

// Null when not understood. `name` is a long name with its dashes and without a value; `letter` is
// a short name without its dash.
const OptionRow* find_option(std::string_view name);
const OptionRow* find_option(char letter);

enum class CodegenClass : std::uint8_t {
  kKey,
  kCodegenUnits,    // several make several objects of unknown names
  kExtraFilename,   // part of the names of outputs
  kIncremental,     // names a directory
  kKeyFile,         // names a file whose content shapes the outputs
  kLinker,          // names a program
  kLlvmArgs,        // words of another program
  kPluginLto,       // may name a plugin
  kSplitDebuginfo,  // may write further files
  kTargetCpu,       // may be "native"
  kUnsupported,
};

struct CodegenRow {
  std::string_view name;
  CodegenClass codegen_class;
};

// All -C options, sorted by name.
std::span<const CodegenRow> codegen_rows();

// Null when not understood.
const CodegenRow* find_codegen(std::string_view name);

struct EmitRow {
  std::string_view name;
  std::string_view extension;
  Role role;
  bool is_per_unit;  // several codegen units make several files
};

// The kinds of --emit, in the order in which rustc goes through them. The role and extension of
// "link" depend on the crate type.
std::span<const EmitRow> emit_rows();

struct CrateTypeRow {
  std::string_view name;
  std::string_view prefix;
  std::string_view extension;
  Role role;
  bool runs_linker;
  bool stands_alone;  // no other type beside it
  bool is_shared;     // a library that the target has to be able to load
};

std::span<const CrateTypeRow> crate_type_rows();

// How a target names what is linked, and what it can load. Libraries of Rust and archives have the
// same names everywhere.
enum class TargetKind : std::uint8_t {
  kLinux,
  kStatic,  // named as on Linux, but nothing can be loaded: musl by default, no system at all
  kWasm,    // programs and cdylibs are "name.wasm"; no other library can be loaded
};

struct TargetRow {
  std::string_view name;
  TargetKind kind;
};

// Sorted by name.
std::span<const TargetRow> target_rows();

// Null when not understood.
const TargetRow* find_target(std::string_view name);

}  // namespace zc::compiler::rust
