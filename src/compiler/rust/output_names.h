// Names of the files that a rustc command writes, by rustc's own rules.
//
// The rules, as seen in rustc 1.95: a path given for a kind of output (--emit=kind=path) stands.
// Else -o names the output when it is the only kind without a path; with several kinds, only its
// directory and stem are taken. Else the name is made of the crate's name and extra-filename, in
// --out-dir. A name that depends on the source (crate name or type), or on how rustc treats dots in
// a stem, is a Bypass.
//
// Thread: any; no state.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/bypass.h"
#include "compiler/rust/invocation.h"
#include "compiler/rust/option_table.h"

namespace zc::compiler::rust {

struct Naming {
  std::map<std::string, std::optional<std::string>, std::less<>> emits;  // kind to path, if given
  std::optional<std::string> output;                                     // -o
  std::string extra_filename;
};

// Of the host if the command names no target.
TargetKind target_kind_of(const Invocation& invocation);

// Fills in `outputs`, `dep_info`, `dep_targets` and `links` of `invocation`, from its crate name,
// crate types and directory. `naming.emits` is not empty. Errors: kUnsupportedCompilerOption if a
// name depends on the source, kBadOutputFile if it is not certain or two outputs have one name,
// kOutputToStdout, kBadCompilerArguments.
OrBypass<> name_outputs(const Naming& naming, Invocation& invocation);

}  // namespace zc::compiler::rust
