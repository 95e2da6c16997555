#include "os/listener.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

namespace zc::os {

Result<Fd> accept_connection(int listener) {
  const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) {
    return fail_errno(errno, "cannot accept a connection");
  }
  return Fd(fd);
}

void limit_accepting(int listener, int milliseconds) {
  const timeval time = {.tv_sec = milliseconds / 1000,
                        .tv_usec = static_cast<suseconds_t>(milliseconds % 1000) * 1000};
  ::setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

void refuse_connections(int listener) {
  ::shutdown(listener, SHUT_RDWR);
}

void stop_receiving(int socket) {
  ::shutdown(socket, SHUT_RD);
}

}  // namespace zc::os
