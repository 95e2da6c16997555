#include "config/files.h"

#include <algorithm>
#include <utility>

#include "base/config_places.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"

namespace zc::config {

std::vector<Layer> Files::layers(const Whose& whose) {
  std::vector<Layer> out;
  const auto add = [&](const std::string& path, Owner owner, const std::string& project) {
    if (std::shared_ptr<const File> file = read(path, owner)) {
      out.push_back({.file = std::move(file), .project = project});
    }
  };
  add(system_file_, Owner::kUser, {});
  const std::string user =
      user_config_file(whose.config, whose.xdg_config_home, whose.home, whose.cwd);
  const std::string directory = user_config_directory(whose.xdg_config_home, whose.home);
  const bool may_have_directory = may_have(directory, user);
  if (!whose.config.empty() || may_have_directory) {
    add(user, Owner::kUser, {});
  }
  if (may_have_directory) {
    for (const std::string& project : trusted(directory, std::string(whose.cwd))) {
      add(join_path(project, kProjectConfigFile), Owner::kProject, project);
    }
  }
  return out;
}

// Most users have no such directory, and their hits need not look for two files in it.
bool Files::may_have(const std::string& directory, const std::string& file_in_it) {
  if (directory.empty()) {
    return false;
  }
  {
    const MutexLock lock(mutex_);
    if (known_.contains(file_in_it)) {
      return true;
    }
  }
  os::FileStamp stamp;
  return fs_.stat(os::FileSystem::kNoDirectory, directory.c_str(), stamp) == 0;
}

// The outermost first.
std::vector<std::string> Files::trusted(const std::string& config_directory,
                                        const std::string& cwd) {
  const std::string path = join_path(config_directory, "trusted");
  os::FileStamp stamp;
  if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
    return {};
  }
  std::shared_ptr<const std::vector<std::string>> all;
  {
    const MutexLock lock(mutex_);
    const KnownTrust* const known = trust_.find(path);
    if (known != nullptr && known->stamp.same_content_as(stamp)) {
      all = known->directories;
    }
  }
  if (all == nullptr) {
    const auto file =
        fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kArgumentFileBytesMax);
    if (!file) {
      return {};
    }
    all = std::make_shared<const std::vector<std::string>>(paths_in_list(file->bytes));
    if (may_remember(file->stamp)) {
      const MutexLock lock(mutex_);
      trust_.put(path, {.stamp = file->stamp, .directories = all});
    }
  }
  std::vector<std::string> out;
  for (const std::string& directory : *all) {
    if (is_absolute(directory) && is_at_or_below(cwd, directory)) {
      out.push_back(directory);
    }
  }
  std::ranges::stable_sort(out, {}, &std::string::size);
  return out;
}

std::vector<std::string> Files::problems() {
  std::vector<std::pair<std::string, Owner>> known;
  {
    const MutexLock lock(mutex_);
    for (const auto& [path, file] : known_) {
      known.emplace_back(path, file.owner);
    }
  }
  std::vector<std::string> out;
  for (const auto& [path, owner] : known) {
    if (const std::shared_ptr<const File> file = read(path, owner)) {
      out.insert(out.end(), file->problems.begin(), file->problems.end());
    }
  }
  return out;
}

std::shared_ptr<const File> Files::read(const std::string& path, Owner owner) {
  os::FileStamp stamp;
  const int err = fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp);
  if (os::leads_nowhere(err)) {
    return nullptr;
  }
  {
    const MutexLock lock(mutex_);
    const auto known = known_.find(path);
    if (err == 0 && known != known_.end() && known->second.owner == owner &&
        known->second.stamp.same_content_as(stamp)) {
      return known->second.file;
    }
  }
  const auto text =
      fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kArgumentFileBytesMax);
  if (!text && text.error().code == Code::kNotFound) {
    return nullptr;
  }
  auto file = std::make_shared<const File>(text ? parse_file(path, text->bytes, owner)
                                                : unreadable_file(path, text.error().message));
  const MutexLock lock(mutex_);
  if (known_.size() >= kFilesMax) {
    known_.clear();
  }
  // A stamp of nothing is that of no file: it is read again, and its problems are known.
  known_[path] = {.stamp = text && may_remember(text->stamp) ? text->stamp : os::FileStamp(),
                  .owner = owner,
                  .file = file};
  return file;
}

// A file that has just been written may change again without a trace in its times.
bool Files::may_remember(const os::FileStamp& stamp) const {
  return fs_.now_ns() - std::max(stamp.mtime_ns, stamp.ctime_ns) > limits::kTimestampGranuleNs;
}

}  // namespace zc::config
