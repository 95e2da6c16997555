// FileAttributes: what stays of a file that is rewritten in place, and not of one that another file
// takes the place of.
//
// Thread: any. Paths are resolved by the kernel; a symlink in the last component is not followed.
#pragma once

#include <cstdint>
#include <string>

namespace zc::os {

struct FileAttributes {
  std::uint32_t mode = 0;  // kind and permissions
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::uint32_t names = 0;          // hard links
  std::int64_t extended_bytes = 0;  // of the names of its extended attributes, an ACL among them

  bool is_regular() const;
  std::uint32_t permissions() const { return mode & 07777; }
  // But for the names: a file that is being made may not have one yet.
  bool same_but_for_names(const FileAttributes& o) const {
    return mode == o.mode && user == o.user && group == o.group &&
           extended_bytes == o.extended_bytes;
  }
};

// Return 0 or an errno value.
int attributes_at(const std::string& path, FileAttributes& out);
int attributes_of_open(int fd, FileAttributes& out);

}  // namespace zc::os
