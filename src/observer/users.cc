// Users and groups: what the C library reads of them in files of its own (or asks a service for),
// and who runs the process.
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>

#include "observer/answer.h"
#include "observer/channel.h"
#include "observer/interpose.h"

namespace zc::observer {

// Entries and results are only passed through; their types do not matter here.
#define ZC_ENTRY(symbol, parameters, arguments) \
  ZC_BEFORE(void*, symbol, parameters, arguments, record_answer, ZC_CALLER, #symbol)
#define ZC_ENTRY_INTO(symbol, parameters, arguments) \
  ZC_BEFORE(int, symbol, parameters, arguments, record_answer, ZC_CALLER, #symbol)
ZC_ENTRY(getpwnam, (const char* name), (name))
ZC_ENTRY(getpwuid, (uid_t id), (id))
ZC_ENTRY(getpwent, (), ())
ZC_ENTRY(getgrnam, (const char* name), (name))
ZC_ENTRY(getgrgid, (gid_t id), (id))
ZC_ENTRY(getgrent, (), ())
ZC_ENTRY_INTO(getpwnam_r,
              (const char* name, void* entry, char* room, std::size_t size, void* result),
              (name, entry, room, size, result))
ZC_ENTRY_INTO(getpwuid_r, (uid_t id, void* entry, char* room, std::size_t size, void* result),
              (id, entry, room, size, result))
ZC_ENTRY_INTO(getpwent_r, (void* entry, char* room, std::size_t size, void* result),
              (entry, room, size, result))
ZC_ENTRY_INTO(getgrnam_r,
              (const char* name, void* entry, char* room, std::size_t size, void* result),
              (name, entry, room, size, result))
ZC_ENTRY_INTO(getgrgid_r, (gid_t id, void* entry, char* room, std::size_t size, void* result),
              (id, entry, room, size, result))
ZC_ENTRY_INTO(getgrent_r, (void* entry, char* room, std::size_t size, void* result),
              (entry, room, size, result))
ZC_ENTRY_INTO(getgrouplist, (const char* user, gid_t group, gid_t* out, int* count),
              (user, group, out, count))
ZC_ENTRY(getlogin, (), ())
ZC_ENTRY_INTO(getlogin_r, (char* out, std::size_t size), (out, size))
ZC_ENTRY_INTO(umask, (mode_t mask), (mask))

#define ZC_IDENTITY(symbol, Result) \
  ZC_BEFORE(Result, symbol, (), (), record_late_answer, ZC_CALLER, #symbol)
#define ZC_PROCESS(symbol, Result) \
  ZC_BEFORE(Result, symbol, (), (), record_process_answer, ZC_CALLER, #symbol)
ZC_IDENTITY(getuid, uid_t)
ZC_IDENTITY(geteuid, uid_t)
ZC_IDENTITY(getgid, gid_t)
ZC_IDENTITY(getegid, gid_t)
ZC_PROCESS(getpid, pid_t)
ZC_PROCESS(getpgrp, pid_t)
ZC_PROCESS(gettid, pid_t)
// A second run has the same parent, the client, so it is told what a process is told whose parent
// has ended.
ZC_INTERPOSE(pid_t, getppid) {
  record_process_answer(ZC_CALLER, "getppid");
  const pid_t parent = ZC_NEXT(getppid)();
  return clock_shift_s() == 0 ? parent : 1;
}
ZC_BEFORE(int, getresuid, (uid_t * real, uid_t* effective, uid_t* saved), (real, effective, saved),
          record_late_answer, ZC_CALLER, "getresuid")
ZC_BEFORE(int, getresgid, (gid_t * real, gid_t* effective, gid_t* saved), (real, effective, saved),
          record_late_answer, ZC_CALLER, "getresgid")
ZC_BEFORE(int, getgroups, (int count, gid_t* out), (count, out), record_late_answer, ZC_CALLER,
          "getgroups")

}  // namespace zc::observer
