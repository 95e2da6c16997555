// Toolchain: what a compiler really is. The driver the user names is the smallest part: its bytes,
// those of the programs it runs, of the libraries all of them load, and of the configuration files
// they read, together are the identity that enters every key.
//
// A compiler is probed once and remembered; on each request all of its files are compared by
// identity, and any difference means that it is probed anew. Each frontend knows what belongs to
// its compilers (c/toolchain.h, rust/toolchain.h).
//
// A compiler may lie in a file system that does not answer. That holds up only requests for this
// compiler, and only those that come within the patience of the ToolchainCache; later ones fail at
// once, so that a hung disk does not take all threads of the daemon.
//
// Thread: any. One probe of a compiler runs at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "codec/digest.h"
#include "engine/inputs/looks.h"
#include "engine/request_environment.h"
#include "files/file_cache.h"
#include "os/command.h"
#include "os/file_system.h"

namespace zc::engine {

using codec::Digest;

struct ToolchainFile {
  std::string path;
  bool present = true;  // false: a configuration file that must stay absent
  os::FileStamp stamp;
};

// Thread: const once the probe has finished; requests share it.
struct Toolchain {
  Digest identity;      // of all its files and its version; enters every key
  std::string version;  // what it prints about itself: --version, or -vV of rustc
  std::vector<ToolchainFile> files;
  LooksByPath looks;  // what first_change finds while all files are what they were
};

// The first of its files that is not what it was when the toolchain was identified; null: all are.
const ToolchainFile* first_change(const os::FileSystem& fs, const Toolchain& toolchain);

// A request for a compiler: the program, and the environment and directory to run it with. Borrows
// them.
struct ToolchainRequest {
  const std::string& tool;  // an absolute path
  const RequestEnvironment& env;
  const std::string& cwd;
};

// Collects the parts of one compiler while it is being probed. Each file enters the identity when
// it is added, so the order of a probe's steps is part of the identity. `domain` names the kind of
// toolchain and the version of the recipe: a recipe that changes needs another one.
class ToolchainProbe {
 public:
  ToolchainProbe(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner,
                 const ToolchainRequest& request, std::string_view domain);

 protected:
  // Runs `tool`, an absolute path, with the request's environment (but in English) and in its
  // directory. Returns the standard output. Errors: kInvalid if its exit code is not 0; those of
  // the runner.
  Result<std::string> query(const std::string& tool, const std::vector<std::string>& args);
  // A script can do anything; what it reads cannot be known. Errors: kInvalid for a file that is no
  // ELF program; those of FileSystem::read_beginning.
  Result<> refuse_script(const std::string& tool);
  // A file and, for a program, all libraries that it loads. Errors: as FileCache::look; kInvalid
  // when it has just changed.
  Result<> add_file(const std::string& path);
  Result<> add_program(const std::string& path);
  // A path where a file would change which parts the compiler uses. It does not enter the identity;
  // a file that appears there means a new probe.
  void add_absence(const std::string& path);
  // The same for one of many such paths: most lie in directories that are missing themselves, so
  // the first directory that is missing on the way there is what must stay absent.
  void add_search(std::string path);
  // A file that counts by its stamp: a directory, since its stamp changes with its names; a program
  // that cannot be run, since a change of its mode would let it be run. Errors: kInvalid if it has
  // just changed; those of stat.
  Result<> add_stamp(const std::string& path);
  // Whether its content is part of the identity; one that counts by its stamp is not.
  bool has(const std::string& path) const;
  bool is_file(const std::string& path) const;
  bool is_missing(const std::string& path) const;
  // Ends the probe: the object holds nothing afterwards.
  std::shared_ptr<const Toolchain> finish();

  const os::FileSystem& fs_;
  const ToolchainRequest& request_;
  codec::KeyHasher key_;
  Toolchain toolchain_;

 private:
  Result<> add_libraries_of(const std::string& program);
  Result<> add_loader_searches(std::string_view messages);

  files::FileCache& files_;
  os::CommandRunner& runner_;
  const std::vector<std::string> env_;
  std::vector<std::string> digested_;  // paths, in the order in which they entered the identity
};

// Remembers toolchains by memo: a text made of all that decides which compiler a request gets and
// what it says about itself (its path, arguments, variables, perhaps the working directory). The
// caller makes it.
class ToolchainCache {
 public:
  using Probe = std::function<Result<std::shared_ptr<const Toolchain>>()>;

  // Borrows `fs`.
  explicit ToolchainCache(const os::FileSystem& fs, int patience_ms = limits::kIdentifyMs)
      : fs_(&fs), patience_ms_(patience_ms) {}

  // What is remembered under `memo`, while all its files are what they were; else what `probe`
  // finds. A probe that fails is not remembered: the next request probes again. Errors: those of
  // `probe`; kTimeout: another thread has been at it for longer than the patience.
  Result<std::shared_ptr<const Toolchain>> find(const std::string& memo, const Probe& probe);

 private:
  // Any number of threads may recall at once, since they only compare stamps.
  enum class Intent : std::uint8_t { kRecall, kProbe };
  class Visit;
  struct Visits {
    std::vector<std::int64_t> since_ms;  // when each thread began to touch its files
    bool is_probed = false;              // by one of them
  };
  // Behind rustup each working directory has an entry of its own (rust/toolchain.cc).
  static constexpr std::size_t kToolchainsMax = 256;

  Result<std::int64_t> enter(const std::string& memo, Intent intent);
  void leave(const std::string& memo, Intent intent, std::int64_t since_ms);
  std::shared_ptr<const Toolchain> recall(const std::string& memo);

  const os::FileSystem* fs_;
  const int patience_ms_;
  Mutex mutex_;  // never held while files are looked at or programs run
  CondVar visit_ended_;
  // Of the compilers that threads visit now.
  std::unordered_map<std::string, Visits> visits_ ZC_GUARDED_BY(mutex_);
  BoundedMap<std::string, std::shared_ptr<const Toolchain>> known_ ZC_GUARDED_BY(mutex_){
      kToolchainsMax};
};

}  // namespace zc::engine
