// The client half of `limit`: the least that a hit can cost. One connection, one request of 4 KB,
// one reply with the blobs as descriptors, one copy each. Nothing is parsed, hashed or checked, so
// no cache that keeps the same promises can be faster.
//
//   bench_limit_client <socket> <entry> <output>...
//
// `entry` picks an entry of the daemon's list, whose blobs belong to the outputs in order.
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>

#include "deliver.h"
#include "limit.h"

namespace {

int connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return -1;
  }
  return fd;
}

// The number of blobs, or -1.
int ask(int socket, int entry, int (&blobs)[bench::kBlobsMax]) {
  static bench::LimitRequest request;
  request.entry = entry;
  if (write(socket, &request, sizeof request) != sizeof request) {
    return -1;
  }
  bench::LimitReply reply;
  iovec part{&reply, sizeof reply};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof blobs)];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != sizeof reply || reply.stale != 0) {
    return -1;
  }
  const cmsghdr* first = CMSG_FIRSTHDR(&message);
  if (first == nullptr) {
    return -1;
  }
  const std::size_t bytes = first->cmsg_len - CMSG_LEN(0);
  std::memcpy(blobs, CMSG_DATA(first), bytes);
  return static_cast<int>(bytes / sizeof(int));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    return 2;
  }
  const int socket = connect_to(argv[1]);
  int blobs[bench::kBlobsMax];
  if (socket < 0 || ask(socket, std::atoi(argv[2]), blobs) != argc - 3) {
    return 1;
  }
  for (int i = 3; i < argc; ++i) {
    if (!bench::deliver(blobs[i - 3], argv[i])) {
      return 1;
    }
  }
  return 0;
}
