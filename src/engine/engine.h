// Engine: from a compile request to a hit, or to what a run must bring; and from the report of a
// run to a stored result. It reads as a list of steps; each step's rules are in the file named
// after it.
//
//   prepare    detect the tool, parse its arguments, identify the toolchain, make the manifest key
//   lookup     find an input set that holds now, and the outputs that belong to it
//   plan       what the client must add to the command line when it compiles
//   record     learn the inputs of a run, check that they are what was compiled, store the result
//
// Thread: any; one Prepared belongs to one request.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/invocation.h"
#include "engine/freshness.h"
#include "engine/request_environment.h"
#include "engine/scan_cache.h"
#include "engine/search_paths.h"
#include "engine/toolchain.h"
#include "files/file_cache.h"
#include "os/file_system.h"
#include "store/store.h"
#include "wire/message.h"

namespace zc::engine {

// A request that can be cached. Borrows from the request's frame.
struct Prepared {
  explicit Prepared(const os::FileSystem& fs) : directory(fs) {}

  std::string tool;
  std::string cwd;
  os::OpenDirectory directory;  // the cwd, for relative paths
  RequestEnvironment env{{}};
  compiler::Invocation invocation;
  std::shared_ptr<const Toolchain> toolchain;
  Digest manifest_key;
  Digest source;
  std::int64_t start_ns = 0;  // the compile cannot have read anything before this
  // For a -MMD compile, what `prefetch` learned about all its inputs.
  std::optional<std::vector<std::string>> all_inputs;
};

// A hit, ready to be sent. `hit` borrows from `texts`.
struct Answer {
  wire::Hit hit;
  std::vector<os::Fd> fds;
  std::deque<std::string> texts;
  std::uint64_t compile_ns = 0;  // what the compile took when it was run
};

// What the client must do on a miss. `run` borrows from `texts`.
struct Plan {
  wire::Run run;
  std::deque<std::string> texts;
};

struct Dependencies {
  const os::FileSystem& fs;
  files::FileCache& files;
  os::CommandRunner& runner;
  store::Store& store;
  std::string host_cpu;  // identifies the processor for -march=native
};

class Engine {
 public:
  explicit Engine(const Dependencies& dependencies);

  // `on_progress` is called now and then when it takes long: the client must hear of us.
  std::variant<std::unique_ptr<Prepared>, compiler::Bypass> prepare(
      const wire::CompileRequest& request, const std::function<void()>& on_progress);

  std::optional<Answer> lookup(const Prepared& prepared);

  Plan plan(const Prepared& prepared) const;

  // Does, while the client compiles, what `record` will need. Never fails.
  void prefetch(Prepared& prepared);

  // `fds` are those of the report's frame. Nothing when the result was stored, else why not.
  std::optional<compiler::Bypass> record(const Prepared& prepared, const wire::Done& done,
                                         const std::vector<os::Fd>& fds);

  // After the store has been cleared.
  void forget();

 private:
  // Steps of `prepare`; each gives a reason to leave the compile alone, or nothing.
  std::optional<compiler::Bypass> parse_arguments(const wire::CompileRequest& request,
                                                  bool is_cxx_driver,
                                                  const std::function<void()>& on_progress,
                                                  Prepared& prepared);
  std::optional<compiler::Bypass> make_key(std::string_view driver, Prepared& prepared);

  std::shared_ptr<const PreparedManifest> manifest(const Digest& key);
  void keep(const Digest& key, std::shared_ptr<const PreparedManifest> manifest);
  void keep_recorded(const Digest& key, std::shared_ptr<const PreparedSet> set,
                     std::shared_ptr<InputTable> table);
  std::optional<std::vector<std::string>> list_all_inputs(const Prepared& prepared);
  std::optional<Answer> assemble(const Prepared& prepared, const PreparedSet& set);

  const os::FileSystem* fs_;
  files::FileCache* files_;
  os::CommandRunner* runner_;
  store::Store* store_;
  std::string host_cpu_;
  ToolchainCache toolchains_;
  SearchPaths search_paths_;
  ScanCache scans_;

  std::mutex mutex_;  // guards the next three
  std::shared_ptr<InputTable> table_;
  std::unordered_map<Digest, std::shared_ptr<const PreparedManifest>, codec::DigestHash> manifests_;
  std::size_t manifest_bytes_ = 0;
};

}  // namespace zc::engine
