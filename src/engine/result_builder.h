// ResultBuilder: a result in the making. The family tells it what a run read; it checks that every
// input is older than the compile and has not changed since, and that the finished set holds; then
// it stores the set with the outputs. Each step says why the result cannot be stored, or nothing.
//
// Thread: one per run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/limits.h"
#include "engine/compile.h"
#include "engine/inputs/freshness.h"
#include "engine/inputs/path_stability.h"
#include "files/file_cache.h"
#include "store/store.h"

namespace zc::engine {

class ResultBuilder {
 public:
  // Borrows all.
  ResultBuilder(const os::FileSystem& fs, store::Store& store, files::FileCache& files,
                const CacheableCompile& compile)
      : fs_(fs),
        store_(store),
        files_(files),
        compile_(compile),
        moved_directories_(fs, compile.directory.handle(), compile.cwd, unread_ns()) {}

  // An input that the depfile lists, in its order: `path` as it is kept, which here is `real`, and
  // `file` what that leads to now. It must be older than `seen_ns`: a change after the run has read
  // it would have given it a later stamp. And the way to it must have led there all the time.
  std::optional<compiler::Bypass> add_dep(const std::string& path, const std::string& real,
                                          const files::KnownFile& file, std::int64_t seen_ns);
  // Parallel to the inputs added so far.
  void set_user_deps(std::vector<std::uint8_t> user_deps) { set_.user_deps = std::move(user_deps); }
  // An input that is in no depfile.
  std::optional<compiler::Bypass> add_extra(const std::string& path, const std::string& real,
                                            std::int64_t seen_ns);
  std::optional<compiler::Bypass> add_extra(const std::string& path) {
    return add_extra(path, path, unread_ns());
  }
  // A path that must not exist.
  void add_absent(const std::string& path);
  // What is told by name (engine/inputs/request_context.h), as it is now.
  void add_fact(std::string_view name);
  // A file that was passed over, but would have counted had it come earlier: it must be old.
  std::optional<compiler::Bypass> check_bystander(const std::string& path) const;

  std::optional<compiler::Bypass> check_set(InputTable& table);
  // A file that the run has left beside its products, and that a hit brings back under `name`.
  void add_further_output(std::uint8_t role, std::string name, std::string path) {
    further_outputs_.push_back({.role = role, .name = std::move(name), .path = std::move(path)});
  }
  // `compares`: changes of the outputs are not seen otherwise, so they are read twice.
  std::optional<compiler::Bypass> put_outputs(const RunOutputs& report, const wire::RunReport& done,
                                              bool compares);
  std::shared_ptr<const LoadedSet> commit();

  // Nothing has been read before this, on the clock of file timestamps, which is behind by up to a
  // tick.
  std::int64_t unread_ns() const { return compile_.start_ns - limits::kTimestampGranuleNs; }

  // Whether a file (or directory) that was seen at `seen_ns` may have changed since under its
  // stamp.
  static bool is_too_new(const os::FileStamp& stamp, std::int64_t seen_ns) {
    return files::last_change_ns(stamp) >= seen_ns;
  }

  const store::InputSet& set() const { return set_; }
  std::optional<store::Input> input(store::InputId id) const { return store_.input(id); }

 private:
  struct FurtherOutput {
    std::uint8_t role = 0;
    std::string name;
    std::string path;
  };
  void keep(std::vector<store::InputId>& list, const store::Input& input);
  std::optional<compiler::Bypass> put(const RunOutputs::Output& output, bool compares);
  std::optional<compiler::Bypass> put(store::Output output, int fd, const os::FileStamp& stamp,
                                      bool compares);
  std::optional<compiler::Bypass> keep(store::Output output, const Result<Digest>& blob,
                                       const os::FileStamp& stamp);
  std::optional<compiler::Bypass> put(const FurtherOutput& output);
  std::optional<compiler::Bypass> put(std::uint8_t role, std::string_view text);

  const os::FileSystem& fs_;
  store::Store& store_;
  files::FileCache& files_;
  const CacheableCompile& compile_;
  MovedDirectories moved_directories_;
  store::InputSet set_;
  std::unordered_set<store::InputId> kept_;  // of `extra` and `absent`
  std::shared_ptr<const LoadedSet> loaded_set_;
  store::ResultRecord result_;
  std::vector<FurtherOutput> further_outputs_;
};

}  // namespace zc::engine
