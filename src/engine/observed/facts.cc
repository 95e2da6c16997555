#include "engine/observed/facts.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/observed/local_time.h"
#include "engine/observed/module_files.h"
#include "engine/observed/variables.h"

namespace zc::engine {

using codec::Digest;
using store::InputKind;

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::optional<Digest> digest_of(const Result<std::string>& text) {
  return text ? std::optional(codec::digest_of(*text)) : std::nullopt;
}

// From one directory to a path, both without symlinks.
std::string way_between(std::string_view from, std::string_view to) {
  const std::vector<std::string_view> left = split(from, '/');
  const std::vector<std::string_view> right = split(to, '/');
  const auto [end, other] = std::ranges::mismatch(left, right);
  std::string out;
  for (auto it = end; it != left.end(); ++it) {
    out += "../";
  }
  for (auto it = other; it != right.end(); ++it) {
    out += str_cat(*it, '/');
  }
  return out;
}

}  // namespace

std::optional<Digest> Facts::find(const FactName& fact, Looks& looks) const {
  switch (fact.kind) {
    case InputKind::kFile:
    case InputKind::kPlainFile:
    case InputKind::kAbsence:
    case InputKind::kCrateNames:
    case InputKind::kSpelledPaths:
    case InputKind::kDepInfoForm:
    case InputKind::kAbsentName:
      return std::nullopt;
    case InputKind::kSameFiles:
      return same_files(fact.name, looks);
    case InputKind::kVariable:
    case InputKind::kTrackedVariable:
      return variable(fact.name);
    case InputKind::kPathVariable:
      return path_variable(fact.name);
    case InputKind::kEnvironment:
      return environment(fact.name);
    case InputKind::kTerminal:
      return terminal();
    case InputKind::kProgram: {
      const std::string path = which(fact.name, looks);
      return path.empty() ? std::nullopt : std::optional(codec::digest_of(path));
    }
    case InputKind::kLocalDay:
      return is_within_day(fact.name, fs_.now_ns()) ? std::optional(codec::digest_of(""))
                                                    : std::nullopt;
    case InputKind::kRoot: {
      const std::optional<std::string> directory = roots_.directory_of(fact.name);
      return directory ? std::optional(codec::digest_of(*directory)) : std::nullopt;
    }
    case InputKind::kRealPath: {
      const std::optional<std::string> path = roots_.to_absolute(fact.root, fact.name);
      return path ? real_path(*path, fact, looks) : std::nullopt;
    }
    case InputKind::kOtherModule:
      return other_module(fact);
    case InputKind::kDirectory:
    case InputKind::kNames:
    case InputKind::kLink:
    case InputKind::kMetadata:
    case InputKind::kTimeOfAccess:
    case InputKind::kOldOutput:
    case InputKind::kFileTime:
    case InputKind::kListing: {
      const std::optional<std::string> path = roots_.to_absolute(fact.root, fact.name);
      return path ? of_path(fact.kind, *path, looks) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Digest> Facts::of_path(InputKind kind, const std::string& path, Looks& looks) const {
  switch (kind) {
    case InputKind::kDirectory:
      return directory(path, looks);
    case InputKind::kNames:
      return names(path, nullptr);
    case InputKind::kLink:
      return digest_of(fs_.read_link(path));
    case InputKind::kMetadata:
      return metadata(path);
    case InputKind::kTimeOfAccess:
      return time_of_access(path);
    case InputKind::kListing:
      return listing(path);
    case InputKind::kOldOutput:
      return old_output(path);
    case InputKind::kFileTime:
      return file_time(path);
    default:
      return std::nullopt;
  }
}

// Compilers compare files and directories with each other: gcc drops a directory of the search path
// that is another one already, and takes headers with `#pragma once` for one if their time and
// content are; clang goes by the identity alone.
std::optional<Digest> Facts::same_files(std::string_view names, Looks& looks) const {
  const std::vector<std::string_view> paths = split(names, '\0');
  std::vector<os::FileStamp> stamps;
  stamps.reserve(paths.size());
  ByteWriter text;
  text.raw("zccache-same-files-2");
  for (const std::string_view name : paths) {
    os::FileStamp& stamp = stamps.emplace_back();
    if (look_at(name, looks, stamp) != 0) {
      stamp = {};
    }
    const auto same = std::ranges::find_if(
        stamps, [&](const os::FileStamp& other) { return other.same_file_as(stamp); });
    text.u32(stamp.kind());
    text.u32(static_cast<std::uint32_t>(same - stamps.begin()));
    if (!stamp.is_directory()) {
      // gcc compares times of whole seconds.
      const auto same_time = std::ranges::find_if(stamps, [&](const os::FileStamp& other) {
        return other.mtime_ns / kSecondNs == stamp.mtime_ns / kSecondNs;
      });
      text.u32(static_cast<std::uint32_t>(same_time - stamps.begin()));
    }
  }
  return codec::digest_of(text.bytes());
}

// Of a path without a root, with a NUL behind it.
int Facts::look_at(std::string_view name, Looks& looks, os::FileStamp& out) const {
  return is_absolute(name) ? looks.stat(fs_, name, out)
                           : looks.stat(fs_, str_cat(roots_.relative_prefix(), name), out);
}

// Where paths stay relative, one below the working directory is compared by what follows that: but
// not if it is shorter than it was spelled, since gcc takes it for the name of a file then. The
// same holds for `../src`, where the roots say so, which is compared by the way there; and for one
// below a root. Of a path that was spelled below that root as well, only what
// follows the root is the size: which of the two is shorter does not depend on the root.
std::optional<Digest> Facts::real_path(const std::string& path, const FactName& fact,
                                       Looks& looks) const {
  const bool is_cwd = path.starts_with(cwd_) && without_dots(path) == str_cat(cwd_, '/');
  const Result<std::string>& real = looks.real_path(fs_, is_cwd ? cwd_ : path);
  // A compiler shows the real path only where that is shorter.
  const bool is_hidden =
      real && !roots_.relative_prefix().empty() && real->size() >= fact.name.size();
  if (is_hidden) {
    const Result<std::string>& real_cwd = looks.real_path(fs_, cwd_);
    if (real_cwd && is_at_or_below(*real, *real_cwd)) {
      return codec::digest_of(str_cat('.', real->substr(real_cwd->size())));
    }
  }
  if (is_hidden) {
    const RootedPath below = roots_.to_symbolic(*real);
    if (!below.root.empty()) {
      return codec::digest_of(str_cat(below.root, ':', below.path));
    }
  }
  if (is_hidden && roots_.relates_outer_paths() && fact.root.empty() && !is_absolute(fact.name)) {
    const Result<std::string>& real_cwd = looks.real_path(fs_, cwd_);
    if (real_cwd) {
      return codec::digest_of(way_between(*real_cwd, *real));
    }
  }
  return digest_of(real);
}

std::optional<Digest> Facts::variable(std::string_view name) const {
  const std::optional<std::string_view> value = env_.find(name);
  return value ? std::optional(codec::digest_of(*value)) : std::nullopt;
}

std::optional<Digest> Facts::path_variable(std::string_view name) const {
  const std::optional<std::string_view> value = env_.find(name);
  if (!value) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-path-variable-1");
  add_path(key, "path", roots_.to_symbolic(*value));
  return key.finish();
}

// The variables are sorted by name: their order in the environment is no fact.
Digest Facts::environment(std::string_view reader) const {
  codec::KeyHasher key("zccache-environment-1");
  for (const auto& [name, value] : env_.all()) {
    if (!is_uncounted_variable(name) && !is_unread_by(reader, name)) {
      key.field("name", name);
      key.field("value", value);
    }
  }
  return key.finish();
}

std::optional<Digest> Facts::terminal() const {
  if (terminal_.empty()) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-terminal-1");
  key.field("columns", terminal_);
  for (const std::string_view name : kTerminalVariables) {
    key.field("is-set", std::uint64_t{env_.has(name)});
    key.field("value", env_.get(name));
  }
  return key.finish();
}

std::string Facts::which(std::string_view program, Looks& looks) const {
  for (const std::string_view directory : split(env_.search_path(), ':')) {
    std::string path = join_path(cwd_, directory.empty() ? program : join_path(directory, program));
    os::FileStamp stamp;
    if (looks.stat(fs_, path, stamp) == 0 && stamp.is_regular() && (stamp.mode & 0111) != 0) {
      return path;
    }
  }
  return {};
}

std::optional<Digest> Facts::directory(const std::string& path, Looks& looks) const {
  os::FileStamp stamp;
  const bool is_directory = looks.stat(fs_, path, stamp) == 0 && stamp.is_directory();
  return is_directory ? std::optional(codec::digest_of("")) : std::nullopt;
}

// The order of a directory depends on its history, so names are sorted; where the order may count,
// a listing keeps it.
std::optional<Digest> Facts::names(const std::string& path,
                                   bool (*counts)(std::string_view name)) const {
  auto listed = fs_.list(os::FileSystem::kNoDirectory, path.c_str());
  if (!listed) {
    return std::nullopt;
  }
  std::ranges::sort(*listed);
  codec::KeyHasher key("zccache-names-1");
  for (const std::string& name : *listed) {
    if ((counts == nullptr || counts(name)) && !own_.contains(str_cat(path, '/', name))) {
      key.field("name", name);
    }
  }
  return key.finish();
}

std::optional<Digest> Facts::old_output(const std::string& path) const {
  os::FileStamp stamp;
  const int error = fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp);
  if (error == ENOENT) {
    return std::nullopt;
  }
  return codec::digest_of(error == 0 && stamp.is_regular() ? kOldFile : "");
}

std::optional<Digest> Facts::metadata(const std::string& path) const {
  codec::KeyHasher key("zccache-metadata-2");
  for (const os::LastLink last : {os::LastLink::kStay, os::LastLink::kFollow}) {
    os::FileStamp stamp;
    os::FileDetails details;
    const int error = last == os::LastLink::kStay
                          ? fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp)
                          : fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp);
    if (error != 0 || fs_.look_closely(path.c_str(), last, details) != 0) {
      return std::nullopt;
    }
    key.field("mode", stamp.mode);
    key.field("user", details.user);
    key.field("group", details.group);
    if (!stamp.is_directory() || path.ends_with(kItself)) {
      key.field("size", stamp.size_bytes);
      key.field("names", stamp.names);
      key.field("mtime", static_cast<std::uint64_t>(stamp.mtime_ns));
      key.field("born", static_cast<std::uint64_t>(details.born_ns));
    }
  }
  return key.finish();
}

