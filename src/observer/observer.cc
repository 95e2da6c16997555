// The observer: a library that is preloaded into a compiler and everything it starts, and tells the
// client what they looked at. What it tells is in docs/formats/observation.md.
//
// It never changes what a program does: each interposed function calls the original with the same
// arguments and gives back its result and errno. It works in programs of many threads, in signal
// handlers, between vfork and exec, and before main; it has no state that needs a lock and never
// allocates.
//
// This file: life of a process, its environment, what it loads, and the network. The others:
// opened_files, looked_at_paths, listed_directories, started_programs.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <cstring>

#include "observer/channel.h"
#include "observer/described_process.h"
#include "observer/interpose.h"
#include "observer/record.h"

namespace zc::observer {

namespace {

[[gnu::constructor]] void on_load() {
  find_all_originals();
  (void)is_observing();
}

[[gnu::destructor]] void on_exit() {
  tell_all_objects();
}

// Out of line, and with nothing left to do for the caller, which then jumps to the original: dlopen
// must see who called.
[[gnu::noinline]] void record_dlopen(const char* path) {
  if (path == nullptr || !is_observing()) {
    return;
  }
  Record record;
  if (std::strchr(path, '/') != nullptr) {
    record.path(AT_FDCWD, path);
  } else {
    record.name(path);
  }
  record.write('D', 0);
  expect_new_objects();
}

const char* network_of(int family) {
  switch (family) {
    case AF_INET:
      return "inet";
    case AF_INET6:
      return "inet6";
    default:
      return nullptr;
  }
}

void record_network(const char* network) {
  Record record;
  record.name(network);
  record.write('N', 0);
}

}  // namespace

ZC_INTERPOSE(void*, dlopen, const char* path, int mode) {
  record_dlopen(path);
  return ZC_NEXT(dlopen)(path, mode);
}
ZC_INTERPOSE(void*, dlmopen, Lmid_t space, const char* path, int mode) {
  record_dlopen(path);
  return ZC_NEXT(dlmopen)(space, path, mode);
}

// These run no destructors.
ZC_INTERPOSE(void, _exit, int status) {
  tell_new_objects();
  ZC_NEXT(_exit)(status);
}
ZC_INTERPOSE(void, _Exit, int status) {
  tell_new_objects();
  ZC_NEXT(_Exit)(status);
}

#define ZC_GETENV(symbol)                             \
  ZC_INTERPOSE(char*, symbol, const char* name) {     \
    char* const value = ZC_NEXT(symbol)(name);        \
    Record record;                                    \
    record.name(name);                                \
    record.write('E', value == nullptr ? ENOENT : 0); \
    return value;                                     \
  }
ZC_GETENV(getenv)
ZC_GETENV(secure_getenv)

ZC_INTERPOSE(int, socket, int family, int type, int protocol) {
  record_network(network_of(family));
  return ZC_NEXT(socket)(family, type, protocol);
}
// Somebody at the other end of a local socket may tell anything as well.
ZC_INTERPOSE(int, connect, int fd, const sockaddr* address, socklen_t size) {
  if (address != nullptr && size >= sizeof(sa_family_t)) {
    record_network(address->sa_family == AF_UNIX ? "unix" : network_of(address->sa_family));
  }
  return ZC_NEXT(connect)(fd, address, size);
}

}  // namespace zc::observer
