#include "engine/frontend.h"

#include <algorithm>
#include <vector>

#include "base/path.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using wire::OldFile;

// A chroot or a mount over a directory shows in no namespace, but in the inodes of / and of the
// cwd.
OrBypass<> enter_world(const Dependencies& ours, const wire::CompileRequest& request,
                       CacheableCompile& compile) {
  if (const auto difference = os::difference_of(ours.world, request.world); !difference.empty()) {
    return bypass(Reason::kDifferentWorld, std::string(difference));
  }
  os::FileStamp root;
  os::FileStamp cwd;
  const auto same = [](const os::FileStamp& stamp, const wire::FileId& id) {
    return stamp.dev == id.dev && stamp.ino == id.ino;
  };
  const os::FileSystem& fs = ours.fs;
  const bool seen =
      fs.stat(os::FileSystem::kNoDirectory, "/", root) == 0 && same(root, request.root_id) &&
      compile.directory.open(os::FileSystem::kNoDirectory, compile.cwd.c_str()) == 0 &&
      fs.stat_handle(compile.directory.handle(), cwd) == 0 && same(cwd, request.cwd_id);
  if (!seen) {
    return bypass(Reason::kDifferentWorld, compile.cwd);
  }
  return {};
}

namespace {

// Where an output goes: an old file, and a name in a directory. An inode of 0 means that there is
// none. Two outputs are one file if both names lead to the same inode (a second link), or if they
// are the same name in the same directory ("sub/../a.o" and "a.o"), where no file may be yet.
struct OutputLocation {
  os::FileStamp file;
  os::FileStamp directory;
  std::string_view name;

  bool is_same_as(const OutputLocation& other) const {
    return (file.ino != 0 && file.same_file_as(other.file)) ||
           (directory.ino != 0 && directory.same_file_as(other.directory) && name == other.name);
  }
};

OutputLocation location_of(const os::FileSystem& fs, os::DirectoryHandle at,
                           const std::string& path) {
  OutputLocation out = {.file = {}, .directory = {}, .name = base_name(path)};
  if (fs.stat_link(at, path.c_str(), out.file) != 0) {
    out.file = {};
  }
  const std::string directory(dir_name(path));
  const int err = directory == "." ? fs.stat_handle(at, out.directory)
                                   : fs.stat(at, directory.c_str(), out.directory);
  if (err != 0) {
    out.directory = {};
  }
  return out;
}

// An old file that is empty, GNU as and ld write into; any other they replace.
OrBypass<> check_outputs(const os::FileSystem& fs, CacheableCompile& compile,
                         const os::FileStamp& source) {
  std::vector<OutputLocation> locations;
  const auto check = [&](const std::string& path, OldFile& old_file) -> OrBypass<> {
    const OutputLocation location = location_of(fs, compile.directory.handle(), path);
    const bool is_there = location.file.ino != 0;
    if (is_there && location.file.size_bytes == 0 && old_file == OldFile::kReplaced) {
      old_file = OldFile::kEither;
    }
    if ((is_there && (!location.file.is_regular() || location.file.same_file_as(source) ||
                      (old_file != OldFile::kReplaced && location.file.names > 1))) ||
        std::ranges::any_of(
            locations, [&](const OutputLocation& other) { return location.is_same_as(other); })) {
      return bypass(Reason::kBadOutputFile, path);
    }
    locations.push_back(location);
    return {};
  };
  for (Product& product : compile.products) {
    TRY(check(product.path, product.old_file));
    product.before = locations.back().file;
  }
  if (compile.depfile) {
    OldFile rewritten = OldFile::kRewritten;
    TRY(check(*compile.depfile, rewritten));
    compile.depfile_before = locations.back().file;
  }
  return {};
}

// The compiler runs then, and reports the missing file in its own words.
std::unexpected<compiler::Bypass> unreadable(const Error& error) {
  return bypass(error.code == Code::kNotFound ? Reason::kNoInputFile : Reason::kUnreadableInput,
                error.message);
}

}  // namespace

// A source so young may be gone as soon as the client has ended: configure scripts write one, have
// it compiled, and write the next one in its place.
constexpr std::int64_t kFleetingNs = 2'000'000'000;

OrBypass<> take_source(const Dependencies& ours, CacheableCompile& compile) {
  const Result<files::KnownFile> source =
      ours.files.look(compile.directory.handle(), compile.source.c_str());
  if (!source) {
    return unreadable(source.error());
  }
  compile.source_digest = source->digest;
  compile.client_waits |= files::last_change_ns(source->stamp) > compile.start_ns - kFleetingNs;
  return check_outputs(ours.fs, compile, source->stamp);
}

OrBypass<> take_empty_source(const Dependencies& ours, CacheableCompile& compile) {
  os::FileStamp device;
  if (ours.fs.stat(compile.directory.handle(), compile.source.c_str(), device) != 0 ||
      !device.is_character_device()) {
    return bypass(Reason::kUnreadableInput, compile.source);
  }
  compile.source_digest = codec::digest_of("");
  return check_outputs(ours.fs, compile, device);
}

OrBypass<std::vector<KeyFile>> hash_key_files(const Dependencies& ours,
                                              const CacheableCompile& compile,
                                              const std::vector<std::string>& paths) {
  std::vector<KeyFile> out;
  for (const std::string& path : paths) {
    const Result<files::KnownFile> file = ours.files.look(compile.directory.handle(), path.c_str());
    if (!file) {
      return unreadable(file.error());
    }
    out.push_back({.path = path, .digest = file->digest});
  }
  return out;
}

}  // namespace zc::engine
