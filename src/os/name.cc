#include "os/name.h"

#include <limits.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace zc::os {

namespace {

int errno_of(int result) {
  return result == 0 ? 0 : errno;
}

int mode_of(Right right) {
  switch (right) {
    case Right::kRead:
      return R_OK;
    case Right::kWrite:
      return W_OK;
    case Right::kExecute:
      return X_OK;
  }
  return F_OK;
}

}  // namespace

int remove_name(const std::string& path) {
  return errno_of(::unlink(path.c_str()));
}

int rename_to(const std::string& from, const std::string& to) {
  return errno_of(::rename(from.c_str(), to.c_str()));
}

int make_symlink(const std::string& target, const std::string& path) {
  return errno_of(::symlink(target.c_str(), path.c_str()));
}

std::optional<std::string> symlink_target(const std::string& path) {
  std::string out;  // Not on the stack, which the client's caller may have made tiny.
  bool is_whole = false;
  out.resize_and_overwrite(PATH_MAX, [&](char* text, std::size_t size) {
    const ssize_t length = ::readlink(path.c_str(), text, size);
    is_whole = length > 0 && length < static_cast<ssize_t>(size);
    return is_whole ? static_cast<std::size_t>(length) : 0;
  });
  return is_whole ? std::optional(std::move(out)) : std::nullopt;
}

int check_right(const std::string& path, Right right) {
  return errno_of(::access(path.c_str(), mode_of(right)));
}

}  // namespace zc::os
