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

void record_network(const char* network) {
  Event record;
  record.name(network);
  record.write('N', 0);
}

void record_address(const void* address, std::size_t size) {
  if (address == nullptr || size < sizeof(sa_family_t)) {
    return;
  }
  const sa_family_t family = static_cast<const sockaddr*>(address)->sa_family;
  record_network(family == AF_UNIX ? "unix" : network_of(family));
}

}  // namespace

ZC_INTERPOSE(int, socket, int family, int type, int protocol) {
  record_network(network_of(family));
  return ZC_NEXT(socket)(family, type, protocol);
}

ZC_INTERPOSE(int, connect, int fd, const sockaddr* address, socklen_t size) {
  record_address(address, size);
  return ZC_NEXT(connect)(fd, address, size);
}
// A listening socket serves any process that connects.
ZC_INTERPOSE(int, bind, int fd, const sockaddr* address, socklen_t size) {
  record_address(address, size);
  return ZC_NEXT(bind)(fd, address, size);
}

// Without a connection.
ZC_INTERPOSE(ssize_t, sendto, int fd, const void* bytes, std::size_t size, int flags,
             const sockaddr* address, socklen_t address_size) {
  record_address(address, address_size);
  return ZC_NEXT(sendto)(fd, bytes, size, flags, address, address_size);
}
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
ZC_INTERPOSE(int, getaddrinfo, const char* name, const char* service, const void* hints,
             void* out) {
  record_network("inet");
  return ZC_NEXT(getaddrinfo)(name, service, hints, out);
}
ZC_INTERPOSE(int, getnameinfo, const void* address, socklen_t size, char* name, socklen_t name_size,
             char* service, socklen_t service_size, int flags) {
  record_network("inet");
  return ZC_NEXT(getnameinfo)(address, size, name, name_size, service, service_size, flags);
}
ZC_INTERPOSE(void*, gethostbyname, const char* name) {
  record_network("inet");
  return ZC_NEXT(gethostbyname)(name);
}
ZC_INTERPOSE(void*, gethostbyname2, const char* name, int family) {
  record_network("inet");
  return ZC_NEXT(gethostbyname2)(name, family);
}
ZC_INTERPOSE(void*, gethostbyaddr, const void* address, socklen_t size, int family) {
  record_network("inet");
  return ZC_NEXT(gethostbyaddr)(address, size, family);
}
ZC_INTERPOSE(int, gethostbyname_r, const char* name, void* out, char* room, std::size_t size,
             void* result, int* error) {
  record_network("inet");
  return ZC_NEXT(gethostbyname_r)(name, out, room, size, result, error);
}
ZC_INTERPOSE(int, gethostbyname2_r, const char* name, int family, void* out, char* room,
             std::size_t size, void* result, int* error) {
  record_network("inet");
  return ZC_NEXT(gethostbyname2_r)(name, family, out, room, size, result, error);
}
// NOLINTNEXTLINE(readability-function-size): as many arguments as it has.
ZC_INTERPOSE(int, gethostbyaddr_r, const void* address, socklen_t address_size, int family,
             void* out, char* room, std::size_t size, void* result, int* error) {
  record_network("inet");
  return ZC_NEXT(gethostbyaddr_r)(address, address_size, family, out, room, size, result, error);
}

}  // namespace zc::observer
