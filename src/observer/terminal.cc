// Terminals: kinds G and J. Late code may ask for anything; of other code it counts only where
// there is a terminal: the client captures the streams of what it runs.
#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>

#include <cstdarg>

#include "observer/answer.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

void record_terminal(const void* caller, const char* name, bool is_one) {
  if (is_one) {
    record_answer(caller, name);
  } else {
    record_late_answer(caller, name);
  }
}

// Flags and the like of a file, from <linux/fs.h>: FS_IOC_GETFLAGS, _GETVERSION, _FSGETXATTR. (A
// clone copies from one open file to another; if it cannot, programs read and write.)
bool is_about_attributes(unsigned long request) {
  return request == 0x80086601 || request == 0x80087601 || request == 0x801c581f;
}

}  // namespace

ZC_INTERPOSE(int, isatty, int fd) {
  const int result = ZC_NEXT(isatty)(fd);
  record_terminal(ZC_CALLER, "isatty", result == 1);
  return result;
}
ZC_INTERPOSE(int, tcgetattr, int fd, void* out) {
  const int result = ZC_NEXT(tcgetattr)(fd, out);
  record_terminal(ZC_CALLER, "tcgetattr", result == 0);
  return result;
}
ZC_INTERPOSE(char*, ttyname, int fd) {
  char* const result = ZC_NEXT(ttyname)(fd);
  record_terminal(ZC_CALLER, "ttyname", result != nullptr);
  return result;
}
ZC_INTERPOSE(int, ttyname_r, int fd, char* out, size_t size) {
  const int result = ZC_NEXT(ttyname_r)(fd, out, size);
  record_terminal(ZC_CALLER, "ttyname_r", result == 0);
  return result;
}
// A request without an argument gets one that is arbitrary, and ignored.
ZC_INTERPOSE(int, ioctl, int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  if (is_about_attributes(request)) {
    record_name('!', "ioctl");
  }
  const int result = ZC_NEXT(ioctl)(fd, request, argument);
  if (request == TIOCGWINSZ || request == TCGETS) {
    record_terminal(ZC_CALLER, "ioctl", result == 0);
  }
  return result;
}

}  // namespace zc::observer
