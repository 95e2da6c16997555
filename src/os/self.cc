#include "os/self.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "os/file.h"
#include "os/process.h"

extern "C" char** environ;
// By the linker: the header of our program's file, as it is in memory.
extern "C" const Elf64_Ehdr kOwnHeader __asm__("__ehdr_start")
    __attribute__((visibility("hidden")));

namespace zc::os {

namespace {

constexpr const char* kOwnProgram = "/proc/self/exe";

}  // namespace

std::int32_t process_id() {
  return ::getpid();
}

std::uint32_t user_id() {
  return ::geteuid();
}

char** environment() {
  return environ;
}

Result<std::string> working_directory() {
  char buffer[PATH_MAX];
  if (::getcwd(buffer, sizeof buffer) == nullptr) {
    return fail_errno(errno, "cannot tell the working directory");
  }
  return std::string(buffer);
}

bool enter_directory(const std::string& path) {
  return ::chdir(path.c_str()) == 0;
}

Result<std::string> own_path() {
  // Not by our number, by which another /proc than that of our pid namespace has another process.
  return executable_behind(kOwnProgram);
}

Result<Fd> open_own_program() {
  return open_file(kOwnProgram, Open::kRead);
}

bool begins_as_own_program(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  char header[sizeof kOwnHeader];
  return !fd || (::read(fd.get(), header, sizeof header) == ssize_t{sizeof header} &&
                 std::memcmp(header, &kOwnHeader, sizeof header) == 0);
}

int stamp_own_program(FileStamp& out) {
  return stamp_at(kHere, kOwnProgram, LastLink::kFollow, out);
}

void name_process(const char* name) {
  ::prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL);
}

std::uint32_t file_mode_mask() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

void keep_new_files_private() {
  ::umask(S_IRWXG | S_IRWXO);
}

int become_program(const char* path, char* const* args) {
  ::execv(path, args);
  return errno;
}

int become_named_program(const char* name, char* const* args) {
  ::execvp(name, args);
  return errno;
}

}  // namespace zc::os
