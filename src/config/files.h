// Files: the files of settings that concern a command, read when a command needs them, and again
// when they have changed. What has not changed costs a stat.
//
//   /etc/zccache/config.toml            the system's
//   <config>/config.toml                the user's, or the one that ZCCACHE_CONFIG names; <config>
//                                       is XDG_CONFIG_HOME/zccache or ~/.config/zccache
//   <directory>/.zccache/config.toml    a project's, if a line of <config>/trusted names that
//                                       directory, which is the working one or above it
//
// Thread: any.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "config/file.h"
#include "os/file_system.h"

namespace zc::config {

// What of a command decides which files concern it: the values of variables, empty if unset.
struct Whose {
  std::string_view config;  // ZCCACHE_CONFIG
  std::string_view xdg_config_home;
  std::string_view home;
  std::string_view cwd;
};

// A file that is there.
struct Layer {
  std::shared_ptr<const File> file;
  std::string project;  // the directory of a project; empty: another file
};

class Files {
 public:
  // Borrows `fs`. `system_file` is another one in tests.
  explicit Files(const os::FileSystem& fs, std::string system_file = "/etc/zccache/config.toml")
      : fs_(fs), system_file_(std::move(system_file)) {}

  // In the order in which they count, the last most.
  std::vector<Layer> layers(const Whose& whose);

  // The directories that `<config_directory>/trusted` names, of those that `cwd` is at or below.
  std::vector<std::string> trusted(const std::string& config_directory, const std::string& cwd);

  // Of the files that were found so far, as they are now; each once.
  std::vector<std::string> problems();

 private:
  // Null: there is none.
  std::shared_ptr<const File> read(const std::string& path, Owner owner);

  struct Known {
    os::FileStamp stamp;
    Owner owner = Owner::kUser;
    std::shared_ptr<const File> file;
  };
  struct KnownTrust {
    os::FileStamp stamp;
    std::shared_ptr<const std::vector<std::string>> directories;
  };
  static constexpr std::size_t kFilesMax = 1'000;

  bool may_have(const std::string& directory, const std::string& file_in_it);
  bool may_remember(const os::FileStamp& stamp) const;

  const os::FileSystem& fs_;
  const std::string system_file_;
  Mutex mutex_;
  std::map<std::string, Known> known_ ZC_GUARDED_BY(mutex_);
  BoundedMap<std::string, KnownTrust> trust_ ZC_GUARDED_BY(mutex_){kFilesMax};
};

}  // namespace zc::config
