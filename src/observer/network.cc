// The network: kind N. The peer of a socket, also of a local one, may send anything.
#include <sys/socket.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

// Null for other families, and a null name makes no event. A local socket counts once it is
// connected or bound.
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

void record_address(const void* address, std::size_t size) {
  if (address == nullptr || size < sizeof(sa_family_t)) {
    return;
  }
  const sa_family_t family = static_cast<const sockaddr*>(address)->sa_family;
  record_name('N', family == AF_UNIX ? "unix" : network_of(family));
}

}  // namespace

ZC_BEFORE(int, socket, (int family, int type, int protocol), (family, type, protocol), record_name,
          'N', network_of(family))
ZC_BEFORE(int, connect, (int fd, const sockaddr* address, socklen_t size), (fd, address, size),
          record_address, address, size)
// A listening socket serves any process that connects.
ZC_BEFORE(int, bind, (int fd, const sockaddr* address, socklen_t size), (fd, address, size),
          record_address, address, size)
// Without a connection.
ZC_BEFORE(ssize_t, sendto,
          (int fd, const void* bytes, std::size_t size, int flags, const sockaddr* address,
           socklen_t address_size),
          (fd, bytes, size, flags, address, address_size), record_address, address, address_size)
ZC_INTERPOSE(ssize_t, sendmsg, int fd, const msghdr* message, int flags) {
  if (message != nullptr) {
    record_address(message->msg_name, message->msg_namelen);
  }
  return ZC_NEXT(sendmsg)(fd, message, flags);
}
ZC_INTERPOSE(int, sendmmsg, int fd, mmsghdr* messages, unsigned count, int flags) {
  for (unsigned i = 0; messages != nullptr && i < count; ++i) {
    record_address(messages[i].msg_hdr.msg_name, messages[i].msg_hdr.msg_namelen);
  }
  return ZC_NEXT(sendmmsg)(fd, messages, count, flags);
}

// Names and addresses, which the C library requests from servers by itself. Results are only passed
// through; their types do not matter here.
ZC_BEFORE(int, getaddrinfo, (const char* name, const char* service, const void* hints, void* out),
          (name, service, hints, out), record_name, 'N', "inet")
ZC_BEFORE(int, getnameinfo,
          (const void* address, socklen_t size, char* name, socklen_t name_size, char* service,
           socklen_t service_size, int flags),
          (address, size, name, name_size, service, service_size, flags), record_name, 'N', "inet")
ZC_BEFORE(void*, gethostbyname, (const char* name), (name), record_name, 'N', "inet")
ZC_BEFORE(void*, gethostbyname2, (const char* name, int family), (name, family), record_name, 'N',
          "inet")
ZC_BEFORE(void*, gethostbyaddr, (const void* address, socklen_t size, int family),
          (address, size, family), record_name, 'N', "inet")
ZC_BEFORE(int, gethostbyname_r,
          (const char* name, void* out, char* room, std::size_t size, void* result, int* error),
          (name, out, room, size, result, error), record_name, 'N', "inet")
ZC_BEFORE(int, gethostbyname2_r,
          (const char* name, int family, void* out, char* room, std::size_t size, void* result,
           int* error),
          (name, family, out, room, size, result, error), record_name, 'N', "inet")
// NOLINTNEXTLINE(readability-function-size): as many arguments as it has.
ZC_BEFORE(int, gethostbyaddr_r,
          (const void* address, socklen_t address_size, int family, void* out, char* room,
           std::size_t size, void* result, int* error),
          (address, address_size, family, out, room, size, result, error), record_name, 'N', "inet")

}  // namespace zc::observer
