// Frontend: the part that knows the commands of one language or of one kind of program.
//
// The engine knows none: it looks up, compares and stores. A frontend turns a request into a
// CacheableCompile, or into a reason to leave the command alone.
//
// Thread: any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/key_file.h"
#include "files/file_cache.h"
#include "os/command.h"
#include "os/file_system.h"
#include "os/world.h"
#include "store/store.h"

namespace zc::engine {

// Borrowed by all parts of the engine; they outlive it.
struct Dependencies {
  const os::FileSystem& fs;
  files::FileCache& files;
  os::CommandRunner& runner;
  store::Store& store;
  os::World world;       // the daemon's own
  std::string host_cpu;  // identifies the processor for -march=native
};

using CompileOrBypass = compiler::OrBypass<std::unique_ptr<CacheableCompile>>;

class Frontend {
 public:
  virtual ~Frontend() = default;

  // Nothing: the command is not one of this frontend's. May run the compiler to identify it. Each
  // call may come from another thread.
  virtual std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) = 0;
};

using Frontends = std::vector<std::unique_ptr<Frontend>>;
// Makes those that a program serves, from what they borrow.
using MakeFrontends = std::function<Frontends(const Dependencies&)>;

// Steps that every frontend takes.

// The client's world must be ours: the same root, mounts and namespaces, and its cwd where we see
// it. Opens the cwd. Errors: kDifferentWorld, with what differs.
compiler::OrBypass<> enter_world(const Dependencies& ours, const wire::CompileRequest& request,
                                 CacheableCompile& compile);

// Hashes the source, and examines where the outputs go.
//
// Files that exist where outputs go must be plain ones other than the source: a device is written
// in place, a symlink is followed by one compiler and replaced by another. No two outputs may be
// one file, however they are spelled: which of them it holds afterwards, only the compiler knows.
// And what the compiler writes in place must have one name, since it changes under all of them.
// Notes what was there before. Errors: kNoInputFile, kUnreadableInput, kBadOutputFile with the
// path.
compiler::OrBypass<> take_source(const Dependencies& ours, CacheableCompile& compile);

// As take_source, of the null device, which has no content. Errors: kUnreadableInput if the source
// is no device; kBadOutputFile.
compiler::OrBypass<> take_empty_source(const Dependencies& ours, CacheableCompile& compile);

// Hashes the files at `paths`, as the command spells them. Errors: kNoInputFile, kUnreadableInput.
compiler::OrBypass<std::vector<KeyFile>> hash_key_files(const Dependencies& ours,
                                                        const CacheableCompile& compile,
                                                        const std::vector<std::string>& paths);

}  // namespace zc::engine
