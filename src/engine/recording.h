// Recording: a result in the making. The family tells it what a run read; it checks that every
// input is older than the compile and has not changed since, and that the finished set holds; then
// it stores the set with the outputs. Each step says why the result cannot be stored, or nothing.
//
// Thread: one per run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/freshness.h"
#include "engine/prepared.h"
#include "files/file_cache.h"
#include "store/store.h"

namespace zc::engine {

class Recording {
 public:
  // Borrows all.
  Recording(const os::FileSystem& fs, store::Store& store, files::FileCache& files,
            const Prepared& prepared)
      : fs_(fs), store_(store), files_(files), prepared_(prepared) {}

  // An input that the depfile lists, in its order; `file` is what the path leads to now.
  std::optional<compiler::Bypass> add_dep(const std::string& path, const files::KnownFile& file);
  // Parallel to the inputs added so far.
  void set_user_deps(std::vector<std::uint8_t> user_deps) { set_.user_deps = std::move(user_deps); }
  // An input that is in no depfile.
  std::optional<compiler::Bypass> add_extra(const std::string& path);
  // A path that must not exist.
  void add_absent(const std::string& path);
  // A file that was passed over, but would have counted had it come earlier: it must be old.
  std::optional<compiler::Bypass> check_bystander(const std::string& path) const;

  std::optional<compiler::Bypass> check_set(InputTable& table);
  std::optional<compiler::Bypass> put_outputs(const Report& report, const wire::Done& done);
  std::shared_ptr<const PreparedSet> commit();

  const store::InputSet& set() const { return set_; }
  std::optional<store::Input> input(store::InputId id) const { return store_.input(id); }

 private:
  bool is_too_new(const os::FileStamp& stamp) const;
  std::optional<compiler::Bypass> put(std::uint8_t role, std::string_view text);

  const os::FileSystem& fs_;
  store::Store& store_;
  files::FileCache& files_;
  const Prepared& prepared_;
  store::InputSet set_;
  std::shared_ptr<const PreparedSet> prepared_set_;
  store::ResultRecord result_;
};

}  // namespace zc::engine
