// The daemon half of `limit`: for each request, one stat per input file and one open per blob.
//
//   bench_limit_daemon <socket> <list>
//
// The list is a text file with one line per item: `entry` starts an entry, `blob <path>` and
// `input <path>` add to it. It prints "ready" once it listens and ends by a signal.
//
// The freshness check is the cheapest that is sound: each directory's path is resolved anew (by
// one stat, which must give the remembered inode), then its files are looked up by descriptor and
// name. One thread serves one connection after the other, so that no hand-over is in the figure.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "limit.h"

namespace {

struct Input {
  std::string name;
  struct stat seen{};
};

struct Directory {
  int fd = -1;
  struct stat seen{};
  std::vector<Input> inputs;
};

struct Entry {
  std::vector<std::string> blobs;
  std::map<std::string, Directory> directories;
};

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec &&
         a.st_ctim.tv_sec == b.st_ctim.tv_sec && a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

bool add_input(Entry& entry, const std::string& path) {
  const auto slash = path.rfind('/');
  Directory& directory = entry.directories[path.substr(0, slash)];
  if (directory.fd < 0) {
    directory.fd = open(path.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory.fd < 0 || fstat(directory.fd, &directory.seen) != 0) {
      return false;
    }
  }
  Input input{path.substr(slash + 1)};
  if (fstatat(directory.fd, input.name.c_str(), &input.seen, 0) != 0) {
    return false;
  }
  directory.inputs.push_back(std::move(input));
  return true;
}

bool read_list(const char* path, std::vector<Entry>& entries) {
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    if (line == "entry") {
      entries.emplace_back();
    } else if (line.starts_with("blob ")) {
      entries.back().blobs.push_back(line.substr(5));
    } else if (!line.starts_with("input ") || !add_input(entries.back(), line.substr(6))) {
      std::fprintf(stderr, "bad line: %s\n", line.c_str());
      return false;
    }
  }
  return !entries.empty();
}

bool holds(const Entry& entry) {
  struct stat now{};
  for (const auto& [path, directory] : entry.directories) {
    if (stat(path.c_str(), &now) != 0 || now.st_ino != directory.seen.st_ino ||
        now.st_dev != directory.seen.st_dev) {
      return false;
    }
    for (const Input& input : directory.inputs) {
      if (fstatat(directory.fd, input.name.c_str(), &now, 0) != 0 || !same_file(now, input.seen)) {
        return false;
      }
    }
  }
  return true;
}

void answer(int client, const Entry& entry) {
  bench::LimitReply reply;
  std::vector<int> fds;
  reply.stale = holds(entry) ? 0 : 1;
  for (const std::string& blob : entry.blobs) {
    fds.push_back(open(blob.c_str(), O_RDONLY | O_CLOEXEC));
  }
  iovec part{&reply, sizeof reply};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * bench::kBlobsMax)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
  cmsghdr* const first = CMSG_FIRSTHDR(&message);
  first->cmsg_level = SOL_SOCKET;
  first->cmsg_type = SCM_RIGHTS;
  first->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
  std::memcpy(CMSG_DATA(first), fds.data(), sizeof(int) * fds.size());
  sendmsg(client, &message, MSG_NOSIGNAL);
  for (const int fd : fds) {
    close(fd);
  }
}

int listen_at(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 64) != 0) {
    return -1;
  }
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Entry> entries;
  if (argc != 3 || !read_list(argv[2], entries)) {
    return 2;
  }
  const int listener = listen_at(argv[1]);
  if (listener < 0) {
    std::perror("listen");
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  while (true) {
    const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    bench::LimitRequest request;
    if (client < 0) {
      continue;
    }
    if (recv(client, &request, sizeof request, MSG_WAITALL) == sizeof request &&
        static_cast<std::size_t>(request.entry) < entries.size()) {
      answer(client, entries[static_cast<std::size_t>(request.entry)]);
    }
    close(client);
  }
}
