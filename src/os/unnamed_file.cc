#include "os/unnamed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/file_stamp.h"
#include "os/fine_times.h"
#include "os/name.h"
#include "os/self.h"

namespace zc::os {

namespace {

std::string temporary_name(const std::string& path) {
  return str_cat(path, ".zccache-", process_id());
}

// Gives an open file without a name one. By its descriptor: Linux 6.10 lets who has opened the file
// do that, older ones only root (linkat(2), AT_EMPTY_PATH). By its name below /proc it costs three
// times as much, since the kernel has to make that for a process that has just started.
bool give_name(int fd, const std::string& path) {
  return ::linkat(fd, "", AT_FDCWD, path.c_str(), AT_EMPTY_PATH) == 0 ||
         ::linkat(AT_FDCWD, str_cat("/proc/self/fd/", fd).c_str(), AT_FDCWD, path.c_str(),
                  AT_SYMLINK_FOLLOW) == 0;
}

// From before a file without a name gets one until right after: whether only the name is new.
//
// To look at the file makes the kernel give it another time of change with the name. By then, each
// write gives its content that time, or a later one. A program that sets the time of the content
// back to what it was would have to find the new name, look, write and do so before we look again,
// and that within the millisecond after which we do not believe it.
class Naming {
 public:
  explicit Naming(int fd)
      : fd_(fd), is_known_(stamp_of_open(fd, before_) == 0), begun_ns_(monotonic_ns()) {}

  std::optional<FileStamp> stamp() const {
    FileStamp now;
    const bool is_certain = is_known_ && before_.mtime_ns <= before_.ctime_ns &&
                            stamp_of_open(fd_, now) == 0 && now.ctime_ns > before_.ctime_ns &&
                            now.mtime_ns == before_.mtime_ns &&
                            now.size_bytes == before_.size_bytes && now.names == 1 &&
                            monotonic_ns() - begun_ns_ < kUnseenNs && is_of_fine_type(fd_, now);
    return is_certain ? std::optional(now) : std::nullopt;
  }

 private:
  static constexpr std::int64_t kUnseenNs = 1'000'000;

  int fd_;
  FileStamp before_;
  bool is_known_;
  std::int64_t begun_ns_;
};

std::unexpected<Error> cannot_replace(int err, const std::string& path) {
  return fail_errno(err, str_cat("cannot replace ", path));
}

}  // namespace

// Errors besides kUnavailable are the directory's; that one means that the file system has no such
// files: EOPNOTSUPP, or EISDIR of old kernels (open(2), O_TMPFILE).
Result<UnnamedFile> UnnamedFile::make_traceless(const std::string& path,
                                                std::uint32_t permissions) {
  const std::string directory(dir_name(path));
  Fd fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, permissions));
  if (fd) {
    return UnnamedFile(path, std::move(fd));
  }
  if (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EROFS) {
    return fail_errno(errno, str_cat("cannot write in ", directory));
  }
  return fail(Code::kUnavailable, str_cat("no unnamed file in ", directory));
}

Result<UnnamedFile> UnnamedFile::make(const std::string& path, std::uint32_t permissions) {
  Result<UnnamedFile> made = make_traceless(path, permissions);
  if (made || made.error().code != Code::kUnavailable) {
    return made;
  }
  UnnamedFile out(path, Fd());
  TRY_ASSIGN(TemporaryFile temporary, TemporaryFile::create(temporary_name(path), permissions));
  out.temporary_.emplace(std::move(temporary));
  return out;
}

void UnnamedFile::set_permissions(std::uint32_t permissions) const {
  ::fchmod(fd().get(), permissions);
}

Result<> UnnamedFile::publish() {
  TRY(clear_place());
  return !temporary_ && give_name(fd_.get(), path_) ? Result<>() : take_place_as_temporary();
}

Result<std::optional<FileStamp>> UnnamedFile::publish_stamped() {
  TRY(clear_place());
  if (!temporary_) {
    const Naming naming(fd_.get());
    if (give_name(fd_.get(), path_)) {
      return naming.stamp();
    }
  }
  TRY(take_place_as_temporary());
  return std::nullopt;
}

// linkat never replaces a name; and without a file in the way, ext4 does not flush for a rename.
Result<> UnnamedFile::clear_place() const {
  const int err = remove_name(path_);
  return err == 0 || err == ENOENT ? Result<>() : cannot_replace(err, path_);
}

// Without a temporary file there is an old kernel and no /proc, or another process has made a file
// of that name since.
Result<> UnnamedFile::take_place_as_temporary() {
  if (!temporary_) {
    TRY(copy_to_name());
  }
  const int err = temporary_->move_to(path_);
  return err == 0 ? Result<>() : cannot_replace(err, path_);
}

Result<> UnnamedFile::copy_to_name() {
  TRY_ASSIGN(const FileStamp whole, stat_fd(fd_.get()));
  TRY_ASSIGN(TemporaryFile copy, TemporaryFile::create(temporary_name(path_), whole.permissions()));
  TRY(copy_fd(fd_.get(), copy.fd().get(), whole.size_bytes));
  temporary_.emplace(std::move(copy));
  set_permissions(whole.permissions());
  return {};
}

}  // namespace zc::os
