#include "os/safe_directory.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/str.h"

namespace zc::os {

namespace {

constexpr int kPathOnlyFlags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
// As many as the kernel follows (path_resolution(7)).
constexpr int kLinksMax = 40;
constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;
constexpr mode_t kPrivate = S_IRWXU;

constexpr std::string_view kElsewhere =
    "set ZCCACHE_CACHE_DIR to a directory that only you can write to";

std::uint64_t number_of(std::uint32_t uid) {
  return uid;
}

// One walk along one path.
class Walk {
 public:
  Walk(const std::string& path, std::uint32_t uid, Missing missing)
      : path_(path), uid_(uid), missing_(missing) {}

  Result<Fd> run() {
    put_before_the_rest(path_);
    TRY(start_at_root());
    while (!names_.empty()) {
      const std::string name = std::move(names_.back());
      names_.pop_back();
      if (name == "..") {
        // ".." of "/" is "/", as for the kernel.
        if (trail_.size() > 1) {
          trail_.pop_back();
        }
      } else if (!name.empty() && name != ".") {
        TRY(enter(name));
      }
    }
    // A sticky directory is good enough on the way, not for the files that we make in it.
    if ((trail_.back().mode & kWritableByOthers) != 0) {
      return refuse_writable(trail_.back());
    }
    return std::move(trail_.back().fd);
  }

 private:
  struct Directory {
    Fd fd;
    std::string path;
    mode_t mode = 0;
    std::uint32_t owner = 0;
  };

  void put_before_the_rest(std::string_view path) {
    const std::vector<std::string_view> names = split(path, '/');
    names_.insert(names_.end(), names.rbegin(), names.rend());
  }

  Result<> start_at_root() {
    trail_.clear();
    Fd fd(::open("/", kPathOnlyFlags | O_DIRECTORY));
    struct stat st = {};
    if (!fd || ::fstat(fd.get(), &st) != 0) {
      return fail_errno(errno, "cannot open /");
    }
    trail_.push_back({.fd = std::move(fd), .path = "/", .mode = st.st_mode, .owner = st.st_uid});
    return {};
  }

  Result<> enter(const std::string& name) {
    const Directory& here = trail_.back();
    if ((here.mode & kWritableByOthers) != 0 && (here.mode & S_ISVTX) == 0) {
      return refuse_writable(here);
    }
    std::string path = str_cat(here.path == "/" ? "" : here.path, '/', name);
    TRY_ASSIGN(Fd fd, open_or_make(here, name, path));
    struct stat st = {};
    if (::fstat(fd.get(), &st) != 0) {
      return fail_errno(errno, str_cat("cannot stat ", path));
    }
    if (st.st_uid != uid_ && st.st_uid != 0) {
      return fail(Code::kInvalid,
                  str_cat(path, " belongs to user ", number_of(st.st_uid), ", not to user ",
                          number_of(uid_), is_last() ? "; remove it, or " : "; ", kElsewhere));
    }
    if (S_ISLNK(st.st_mode)) {
      return follow(fd, path);
    }
    if (!S_ISDIR(st.st_mode)) {
      return fail(Code::kInvalid, str_cat(path, " is not a directory"));
    }
    trail_.push_back(
        {.fd = std::move(fd), .path = std::move(path), .mode = st.st_mode, .owner = st.st_uid});
    return {};
  }

  Result<Fd> open_or_make(const Directory& parent, const std::string& name,
                          const std::string& path) {
    Fd fd(::openat(parent.fd.get(), name.c_str(), kPathOnlyFlags));
    if (fd) {
      return fd;
    }
    if (errno != ENOENT || missing_ == Missing::kFail) {
      return fail_errno(errno, str_cat("cannot open ", path));
    }
    if (::mkdirat(parent.fd.get(), name.c_str(), kPrivate) == 0) {
      // Our umask may have taken more. No other user can have exchanged what we just made.
      ::fchmodat(parent.fd.get(), name.c_str(), kPrivate, 0);
    } else if (errno != EEXIST) {
      return fail_errno(errno, str_cat("cannot create directory ", path));
    }
    fd.reset(::openat(parent.fd.get(), name.c_str(), kPathOnlyFlags));
    if (!fd) {
      return fail_errno(errno, str_cat("cannot open ", path));
    }
    return fd;
  }

  Result<> follow(const Fd& link, const std::string& path) {
    char target[PATH_MAX];
    // The link that was opened and examined, not what its name leads to by now.
    const ssize_t length = ::readlinkat(link.get(), "", target, sizeof target);
    if (length < 0 || length == static_cast<ssize_t>(sizeof target) || ++links_ > kLinksMax) {
      return fail(Code::kInvalid, str_cat("the symlink ", path, " cannot be followed"));
    }
    const std::string_view text(target, static_cast<std::size_t>(length));
    put_before_the_rest(text);
    return is_absolute(text) ? start_at_root() : Result<>{};
  }

  bool is_last() const { return names_.empty(); }

  std::unexpected<Error> refuse_writable(const Directory& directory) const {
    const bool ours = directory.owner == uid_;
    return fail(Code::kInvalid,
                str_cat("others may write to ", directory.path, "; ",
                        ours ? str_cat("run: chmod go-w ", directory.path, ", or ") : std::string(),
                        kElsewhere));
  }

  const std::string& path_;
  const std::uint32_t uid_;
  const Missing missing_;
  std::vector<std::string> names_;  // still to go, the next one last
  std::vector<Directory> trail_;    // from "/" to where we are
  int links_ = 0;
};

Result<> close_to_others(const Fd& directory, const std::string& path, std::uint32_t uid) {
  struct stat st = {};
  if (::fstat(directory.get(), &st) != 0) {
    return fail_errno(errno, str_cat("cannot stat ", path));
  }
  if (st.st_uid != uid) {
    return fail(Code::kInvalid,
                str_cat(path, " belongs to user ", number_of(st.st_uid), ", not to user ",
                        number_of(uid), "; remove it, or ", kElsewhere));
  }
  if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0 &&
      ::fchmodat(directory.get(), ".", kPrivate, 0) != 0) {
    return fail_errno(errno, str_cat("cannot close ", path, " to others"));
  }
  return {};
}

}  // namespace

Result<Fd> open_safe_directory(const std::string& path, std::uint32_t uid, Missing missing) {
  return Walk(path, uid, missing).run();
}

Result<Fd> make_private_directory(const std::string& path, std::uint32_t uid) {
  TRY_ASSIGN(Fd directory, open_safe_directory(path, uid, Missing::kMake));
  TRY(close_to_others(directory, path, uid));
  return directory;
}

Result<> close_own_directory(const std::string& path, std::uint32_t uid) {
  const Fd directory(::open(path.c_str(), kPathOnlyFlags | O_DIRECTORY));
  return directory ? close_to_others(directory, path, uid)
                   : fail_errno(errno, str_cat("cannot open ", path));
}

}  // namespace zc::os
