#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace zc {

std::unexpected<Error> fail_errno(int err, std::string what) {
  Code code = Code::kIo;
  // ENOTDIR: a component of the path is a plain file, so nothing can be below it.
  if (err == ENOENT || err == ENOTDIR) {
    code = Code::kNotFound;
  } else if (err == ENOSPC || err == EDQUOT) {
    code = Code::kNoSpace;
  }
  what += ": ";
  what += std::strerror(err);  // NOLINT(concurrency-mt-unsafe): both libcs answer from a table.
  return std::unexpected(Error{code, err, std::move(what)});
}

}  // namespace zc
