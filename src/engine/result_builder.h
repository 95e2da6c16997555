// ResultBuilder: makes a stored result of what a run depended on and what it wrote. Data goes one
// way, step by step:
//
//   take           hashes each file of the list, and makes sure that it is older than the compile
//                  and that the way to it led there all the time
//   check_set      names the result, and makes sure that the finished set holds
//   put_outputs    hands the outputs to the store
//   commit         hands the set and the result to the store
//
// Each step returns why the result cannot be stored; the caller then calls no further one. Blobs
// that were put by then stay in the store, where no result names them.
//
// Thread: one per run. Ownership: borrows all that it is given.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/input_list.h"
#include "engine/inputs/freshness.h"
#include "engine/inputs/path_stability.h"
#include "files/file_cache.h"
#include "store/store.h"

namespace zc::engine {

class ResultBuilder {
 public:
  ResultBuilder(const os::FileSystem& fs, store::Store& store, files::FileCache& files,
                const CacheableCompile& compile)
      : ResultBuilder(fs, store, files, compile, compile.manifest_key) {}
  // `key`: of the manifest that gets the set.
  ResultBuilder(const os::FileSystem& fs, store::Store& store, files::FileCache& files,
                const CacheableCompile& compile, const Digest& key)
      : fs_(fs),
        store_(store),
        files_(files),
        compile_(compile),
        key_(key),
        moved_(fs, compile.directory.handle(), compile.cwd, compile.unread_ns()) {}

  // Errors: kModifiedInputFile with the path of a file that changed or cannot be read any more;
  // kUnreadableInput if the list is too long.
  compiler::OrBypass<> take(const InputList& list);
  // `list` is the one that was taken; `table` gets the inputs, so that the set need not be loaded
  // from the store. Errors: kModifiedInputFile with the first difference; kStoreUnavailable if an
  // input got no number.
  compiler::OrBypass<> check_set(InputTable& table);
  // The result's outputs begin with those of `outputs`. `compares`: changes of them are not seen
  // otherwise, so they are read twice. Errors: kModifiedOutputFile, kBadOutputFile,
  // kStoreUnavailable.
  compiler::OrBypass<> put_outputs(const InputList& list, const RunOutputs& outputs,
                                   const wire::RunReport& report, bool compares);
  // After all other steps but the last.
  const Digest& result_key() const { return set_.result; }
  const store::ResultRecord& result() const { return result_; }
  // Only after all other steps have succeeded, and once. Returns the set, ready to be compared.
  std::shared_ptr<const LoadedSet> commit();

 private:
  compiler::OrBypass<store::Input> hashed(const ReadFile& file);
  void take_absences(const std::vector<RootedPath>& absences);
  void keep(const store::Input& input);
  store::InputId intern(const store::Input& input);
  Digest make_result_key() const;

  compiler::OrBypass<> put(const RunOutputs::Output& output, bool compares);
  compiler::OrBypass<> put(const FurtherOutput& output);
  void remember(int fd, const os::FileStamp& stamp, const Result<Digest>& blob);
  compiler::OrBypass<> put_unread(store::Output output, const std::string& path);
  compiler::OrBypass<> put(store::Output output, int fd, const os::FileStamp& stamp, bool compares);
  compiler::OrBypass<> put_removed(const std::string& path);
  compiler::OrBypass<> put_text(std::uint8_t role, std::string_view text);
  bool is_executable(std::uint8_t role, const os::FileStamp& stamp) const;
  compiler::OrBypass<> keep(store::Output output, const Result<Digest>& blob,
                            std::uint64_t size_bytes);

  const os::FileSystem& fs_;
  store::Store& store_;
  files::FileCache& files_;
  const CacheableCompile& compile_;
  const Digest key_;
  MovedDirectories moved_;

  std::unordered_map<store::InputId, store::Input> inputs_;  // of `set_`, each once
  store::InputSet set_;
  std::unordered_set<store::InputId> kept_;  // among `set_.others`
  std::shared_ptr<const LoadedSet> loaded_set_;
  store::ResultRecord result_;
};

}  // namespace zc::engine
