#include "os/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/limits.h"
#include "base/str.h"
#include "os/clock.h"

namespace zc::os {

namespace {

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return fail(Code::kInvalid, str_cat("socket path is empty or longer than ",
                                        sizeof address.sun_path - 1, " bytes: ", path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Result<Fd> new_socket(int flags) {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (!fd) {
    return fail_errno(errno, "cannot create a socket");
  }
  return fd;
}

}  // namespace

Result<Fd> connect_unix(const std::string& path) {
  TRY_ASSIGN(const sockaddr_un address, address_of(path));
  // A blocking one waits in connect() while the backlog is full, without any limit.
  TRY_ASSIGN(Fd fd, new_socket(SOCK_NONBLOCK));
  while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EINTR) {
      continue;
    }
    if (errno == ECONNREFUSED) {
      return fail(Code::kUnavailable, str_cat("nobody listens on ", path), errno);
    }
    if (errno == EAGAIN) {
      return fail(Code::kTimeout, str_cat("too many clients wait for ", path), errno);
    }
    return fail_errno(errno, str_cat("cannot connect to ", path));
  }
  return fd;
}

Result<Fd> listen_unix(const std::string& path) {
  TRY_ASSIGN(const sockaddr_un address, address_of(path));
  TRY_ASSIGN(Fd fd, new_socket(0));
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_errno(errno, str_cat("cannot bind ", path));
  }
  if (::chmod(path.c_str(), 0600) != 0 || ::listen(fd.get(), SOMAXCONN) != 0) {
    return fail_errno(errno, str_cat("cannot listen on ", path));
  }
  return fd;
}

Result<Peer> peer_of(int socket) {
  ucred cred = {};
  socklen_t size = sizeof cred;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &cred, &size) != 0) {
    return fail_errno(errno, "cannot ask who the peer is");
  }
  return Peer{.uid = cred.uid, .pid = cred.pid};
}

namespace {

// Room for the descriptors of one frame. The kernel closes those that do not fit.
union ControlBuffer {
  cmsghdr header;  // for alignment
  char bytes[CMSG_SPACE(sizeof(int) * limits::kFrameFdsMax)];
};

void attach_fds(msghdr& message, ControlBuffer& control, std::span<const int> fds) {
  message.msg_control = control.bytes;
  // The lengths are size_t in glibc and socklen_t in musl.
  using Length = decltype(message.msg_controllen);
  message.msg_controllen = static_cast<Length>(CMSG_SPACE(sizeof(int) * fds.size()));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = static_cast<Length>(CMSG_LEN(sizeof(int) * fds.size()));
  std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * fds.size());
}

void collect_fds(msghdr& message, std::vector<Fd>& fds) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
      fds.emplace_back(fd);
    }
  }
}

// False after `timeout_ms`.
bool wait_for_event(int socket, short event, int timeout_ms) {
  pollfd waiting = {.fd = socket, .events = event, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready != 0;
}

}  // namespace

Result<> send_bytes(int socket, std::string_view bytes, std::span<const int> fds, int timeout_ms) {
  if (fds.size() > limits::kFrameFdsMax) {
    return fail(Code::kInvalid, "too many descriptors for one message");
  }
  ControlBuffer control;
  std::optional<Deadline> deadline;  // from the first time that we must wait
  while (!bytes.empty()) {
    iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
      attach_fds(message, control, fds);
    }
    // A socket that was accepted would block, one that has connected would not: the limit holds for
    // both.
    const ssize_t n = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EPIPE || errno == ECONNRESET) {
        return fail(Code::kUnavailable, "the peer has closed the connection", errno);
      }
      if (errno == EAGAIN) {
        if (!deadline) {
          deadline.emplace(timeout_ms);
        }
        if (deadline->passed() || !wait_for_event(socket, POLLOUT, deadline->left_ms())) {
          return fail(Code::kTimeout, "the peer does not read", EAGAIN);
        }
        continue;
      }
      return fail_errno(errno, "cannot send");
    }
    // They have gone with the first byte.
    fds = {};
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

bool wait_for_bytes(int socket, int timeout_ms) {
  return wait_for_event(socket, POLLIN, timeout_ms);
}

Result<std::size_t> peek_bytes(int socket, char* buffer, std::size_t bytes_max) {
  const ssize_t n = ::recv(socket, buffer, bytes_max, MSG_PEEK | MSG_DONTWAIT);
  if (n < 0 && errno != EAGAIN && errno != EINTR) {
    return fail_errno(errno, "cannot receive");
  }
  return n < 0 ? 0 : static_cast<std::size_t>(n);
}

Result<std::size_t> receive_bytes(int socket, char* buffer, std::size_t bytes_max,
                                  std::vector<Fd>& fds, int timeout_ms) {
  ControlBuffer control;
  while (true) {
    iovec part = {buffer, bytes_max};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EAGAIN) {
        if (!wait_for_bytes(socket, timeout_ms)) {
          return fail(Code::kTimeout, "no answer in time");
        }
        continue;
      }
      // The peer has closed its end without having read everything: the stream has ended.
      if (errno == ECONNRESET) {
        return 0;
      }
      return fail_errno(errno, "cannot receive");
    }
    collect_fds(message, fds);
    return static_cast<std::size_t>(n);
  }
}

}  // namespace zc::os
