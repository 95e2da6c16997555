#include "client/deliver.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/str.h"
#include "os/file.h"
#include "os/file_attributes.h"
#include "os/name.h"

namespace zc::client {

namespace {

std::unexpected<Error> left_to_compiler(const std::string& path) {
  return fail(Code::kInvalid, str_cat("left to the compiler: ", path));
}

Result<> fill(int to, const wire::HitFile& file, int from) {
  return file.has_fd ? os::copy_fd(from, to, file.size_bytes) : os::write_all(to, file.bytes);
}

// A file that the compiler may rewrite is replaced only if nothing shows that: it has the mode, the
// owner and the extended attributes of a new one, and no other name. A mode that stays for certain,
// we can keep.
Result<> look_like_old_file(const std::string& path, wire::OldFile kind,
                            const os::UnnamedFile& made) {
  os::FileAttributes old;
  os::FileAttributes now;
  if (kind == wire::OldFile::kReplaced || os::attributes_at(path, old) != 0) {
    return {};
  }
  if (kind == wire::OldFile::kRewritten && old.is_regular()) {
    made.set_permissions(old.permissions());
  }
  if (os::attributes_of_open(made.fd().get(), now) != 0 || !now.same_but_for_names(old) ||
      old.names > 1) {
    return left_to_compiler(path);
  }
  return {};
}

// A compiler that is refused the old file fails, where we would replace it. Most replace it as well
// when it is an object, but to know which is the compiler's affair: it runs.
Result<> check_old_file(const std::string& path) {
  const int err = os::check_right(path, os::Right::kWrite);
  return err == 0 || err == ENOENT ? Result<>() : left_to_compiler(path);
}

// The permissions less the umask, as for the compiler.
Result<os::UnnamedFile> make_empty(const std::string& path, bool executable,
                                   std::optional<os::UnnamedFile>& spare) {
  if (spare && spare->path() == path && !executable) {
    os::UnnamedFile out = std::move(*spare);
    spare.reset();
    return out;
  }
  return os::UnnamedFile::make(path, executable ? 0777 : 0666);
}

// A file that is complete but has not taken its place yet.
Result<os::UnnamedFile> make(const wire::HitFile& file, int from,
                             std::optional<os::UnnamedFile>& spare) {
  const std::string path(file.path);
  TRY(check_old_file(path));
  TRY_ASSIGN(os::UnnamedFile out, make_empty(path, file.executable, spare));
  TRY(fill(out.fd().get(), file, from));
  if (file.mode != 0) {
    out.set_permissions(static_cast<std::uint32_t>(file.mode));
  }
  TRY(look_like_old_file(path, file.old_file, out));
  return out;
}

struct Delivery {
  std::size_t index = 0;  // in Hit::files
  os::UnnamedFile file;
};

Result<wire::Delivered> publish(std::vector<Delivery>& deliveries, bool wants_stamps) {
  wire::Delivered out;
  for (auto& [index, file] : deliveries) {
    if (!wants_stamps) {
      TRY(file.publish());
      continue;
    }
    TRY_ASSIGN(const std::optional<os::FileStamp> stamp, file.publish_stamped());
    if (stamp) {
      out.files.push_back({.index = index,
                           .dev = stamp->dev,
                           .ino = stamp->ino,
                           .size_bytes = stamp->size_bytes,
                           .mtime_ns = static_cast<std::uint64_t>(stamp->mtime_ns),
                           .ctime_ns = static_cast<std::uint64_t>(stamp->ctime_ns)});
    }
  }
  return out;
}

// Where nothing is. They are removed again, unless all has been delivered: the command would find
// them.
class NewDirectories {
 public:
  NewDirectories() = default;
  NewDirectories(const NewDirectories&) = delete;
  NewDirectories& operator=(const NewDirectories&) = delete;
  ~NewDirectories() {
    for (std::size_t i = made_.size(); i-- > 0;) {
      (void)os::remove_directory(made_[i]);
    }
  }

  Result<> make(const wire::HitFile& directory) {
    const std::string path(directory.path);
    constexpr std::uint32_t kAll = 0777;
    const auto permissions = static_cast<std::uint32_t>(directory.mode);
    const int err = os::make_directory(path, permissions == 0 ? kAll : permissions);
    if (err == 0) {
      made_.push_back(path);
    }
    return err == 0 || err == EEXIST ? Result<>() : fail_errno(err, path);
  }
  void keep() { made_.clear(); }

 private:
  std::vector<std::string> made_;  // the outer ones first
};

Result<> make_links(const wire::Hit& hit) {
  for (const wire::HitFile& file : hit.files) {
    if (file.kind != wire::FileKind::kSymlink) {
      continue;
    }
    const std::string path(file.path);
    TRY(check_old_file(path));
    (void)os::remove_name(path);
    if (const int err = os::make_symlink(std::string(file.bytes), path); err != 0) {
      return fail_errno(err, path);
    }
  }
  return {};
}

// What we may not remove is left to the compiler, as above.
Result<> remove_files(const wire::Hit& hit) {
  for (const ByteView removed : hit.removed) {
    const std::string path(removed);
    TRY(check_old_file(path));
    if (const int err = os::remove_name(path); err != 0 && err != ENOENT) {
      return fail_errno(err, path);
    }
  }
  return {};
}

}  // namespace

Result<wire::Delivered> deliver_files(const wire::Hit& hit, const std::vector<os::Fd>& fds,
                                      std::optional<os::UnnamedFile> spare) {
  std::vector<int> sources;  // what the daemon passed, or -1
  std::size_t next_fd = 0;
  for (const wire::HitFile& file : hit.files) {
    if (file.has_fd && next_fd == fds.size()) {
      return fail(Code::kInvalid, "the daemon announced a file that it did not pass");
    }
    sources.push_back(file.has_fd ? fds[next_fd++].get() : -1);
  }
  NewDirectories directories;
  for (const wire::HitFile& file : hit.files) {
    if (file.kind == wire::FileKind::kDirectory) {
      TRY(directories.make(file));
    }
  }
  std::vector<Delivery> deliveries;
  deliveries.reserve(hit.files.size());
  // Backwards: the message begins with the main output, which must be the last to get its name.
  for (std::size_t i = hit.files.size(); i-- > 0;) {
    if (hit.files[i].kind == wire::FileKind::kPlain) {
      TRY_ASSIGN(os::UnnamedFile made, make(hit.files[i], sources[i], spare));
      deliveries.push_back({.index = i, .file = std::move(made)});
    }
  }
  // Beyond this point every file is complete; what can still fail is to name it. A build tool that
  // finds the first one believes that all of them are new, so that one is the last.
  TRY_ASSIGN(wire::Delivered delivered, publish(deliveries, hit.wants_stamps));
  directories.keep();
  TRY(make_links(hit));
  TRY(remove_files(hit));
  return delivered;
}

void clear_paths(const std::vector<ByteView>& paths) {
  for (const ByteView each : paths) {
    const std::string path(each);
    if (os::remove_name(path) != 0) {
      (void)os::remove_directory(path);
    }
  }
}

Result<> replay_streams(const wire::Hit& hit) {
  TRY(os::write_all(1, hit.out));
  return os::write_all(2, hit.err);
}

}  // namespace zc::client
