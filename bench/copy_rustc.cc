// A rustc wrapper that only copies: what a warm cargo build costs when its cache is free.
//
//   COPY_FROM=<directory> RUSTC_WRAPPER=bench_copy_rustc cargo build
//   COPY_TO=<directory>   RUSTC_WRAPPER=bench_copy_rustc cargo build      makes the directory
//
// For each command the directory has a directory of its own, named by a hash of the words that do
// not name a place: its outputs, and its messages as `out` and `err`. With COPY_FROM they are
// copied to --out-dir and said again; when there are none, rustc runs. With COPY_TO rustc runs, and
// its outputs (files in --out-dir that belong to this crate) and messages are kept.
#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "deliver.h"

namespace {

struct Command {
  std::string out_dir;
  std::string crate;  // name and extra-filename
  std::uint64_t hash = 0xcbf29ce484222325U;
};

void add(std::uint64_t& hash, std::string_view word) {
  for (const char c : word) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
}

Command read(int argc, char** argv) {
  Command out;
  std::string extra;
  for (int i = 2; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view before = argv[i - 1];
    if (before == "--out-dir") {
      out.out_dir = word;
    } else if (before == "--crate-name") {
      out.crate = word;
    }
    if (word.starts_with("extra-filename=")) {
      extra = word.substr(15);
    }
    if (word.find('/') == std::string_view::npos) {
      add(out.hash, word);
    }
  }
  out.crate += extra;
  return out;
}

std::string directory_of(const char* root, const Command& command) {
  char name[32];
  std::snprintf(name, sizeof name, "/%016llx/", static_cast<unsigned long long>(command.hash));
  return std::string(root) + name;
}

bool copy_file(const std::string& from, const std::string& to) {
  const int fd = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat st = {};
  if (fd < 0 || fstat(fd, &st) != 0 || !bench::deliver(fd, to.c_str())) {
    return false;
  }
  close(fd);
  return (st.st_mode & 0100) == 0 || chmod(to.c_str(), 0777) == 0;
}

void say(const std::string& file, int to) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  char part[65536];
  for (ssize_t n = 0; fd >= 0 && (n = ::read(fd, part, sizeof part)) > 0;) {
    (void)!write(to, part, static_cast<std::size_t>(n));
  }
}

template <class Visit>
bool each_file(const std::string& directory, Visit visit) {
  DIR* dir = opendir(directory.c_str());
  if (dir == nullptr) {
    return false;
  }
  bool done = true;
  while (const dirent* entry = readdir(dir)) {
    if (entry->d_name[0] != '.') {
      done = visit(std::string(entry->d_name)) && done;
    }
  }
  closedir(dir);
  return done;
}

bool bring(const char* root, const Command& command) {
  const std::string directory = directory_of(root, command);
  const bool done = each_file(directory, [&](const std::string& name) {
    return name == "out" || name == "err" ||
           copy_file(directory + name, command.out_dir + "/" + name);
  });
  if (done) {
    say(directory + "out", 1);
    say(directory + "err", 2);
  }
  return done;
}

// "libitoa-12ab.rmeta", "itoa-12ab.d" and "itoa-12ab" belong to itoa-12ab.
bool belongs(std::string_view name, std::string_view crate) {
  name.remove_prefix(name.starts_with("lib") && name.substr(3).starts_with(crate) ? 3 : 0);
  return name.starts_with(crate) && (name.size() == crate.size() || name[crate.size()] == '.');
}

int run_and_keep(char** argv, const char* root, const Command& command) {
  const std::string directory = directory_of(root, command);
  mkdir(root, 0755);
  mkdir(directory.c_str(), 0755);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(open((directory + "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
    dup2(open((directory + "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  int status = 1;
  waitpid(pid, &status, 0);
  say(directory + "out", 1);
  say(directory + "err", 2);
  if (status != 0) {
    unlink((directory + "out").c_str());
    unlink((directory + "err").c_str());
    rmdir(directory.c_str());
    return 1;
  }
  if (!command.out_dir.empty()) {
    each_file(command.out_dir, [&](const std::string& name) {
      return !belongs(name, command.crate) ||
             copy_file(command.out_dir + "/" + name, directory + name);
    });
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    return 2;
  }
  const Command command = read(argc, argv);
  if (const char* root = std::getenv("COPY_TO")) {
    return run_and_keep(argv, root, command);
  }
  const char* root = std::getenv("COPY_FROM");
  if (root != nullptr && bring(root, command)) {
    return 0;
  }
  execvp(argv[1], argv + 1);
  return 127;
}
