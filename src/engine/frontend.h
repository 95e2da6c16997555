// Frontend: compilers whose commands are read, and whose inputs are learned, in the same way.
//
// The engine knows no language: it looks up, compares and stores. A frontend turns a request into a
// CacheableCompile (or a reason to leave the compile alone), and that one knows its language's
// rules.
//
// Thread: any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "engine/compile.h"
#include "files/file_cache.h"
#include "os/command.h"
#include "os/file_system.h"
#include "os/world.h"
#include "store/store.h"

namespace zc::engine {

// Borrowed by all parts of the engine.
struct Dependencies {
  const os::FileSystem& fs;
  files::FileCache& files;
  os::CommandRunner& runner;
  store::Store& store;
  os::World world;       // ours
  std::string host_cpu;  // identifies the processor for -march=native
};

using CompileOrBypass = std::variant<std::unique_ptr<CacheableCompile>, compiler::Bypass>;

class Frontend {
 public:
  virtual ~Frontend() = default;

  // Whether the command is one of this frontend's.
  virtual bool serves(const wire::CompileRequest& request) const = 0;

  virtual CompileOrBypass claim(const wire::CompileRequest& request) = 0;
};

// Steps that every frontend takes. Each gives a reason to leave the compile alone, or nothing.

// The client's world must be ours: the same root, and its cwd where we see it. Opens the cwd.
std::optional<compiler::Bypass> enter_world(const os::FileSystem& fs,
                                            const wire::CompileRequest& request,
                                            CacheableCompile& compile);

// Files that exist where outputs go must be plain ones other than the source: a device is written
// in place, a symlink is followed by one compiler and replaced by another. No two outputs may be
// one file, however they are spelled: which of them it holds afterwards, only the compiler knows.
// And what the compiler writes in place must have one name, since it changes under all of them.
// Notes what was there before.
std::optional<compiler::Bypass> check_outputs(const os::FileSystem& fs, CacheableCompile& compile,
                                              const os::FileStamp& source);

// Why a file that the key needs could not be read.
compiler::Bypass unreadable(const Error& error);

}  // namespace zc::engine
