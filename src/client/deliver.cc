#include "client/deliver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ranges>
#include <string>

#include "base/path.h"
#include "base/sgr_filter.h"
#include "base/str.h"
#include "os/file.h"

namespace zc::client {

namespace {

Result<> fill(int to, const wire::HitFile& file, int from) {
  return file.has_fd ? os::copy_fd(from, to, file.size_bytes) : os::write_all(to, file.bytes);
}

// The name of an open file, by which linkat gives it a real one.
std::string proc_name(int fd) {
  return str_cat("/proc/self/fd/", fd);
}

// A file that the compiler would have truncated and rewritten keeps its mode.
void keep_mode(const std::string& path, int fd) {
  struct stat st = {};
  if (::lstat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode)) {
    ::fchmod(fd, st.st_mode & 07777);
  }
}

// A compiler that is refused the old file fails, where we would replace it. Most replace it as well
// when it is an object, but to know which is the compiler's affair: it runs. (By the real user, who
// is the effective one of a compiler; sandboxes know the other call less well.)
Result<> check_old_file(const std::string& path) {
  if (::access(path.c_str(), W_OK) != 0 && errno != ENOENT) {
    return fail_errno(errno, str_cat("left to the compiler: ", path));
  }
  return {};
}

// A file that is complete but has not taken its place yet.
class Delivery {
 public:
  Delivery(const wire::HitFile& file, int from) : path_(file.path), file_(&file), from_(from) {}
  Delivery(Delivery&&) = default;
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  Delivery& operator=(Delivery&&) = delete;
  ~Delivery() {
    if (!temporary_.empty()) {
      ::unlink(temporary_.c_str());
    }
  }

  // Makes the file under no name; on a file system without O_TMPFILE, under a temporary one.
  Result<> make() {
    TRY(check_old_file(path_));
    const mode_t mode = file_->executable ? 0777 : 0666;  // less the umask, as for the compiler
    const std::string directory(dir_name(path_));
    fd_ = os::Fd(::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode));
    if (!fd_) {
      if (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EROFS) {
        return fail_errno(errno, str_cat("cannot write in ", directory));
      }
      TRY(make_temporary(mode));
    }
    TRY(fill(fd_.get(), *file_, from_));
    if (file_->keeps_mode) {
      keep_mode(path_, fd_.get());
    }
    return {};
  }

  // Takes the place of what was there.
  Result<> publish() {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
      return fail_errno(errno, str_cat("cannot replace ", path_));
    }
    if (temporary_.empty()) {
      if (::linkat(AT_FDCWD, proc_name(fd_.get()).c_str(), AT_FDCWD, path_.c_str(),
                   AT_SYMLINK_FOLLOW) == 0) {
        return {};
      }
      // No /proc here: once more, under a name.
      TRY(make_temporary(file_->executable ? 0777 : 0666));
      TRY(fill(fd_.get(), *file_, from_));
    }
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
      return fail_errno(errno, str_cat("cannot replace ", path_));
    }
    temporary_.clear();
    return {};
  }

 private:
  Result<> make_temporary(mode_t mode) {
    temporary_ = str_cat(path_, ".zccache-", static_cast<long>(::getpid()));
    Result<os::Fd> opened = os::open_path(temporary_, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (!opened) {
      temporary_.clear();
      return std::unexpected(std::move(opened).error());
    }
    fd_ = *std::move(opened);
    return {};
  }

  std::string path_;
  const wire::HitFile* file_;
  int from_;  // of what the daemon passed, or -1
  os::Fd fd_;
  std::string temporary_;
};

}  // namespace

Result<> deliver_files(const wire::Hit& hit, const std::vector<os::Fd>& fds) {
  std::vector<Delivery> deliveries;
  deliveries.reserve(hit.files.size());
  std::size_t next_fd = 0;
  for (const wire::HitFile& file : hit.files) {
    int from = -1;
    if (file.has_fd) {
      if (next_fd == fds.size()) {
        return fail(Code::kInvalid, "the daemon announced a file that it did not pass");
      }
      from = fds[next_fd++].get();
    }
    deliveries.emplace_back(file, from);
  }
  for (Delivery& delivery : std::views::reverse(deliveries)) {
    TRY(delivery.make());
  }
  // Beyond this point every file is complete; what can still fail is to name it. A build tool that
  // finds the first one believes that all of them are new, so that one is the last.
  for (Delivery& delivery : std::views::reverse(deliveries)) {
    TRY(delivery.publish());
  }
  return {};
}

bool stderr_shows_colour() {
  if (::isatty(2) == 0) {
    return false;
  }
  const char* term = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): one thread
  return term != nullptr && std::string_view(term) != "dumb";
}

void replay_streams(const wire::Hit& hit) {
  if (!hit.out.empty()) {
    (void)os::write_all(1, hit.out);
  }
  if (hit.err.empty()) {
    return;
  }
  if (hit.forced_colour && !stderr_shows_colour()) {
    (void)os::write_all(2, without_sgr(hit.err));
  } else {
    (void)os::write_all(2, hit.err);
  }
}

}  // namespace zc::client
