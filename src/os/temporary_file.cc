#include "os/temporary_file.h"

#include <fcntl.h>

#include "os/file.h"
#include "os/name.h"

namespace zc::os {

Result<TemporaryFile> TemporaryFile::create(const std::string& path, std::uint32_t permissions) {
  TRY_ASSIGN(Fd fd, open_path(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, permissions));
  return TemporaryFile(path, std::move(fd));
}

TemporaryFile::~TemporaryFile() {
  if (fd_.valid() && !path_.empty()) {
    remove_name(path_);
  }
}

int TemporaryFile::move_to(const std::string& path) {
  const int err = rename_to(path_, path);
  if (err == 0) {
    path_.clear();
  }
  return err;
}

}  // namespace zc::os
