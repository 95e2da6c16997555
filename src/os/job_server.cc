#include "os/job_server.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/str.h"
#include "os/fd.h"
#include "os/file.h"

namespace zc::os {

namespace {

// Linux gives a process at most a quarter of its stack for words and environment.
constexpr std::uint64_t kEnvironmentBytesMax = std::uint64_t{8} << 20;

}  // namespace

std::optional<JobServer> job_server_in(std::string_view makeflags) {
  constexpr std::string_view kJobs = "-j";
  constexpr std::string_view kFifo = "fifo:";
  JobServer out;
  bool is_there = false;
  for (const std::string_view word : split(makeflags, ' ')) {
    if (word == "--") {
      break;  // variables follow
    }
    if (word.starts_with("--jobserver-auth=") || word.starts_with("--jobserver-fds=")) {
      const std::string_view way = word.substr(word.find('=') + 1);
      is_there = true;
      out.fifo = way.starts_with(kFifo) ? way.substr(kFifo.size()) : std::string_view();
    } else if (word.starts_with(kJobs)) {
      out.jobs = parse_u64(word.substr(kJobs.size()));
    }
  }
  return is_there ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<JobServer> job_server_of(std::uint64_t pid) {
  constexpr std::string_view kName = "MAKEFLAGS=";
  const auto environment = read_path(str_cat("/proc/", pid, "/environ"), kEnvironmentBytesMax);
  if (!environment) {
    return std::nullopt;
  }
  const auto variables = split(*environment, '\0');
  const auto flags = std::ranges::find_if(
      variables, [&](std::string_view variable) { return variable.starts_with(kName); });
  return flags == variables.end() ? std::nullopt : job_server_in(flags->substr(kName.size()));
}

std::optional<std::uint64_t> free_jobs(const JobServer& server) {
  struct stat st = {};
  if (server.fifo.empty() || ::stat(server.fifo.c_str(), &st) != 0 || !S_ISFIFO(st.st_mode)) {
    return std::nullopt;
  }
  // What is in there is counted, not taken.
  const Result<Fd> fifo = open_path(server.fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  int bytes = 0;
  if (!fifo || ::ioctl(fifo->get(), FIONREAD, &bytes) != 0 || bytes < 0) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace zc::os