std::optional<Digest> Facts::file_time(const std::string& path) const {
  constexpr std::int64_t kNsPerS = 1'000'000'000;
  os::FileStamp stamp;
  if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
    return std::nullopt;
  }
  return codec::digest_of(std::to_string(stamp.mtime_ns / kNsPerS));
}

// gfortran compares the same bytes.
std::optional<Digest> Facts::other_module(const FactName& fact) const {
  const SplitModule named = split_module(fact.name);
  const std::optional<std::string> path = roots_.to_absolute(fact.root, named.path);
  if (!path) {
    return std::nullopt;
  }
  const auto file = fs_.read(os::FileSystem::kNoDirectory, path->c_str(), limits::kInputBytesMax);
  const bool is_other = file ? checksum_of_module(file->bytes) != named.checksum
                             : file.error().code == Code::kNotFound;
  return is_other ? std::optional(other_module_value()) : std::nullopt;
}

std::optional<Digest> Facts::time_of_access(const std::string& path) const {
  codec::KeyHasher key("zccache-time-of-access-1");
  for (const os::LastLink last : {os::LastLink::kStay, os::LastLink::kFollow}) {
    os::FileDetails details;
    if (fs_.look_closely(path.c_str(), last, details) != 0) {
      return std::nullopt;
    }
    key.field("read", static_cast<std::uint64_t>(details.read_ns));
  }
  return key.finish();
}

std::optional<Digest> Facts::listing(const std::string& path) const {
  const auto listed = fs_.list(os::FileSystem::kNoDirectory, path.c_str());
  if (!listed) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-listing-1");
  for (const std::string& name : *listed) {
    const std::string entry = str_cat(path, '/', name);
    if (own_.contains(entry)) {
      continue;
    }
    os::FileStamp stamp;
    (void)fs_.stat_link(os::FileSystem::kNoDirectory, entry.c_str(), stamp);
    key.field("name", name);
    key.field("kind", stamp.kind());
  }
  return key.finish();
}

}  // namespace zc::engine
