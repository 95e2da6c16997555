#include "os/program_start.h"

#include <sys/wait.h>

#include <cerrno>

namespace zc::os {

std::vector<char*> exec_vector(const std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (const std::string& word : words) {
    out.push_back(const_cast<char*>(word.c_str()));
  }
  out.push_back(nullptr);
  return out;
}

ChildStatus status_from_wait(int status) {
  if (WIFSIGNALED(status)) {
    return {.signal = WTERMSIG(status)};
  }
  return {.exit_code = WEXITSTATUS(status)};
}

ChildStatus wait_for_child(std::int32_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      return {.exit_code = 1};
    }
  }
  return status_from_wait(status);
}

}  // namespace zc::os
