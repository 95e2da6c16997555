#include "os/file_system.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/directory.h"

namespace zc::os {

namespace {

// Of file systems that the kernel keeps by itself on a disk or in memory (statfs(2)).
constexpr std::array<std::uint32_t, 12> kLocalTypes = {
    0xef53,      // ext2 to ext4
    0x58465342,  // XFS
    0x9123683e,  // Btrfs
    0x01021994,  // tmpfs
    0x794c7630,  // overlay
    0xf2f52010,  // F2FS
    0x2fc12fc1,  // ZFS
    0xca451a4e,  // bcachefs
    0x858458f6,  // ramfs
    0x3153464a,  // JFS
    0xe0f5e1e2,  // EROFS
    0x73717368,  // SquashFS
};

int base_of(DirectoryHandle at) {
  return at == FileSystem::kNoDirectory ? AT_FDCWD : at;
}

// For reading, without a new time of access where we may do so: programs can ask for that time.
Fd open_unnoticed(DirectoryHandle at, const char* path) {
  constexpr int kReadFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  Fd fd(::openat(base_of(at), path, kReadFlags | O_NOATIME));
  if (!fd && errno == EPERM) {
    fd = Fd(::openat(base_of(at), path, kReadFlags));
  }
  return fd;
}

// Opens a plain file. To open a FIFO, even for a moment, would release a writer that waits for the
// real reader. O_NONBLOCK: should the file have become one, we must not hang.
Result<Fd> open_plain(const FileSystem& fs, DirectoryHandle at, const char* path) {
  FileStamp seen;
  if (const int error = fs.stat(at, path, seen); error == 0 && !seen.is_regular()) {
    return fail(Code::kInvalid, str_cat(path, " is not a plain file"));
  }
  Fd fd = open_unnoticed(at, path);
  if (!fd) {
    return fail_errno(errno, str_cat("cannot open ", path));
  }
  return fd;
}

// Until the end of the file, or just beyond `size_bytes`: the byte more shows that the file has
// grown since its size was read. Returns how many bytes there were.
Result<std::uint64_t> read_all(int fd, std::uint64_t size_bytes, const ByteSink& sink) {
  constexpr std::uint64_t kPartBytes = std::uint64_t{256} << 10;
  std::string part(std::min(kPartBytes, size_bytes + 1), '\0');
  std::uint64_t out = 0;
  while (out <= size_bytes) {
    const ssize_t n = ::read(fd, part.data(), part.size());
    if (n < 0 && errno != EINTR) {
      return fail_errno(errno, "cannot read an open file");
    }
    if (n == 0) {
      break;
    }
    if (n > 0) {
      sink({part.data(), static_cast<std::size_t>(n)});
      out += static_cast<std::uint64_t>(n);
    }
  }
  return out;
}

// Opens what is there, if no symlink lies on the way to it (openat2(2), of Linux 5.6). Returns a
// negative value and sets errno to ENOSYS where the kernel or a sandbox has no such call.
int open_without_symlinks(DirectoryHandle at, const char* path, std::uint64_t flags) {
  // Common to all architectures; older headers lack the names.
  constexpr long kOpenat2 = 437;
  constexpr std::uint64_t kResolveNoSymlinks = 0x04;
  struct {
    std::uint64_t flags;
    std::uint64_t mode;
    std::uint64_t resolve;
  } const how = {.flags = O_PATH | O_CLOEXEC | flags, .mode = 0, .resolve = kResolveNoSymlinks};
  const auto fd = static_cast<int>(::syscall(kOpenat2, base_of(at), path, &how, sizeof how));
  if (fd < 0 && errno == EPERM) {
    errno = ENOSYS;
  }
  return fd;
}

// The same part by part, as a kernel without that call can do it.
Fd open_each_part(DirectoryHandle at, const char* path) {
  constexpr int kPartFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd out(::openat(base_of(at), is_absolute(path) ? "/" : ".", kPartFlags));
  for (const std::string_view part : split(path, '/')) {
    if (out && !part.empty()) {
      out = Fd(::openat(out.get(), std::string(part).c_str(), kPartFlags));
    }
  }
  return out;
}

// The text of an absolute path as realpath(3) writes it if no symlink lies on the way.
std::string text_without_symlinks(std::string_view path) {
  std::string out;
  for (const std::string_view part : split(path, '/')) {
    if (part == "..") {
      out.erase(std::min(out.rfind('/'), out.size()));
    } else if (!part.empty() && part != ".") {
      str_append(out, '/', part);
    }
  }
  return out.empty() ? "/" : out;
}

}  // namespace

bool leads_nowhere(int err) {
  return err == ENOENT || err == ENOTDIR || err == EACCES || err == ELOOP || err == ENAMETOOLONG;
}

int PosixFileSystem::stat(DirectoryHandle at, const char* path, FileStamp& out) const {
  return stamp_at(at, path, LastLink::kFollow, out);
}

int PosixFileSystem::stat_link(DirectoryHandle at, const char* path, FileStamp& out) const {
  return stamp_at(at, path, LastLink::kStay, out);
}

int PosixFileSystem::look_closely(const char* path, LastLink link, FileDetails& out) const {
  return details_at(path, link, out);
}

int PosixFileSystem::stat_handle(DirectoryHandle directory, FileStamp& out) const {
  return stamp_of_open(directory, out);
}

bool PosixFileSystem::has_times_of_its_own(DirectoryHandle directory) const {
  struct statfs found = {};
  return ::fstatfs(directory, &found) == 0 &&
         std::ranges::find(kLocalTypes, static_cast<std::uint32_t>(found.f_type)) !=
             kLocalTypes.end();
}

int PosixFileSystem::open_directory(DirectoryHandle at, const char* path,
                                    DirectoryHandle& out) const {
  // O_PATH: a directory that may be searched but not listed serves as well.
  const int fd = ::openat(base_of(at), path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    return errno;
  }
  out = fd;
  return 0;
}

int PosixFileSystem::open_real_directory(DirectoryHandle at, const char* path,
                                         DirectoryHandle& out) const {
  int fd = open_without_symlinks(at, path, O_DIRECTORY);
  if (fd < 0 && errno == ENOSYS) {
    fd = open_each_part(at, path).release();
  }
  if (fd < 0) {
    return errno;
  }
  out = fd;
  return 0;
}

void PosixFileSystem::close_directory(DirectoryHandle directory) const {
  ::close(directory);
}

Result<StableFile> FileSystem::read(DirectoryHandle at, const char* path,
                                    std::uint64_t bytes_max) const {
  StableFile out;
  const auto append = [&](std::string_view bytes) { out.bytes.append(bytes); };
  out.begun_ns = now_ns();
  TRY_ASSIGN(out.stamp, read_into(at, path, bytes_max, append));
  return out;
}

Result<FileStamp> PosixFileSystem::read_into(DirectoryHandle at, const char* path,
                                             std::uint64_t bytes_max, const ByteSink& sink) const {
  TRY_ASSIGN(const Fd fd, open_plain(*this, at, path));
  TRY_ASSIGN(const FileStamp before, stat_fd(fd.get()));
  if (!before.is_regular() || before.size_bytes > bytes_max) {
    return fail(Code::kInvalid, str_cat(path, " is not a plain file, or is too large"));
  }
  TRY_ASSIGN(const std::uint64_t bytes, read_all(fd.get(), before.size_bytes, sink));
  TRY_ASSIGN(const FileStamp after, stat_fd(fd.get()));
  if (!after.same_content_as(before) || bytes != before.size_bytes) {
    return fail(Code::kUnavailable, str_cat(path, " changed while it was read"));
  }
  return after;
}

Result<std::string> PosixFileSystem::read_beginning(const std::string& path,
                                                    std::size_t bytes_max) const {
  TRY_ASSIGN(const Fd fd, open_plain(*this, kNoDirectory, path.c_str()));
  std::string out(bytes_max, '\0');
  TRY_ASSIGN(const std::size_t bytes, read_at(fd.get(), out.data(), out.size(), 0));
  out.resize(bytes);
  return out;
}

Result<std::vector<std::string>> PosixFileSystem::list(DirectoryHandle at, const char* path) const {
  return list_directory(at, path);
}

Result<std::string> PosixFileSystem::read_link(const std::string& path) const {
  // The text of a symlink is shorter than PATH_MAX (symlink(2)), so it is never cut.
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  if (length < 0) {
    return errno == EINVAL ? fail(Code::kInvalid, str_cat(path, " is no symlink"))
                           : fail_errno(errno, path);
  }
  return std::string(target, static_cast<std::size_t>(length));
}

Result<std::string> PosixFileSystem::real_path(const std::string& path) const {
  // On the way to most paths lies no symlink, which one call tells.
  if (const Fd file(open_without_symlinks(kNoDirectory, path.c_str(), 0));
      file && is_absolute(path)) {
    return text_without_symlinks(path);
  }
  char real[PATH_MAX];
  if (::realpath(path.c_str(), real) == nullptr) {
    return fail_errno(errno, path);
  }
  return std::string(real);
}

std::int64_t PosixFileSystem::now_ns() const {
  return wall_ns();
}

}  // namespace zc::os
