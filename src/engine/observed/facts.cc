#include "engine/observed/facts.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

using codec::Digest;

namespace {

constexpr std::array<std::string_view, 3> kUncounted = {"CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"};

bool is_crate(std::string_view name) {
  return name.starts_with("lib") &&
         (name.ends_with(".rlib") || name.ends_with(".rmeta") || name.ends_with(".so"));
}

}  // namespace

bool Facts::is_uncounted(std::string_view variable) {
  return std::ranges::find(kUncounted, variable) != kUncounted.end() ||
         variable.starts_with("ZCCACHE_");
}

std::optional<Digest> Facts::find(std::string_view name) const {
  const auto take = [&](std::string_view prefix) {
    const bool is_it = name.starts_with(prefix);
    name.remove_prefix(is_it ? prefix.size() : 0);
    return is_it;
  };
  if (take(fact::kVariable) || take(fact::kTrackedVariable)) {
    return variable(name, false);
  }
  if (take(fact::kPathVariable)) {
    return variable(name, true);
  }
  if (name == fact::kEnvironment) {
    return environment();
  }
  if (take(fact::kWhich)) {
    const std::string path = which(name);
    return path.empty() ? std::nullopt : std::optional(codec::digest_of(path));
  }
  if (take(fact::kPlace)) {
    const std::optional<std::string> root = roots_.directory_of(name);
    return root ? std::optional(codec::digest_of(*root)) : std::nullopt;
  }
  if (take(fact::kDirectory)) {
    return directory(name);
  }
  if (take(fact::kNames)) {
    return names(name, false);
  }
  if (take(fact::kCrates)) {
    return names(name, true);
  }
  if (take(fact::kMetadata)) {
    return metadata(name);
  }
  if (take(fact::kReal)) {
    return real(name);
  }
  if (take(fact::kListing)) {
    return listing(name);
  }
  if (take(fact::kLink)) {
    const std::optional<std::string> path = roots_.to_absolute(name);
    const Result<std::string> text =
        path ? fs_.read_link(*path) : Result<std::string>(fail(Code::kNotFound, {}));
    return text ? std::optional(codec::digest_of(*text)) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Digest> Facts::variable(std::string_view name, bool is_path) const {
  const auto it = env_.all().find(name);
  if (it == env_.all().end()) {
    return std::nullopt;
  }
  return codec::digest_of(is_path ? roots_.to_symbolic(it->second) : std::string(it->second));
}

Digest Facts::environment() const {
  codec::KeyHasher key("zccache-environment-1");
  for (const auto& [name, value] : env_.all()) {
    if (!is_uncounted(name)) {
      key.field("name", name);
      key.field("value", value);
    }
  }
  return key.finish();
}

std::string Facts::which(std::string_view program) const {
  for (const std::string_view directory : split(env_.search_path(), ':')) {
    std::string path = join_path(cwd_, directory.empty() ? program : join_path(directory, program));
    os::FileStamp stamp;
    if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 && stamp.is_regular() &&
        (stamp.mode & 0111) != 0) {
      return path;
    }
  }
  return {};
}

std::optional<Digest> Facts::directory(std::string_view path) const {
  const std::optional<std::string> real = roots_.to_absolute(path);
  os::FileStamp stamp;
  const bool is_directory = real &&
                            fs_.stat(os::FileSystem::kNoDirectory, real->c_str(), stamp) == 0 &&
                            stamp.is_directory();
  return is_directory ? std::optional(codec::digest_of("")) : std::nullopt;
}

std::optional<Digest> Facts::names(std::string_view path, bool crates_only) const {
  const std::optional<std::string> real = roots_.to_absolute(path);
  auto listed =
      real ? fs_.list(*real) : Result<std::vector<std::string>>(fail(Code::kNotFound, {}));
  if (!listed) {
    return std::nullopt;
  }
  std::ranges::sort(*listed);
  codec::KeyHasher key("zccache-names-1");
  for (const std::string& name : *listed) {
    if ((!crates_only || is_crate(name)) && !own_.contains(str_cat(*real, '/', name))) {
      key.field("name", name);
    }
  }
  return key.finish();
}

std::optional<Digest> Facts::metadata(std::string_view path) const {
  const std::optional<std::string> root = roots_.to_absolute(path);
  os::FileStamp link;
  os::FileStamp file;
  if (!root || fs_.stat_link(os::FileSystem::kNoDirectory, root->c_str(), link) != 0 ||
      fs_.stat(os::FileSystem::kNoDirectory, root->c_str(), file) != 0) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-metadata-1");
  for (const os::FileStamp& stamp : {link, file}) {
    key.field("mode", stamp.mode);
    if (!stamp.is_directory()) {
      key.field("size", stamp.size_bytes);
      key.field("mtime", static_cast<std::uint64_t>(stamp.mtime_ns));
    }
  }
  return key.finish();
}

std::optional<Digest> Facts::real(std::string_view path) const {
  const std::optional<std::string> root = roots_.to_absolute(path);
  const Result<std::string> out =
      root ? fs_.real_path(*root) : Result<std::string>(fail(Code::kNotFound, {}));
  return out ? std::optional(codec::digest_of(*out)) : std::nullopt;
}

std::optional<Digest> Facts::listing(std::string_view path) const {
  const std::optional<std::string> root = roots_.to_absolute(path);
  const auto listed =
      root ? fs_.list(*root) : Result<std::vector<std::string>>(fail(Code::kNotFound, {}));
  if (!listed) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-listing-1");
  for (const std::string& name : *listed) {
    const std::string entry = str_cat(*root, '/', name);
    if (own_.contains(entry)) {
      continue;
    }
    os::FileStamp stamp;
    (void)fs_.stat_link(os::FileSystem::kNoDirectory, entry.c_str(), stamp);
    key.field("name", name);
    key.field("kind", stamp.mode & S_IFMT);
  }
  return key.finish();
}

}  // namespace zc::engine
