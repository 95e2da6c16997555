#include "os/name.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>

namespace zc::os {

namespace {

int errno_of(int result) {
  return result == 0 ? 0 : errno;
}

constexpr std::array kModes = {R_OK, W_OK, X_OK};  // by the number of a Right

}  // namespace

int remove_name(const std::string& path) {
  return errno_of(::unlink(path.c_str()));
}

int make_directory(const std::string& path, std::uint32_t permissions) {
  return errno_of(::mkdir(path.c_str(), permissions));
}

int remove_directory(const std::string& path) {
  return errno_of(::rmdir(path.c_str()));
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
  return errno_of(::access(path.c_str(), kModes[static_cast<std::size_t>(right)]));
}

}  // namespace zc::os
