// Foreign code: what runs in an observed run besides the compiler and the linkers that we know:
// macros inside of the compiler, wrappers in front of it, scripts and programs that any of them
// starts. The observer sees what they do through the C library; what they could do besides is found
// in their files (binary/object_scan.h).
//
// Thread: values and pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/bypass.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/object_scans.h"
#include "engine/observed/trace.h"
#include "engine/toolchain.h"
#include "os/file_system.h"

namespace zc::engine {

class ForeignCode {
 public:
  // A program of the toolchain; a linker by its name; any other program.
  enum class Role : std::uint8_t { kCompiler, kLinker, kForeign };

  // Whether a program, by its path, is one that the command is there to run.
  using IsTool = bool (*)(std::string_view path);

  // Sorts the programs of the trace. Borrows all but the rules. Tools, if there are any, are as
  // linkers.
  ForeignCode(const os::FileSystem& fs, const Toolchain& toolchain, const Trace& trace,
              const InputRules& rules, IsTool is_tool = nullptr);

  Role role_of(std::size_t program) const { return roles_.at(program); }
  Role role_of(const Query& query) const;  // of the program that made the query
  bool has_program() const;
  // A library or macro that is not of the toolchain was loaded into the compiler.
  bool is_in_compiler() const { return is_in_compiler_; }

  // Whether foreign code may have requested the time or the machine. A compiler makes such a
  // request for itself before it has loaded any foreign code, and again once it writes its outputs,
  // since macros have run by then.
  bool may_have_queried(const Query& query) const;
  // A cargo that a macro started asked for the time in seconds, or for random numbers: OpenSSL in
  // it does, as a seed of its own. Cargo itself asks otherwise.
  bool is_seed_of_cargo(const Query& query) const;

  // A shell has made the query before it began to read its script. Each does so to fill variables
  // of its own; if the script uses one that goes with the time, the shell queries it again.
  bool is_start_of_script(const Query& query) const;

  // After `check`: whether foreign code has made the query, where the observer separates its calls
  // from the compiler's: late code in the compiler, or a program of its own.
  bool has_queried(const Query& query) const;

  // Why the run cannot be trusted to have been observed, or nothing. Examines the files of all
  // foreign code; linkers that we know, and what the rules trust, are not among them. Errors:
  // kNotObserved, kModifiedInputFile.
  compiler::OrBypass<> check(ObjectScans& scans);
  // After `check`: some of it could read the environment as a whole. What cargo makes of it is
  // known (variables.h), so it is not among these.
  bool reads_environment() const { return reads_environment_; }
  bool cargo_reads_environment() const { return cargo_reads_environment_; }

 private:
  bool is_of_toolchain(std::string_view path) const;
  bool is_cargo(std::string_view path) const;
  bool can_be_unseen(std::string_view path, binary::SystemCalls calls) const;

  const os::FileSystem& fs_;
  const Toolchain& toolchain_;
  std::vector<Role> roles_;
  std::vector<bool> are_cargo_;           // of each program
  std::vector<bool> reads_script_;        // of each program: it is a shell, and has read one first
  std::vector<std::size_t> own_objects_;  // of each program: so many before the first foreign one
  std::vector<std::string> files_;        // that `check` examines
  bool is_in_compiler_ = false;
  bool looks_into_git_ = false;
  bool reads_environment_ = false;
  bool cargo_reads_environment_ = false;
  bool asks_by_rust_library_ = false;
};

}  // namespace zc::engine
