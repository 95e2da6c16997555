#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
int open64(const char* path, int flags, ...) {
  int (*next)(const char*, int, ...) = dlsym(RTLD_NEXT, "open64");
  va_list rest;
  va_start(rest, flags);
  const int mode = va_arg(rest, int);
  va_end(rest);
  const char* name = strrchr(path, '/');
  name = name ? name + 1 : path;
  return next(strcmp(name, "asked") == 0 ? getenv("REDIRECT") : path, flags, mode);
}
