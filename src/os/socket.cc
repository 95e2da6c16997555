#include "os/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/limits.h"
#include "base/str.h"

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

Result<Fd> new_socket() {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    return fail_errno(errno, "cannot create a socket");
  }
  return fd;
}

}  // namespace

Result<Fd> connect_unix(const std::string& path) {
  TRY_ASSIGN(const sockaddr_un address, address_of(path));
  TRY_ASSIGN(Fd fd, new_socket());
  while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EINTR) {
      continue;
    }
    if (errno == ECONNREFUSED || errno == EAGAIN) {
      return fail(Code::kUnavailable, str_cat("nobody listens on ", path), errno);
    }
    return fail_errno(errno, str_cat("cannot connect to ", path));
  }
  return fd;
}

Result<Fd> listen_unix(const std::string& path) {
  TRY_ASSIGN(const sockaddr_un address, address_of(path));
  TRY_ASSIGN(Fd fd, new_socket());
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

}  // namespace

Result<> send_bytes(int socket, std::string_view bytes, std::span<const int> fds) {
  if (fds.size() > limits::kFrameFdsMax) {
    return fail(Code::kInvalid, "too many descriptors for one message");
  }
  ControlBuffer control;
  while (!bytes.empty()) {
    iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
      attach_fds(message, control, fds);
    }
    const ssize_t n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EPIPE || errno == ECONNRESET) {
        return fail(Code::kUnavailable, "the peer has closed the connection", errno);
      }
      if (errno == EAGAIN) {
        return fail(Code::kTimeout, "the peer does not read", errno);
      }
      return fail_errno(errno, "cannot send");
    }
    fds = {};
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<std::size_t> receive_bytes(int socket, char* buffer, std::size_t bytes_max,
                                  std::vector<Fd>& fds, int timeout_ms) {
  ControlBuffer control;
  if (timeout_ms >= 0) {
    pollfd waiting = {.fd = socket, .events = POLLIN, .revents = 0};
    int ready = 0;
    do {
      ready = ::poll(&waiting, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) {
      return fail(Code::kTimeout, "no answer in time");
    }
  }
  while (true) {
    iovec part = {buffer, bytes_max};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    const ssize_t n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (n < 0) {
      if (errno == EINTR) {
        continue;
      }
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
