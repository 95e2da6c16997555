// Files that are changed without being opened: their permissions, owner, times, size, attributes.
// Such a call makes the old file count as removed (kind U) and another one as written (kind W), so
// that a file which the run did not make itself counts as removed, even if the run removes it
// later.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/kept_files.h"
#include "observer/kernel.h"
#include "observer/open_kind.h"

namespace zc::observer {

namespace {

// `record` is about the path already: the call may change what the path means. The first two events
// carry the error of the call.
template <class Call>
int changed(Event& record, WayToWrite way, Call call) {
  const int result = call();
  record.write('U', error_of(result));
  record.write('W', error_of(result));
  if (result == 0) {
    record.write('I', static_cast<int>(way));
  }
  return result;
}

template <class Call>
int changed_descriptor(WayToWrite way, int fd, Call call) {
  Event record;
  record.descriptor(fd);
  return changed(record, way, call);
}

// Without a path, or with an empty one that is allowed, the call concerns the descriptor itself.
template <class Call>
int changed_at(WayToWrite way, int directory, const char* path, int flags, Call call) {
  const bool is_itself = path == nullptr || ((flags & AT_EMPTY_PATH) != 0 && *path == '\0');
  if (is_itself && directory != AT_FDCWD) {
    return changed_descriptor(way, directory, call);
  }
  Event record;
  record.path(directory, path);
  const bool is_refused = is_kept(directory, path, LastLink::kFollow);
  return changed(record, way, [&] { return unless(is_refused, call); });
}

template <class Call>
int changed_path(WayToWrite way, const char* path, Call call) {
  return changed_at(way, AT_FDCWD, path, 0, call);
}

// Without times, the file gets the present one (utime(2), utimensat(2)).
WayToWrite way_of_times(const void* times) {
  return times == nullptr ? WayToWrite::kInto : WayToWrite::kAttributes;
}
WayToWrite way_of_times(const struct timespec* times) {
  const bool is_now =
      times == nullptr || (times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW);
  return is_now ? WayToWrite::kInto : WayToWrite::kAttributes;
}

// An owner that the file has already is no other one: LLVM's tools give their output that of what
// they have read.
WayToWrite way_of_owner(const struct stat& file, uid_t user, gid_t group) {
  constexpr auto kSameUser = static_cast<uid_t>(-1);
  constexpr auto kSameGroup = static_cast<gid_t>(-1);
  const bool stays =
      (user == kSameUser || user == file.st_uid) && (group == kSameGroup || group == file.st_gid);
  return stays ? WayToWrite::kInto : WayToWrite::kAttributes;
}
WayToWrite way_of_owner_of_open(int fd, uid_t user, gid_t group) {
  struct stat file = {};
  return kernel::stat(fd, file) ? way_of_owner(file, user, group) : WayToWrite::kAttributes;
}
WayToWrite way_of_owner_at(int directory, const char* path, int flags, uid_t user, gid_t group) {
  struct stat file = {};
  return kernel::stat_at(directory, path, flags, file) ? way_of_owner(file, user, group)
                                                       : WayToWrite::kAttributes;
}

}  // namespace

ZC_AROUND(int, chmod, (const char* path, mode_t mode), (path, mode), changed_path,
          WayToWrite::kMode, path)
ZC_AROUND(int, lchmod, (const char* path, mode_t mode), (path, mode), changed_path,
          WayToWrite::kMode, path)
ZC_AROUND(int, fchmod, (int fd, mode_t mode), (fd, mode), changed_descriptor, WayToWrite::kMode, fd)
ZC_AROUND(int, fchmodat, (int directory, const char* path, mode_t mode, int flags),
          (directory, path, mode, flags), changed_at, WayToWrite::kMode, directory, path, flags)
ZC_AROUND(int, chown, (const char* path, uid_t user, gid_t group), (path, user, group),
          changed_path, way_of_owner_at(AT_FDCWD, path, 0, user, group), path)
ZC_AROUND(int, lchown, (const char* path, uid_t user, gid_t group), (path, user, group),
          changed_path, way_of_owner_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, user, group), path)
ZC_AROUND(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), changed_descriptor,
          way_of_owner_of_open(fd, user, group), fd)
ZC_AROUND(int, fchownat, (int directory, const char* path, uid_t user, gid_t group, int flags),
          (directory, path, user, group, flags), changed_at,
          way_of_owner_at(directory, path, flags, user, group), directory, path, flags)

// The forms of the older times do not matter here.
ZC_AROUND(int, utime, (const char* path, const void* times), (path, times), changed_path,
          way_of_times(times), path)
ZC_AROUND(int, utimes, (const char* path, const void* times), (path, times), changed_path,
          way_of_times(times), path)
ZC_AROUND(int, lutimes, (const char* path, const void* times), (path, times), changed_path,
          way_of_times(times), path)
ZC_AROUND(int, futimes, (int fd, const void* times), (fd, times), changed_descriptor,
          way_of_times(times), fd)
ZC_AROUND(int, futimens, (int fd, const struct timespec* times), (fd, times), changed_descriptor,
          way_of_times(times), fd)
ZC_AROUND(int, futimesat, (int directory, const char* path, const void* times),
          (directory, path, times), changed_at, way_of_times(times), directory, path, 0)
ZC_AROUND(int, utimensat,
          (int directory, const char* path, const struct timespec* times, int flags),
          (directory, path, times, flags), changed_at, way_of_times(times), directory, path, flags)

ZC_AROUND(int, truncate, (const char* path, off_t size), (path, size), changed_path,
          WayToWrite::kInto, path)
ZC_AROUND(int, truncate64, (const char* path, off_t size), (path, size), changed_path,
          WayToWrite::kInto, path)

ZC_AROUND(int, setxattr,
          (const char* path, const char* name, const void* value, std::size_t size, int flags),
          (path, name, value, size, flags), changed_path, WayToWrite::kAttributes, path)
ZC_AROUND(int, lsetxattr,
          (const char* path, const char* name, const void* value, std::size_t size, int flags),
          (path, name, value, size, flags), changed_path, WayToWrite::kAttributes, path)
ZC_AROUND(int, removexattr, (const char* path, const char* name), (path, name), changed_path,
          WayToWrite::kAttributes, path)
ZC_AROUND(int, lremovexattr, (const char* path, const char* name), (path, name), changed_path,
          WayToWrite::kAttributes, path)
ZC_AROUND(int, fsetxattr,
          (int fd, const char* name, const void* value, std::size_t size, int flags),
          (fd, name, value, size, flags), changed_descriptor, WayToWrite::kAttributes, fd)
ZC_AROUND(int, fremovexattr, (int fd, const char* name), (fd, name), changed_descriptor,
          WayToWrite::kAttributes, fd)

}  // namespace zc::observer
