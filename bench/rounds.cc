// Times real processes in interleaved rounds.
//
//   bench_rounds <rounds> <unrecorded rounds>   < plan
//
// The plan describes the cases, one item per line; `case` starts one:
//
//   case <name>
//   dir <working directory>
//   env <NAME=VALUE>       its whole environment
//   arg <word>             argv, in order; the first is the path of the program
//
// In each round every case runs once, in an order that is drawn for the round: what a case leaves
// in the processor's caches speeds the next one up. Standard streams are /dev/null. For each run it
// prints "<name> <wall ns> <user+system ns>". A case that exits with anything but 0 ends it with
// "<name> failed", because a failed run is not a fast one.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

struct Case {
  std::string name;
  std::string dir = "/";
  std::vector<std::string> env;
  std::vector<std::string> argv;
};

struct Sample {
  long long wall_ns = 0;
  long long cpu_ns = 0;
};

std::vector<Case> read_plan(std::istream& in) {
  std::vector<Case> cases;
  std::string line;
  while (std::getline(in, line)) {
    const auto space = line.find(' ');
    const std::string key = line.substr(0, space);
    const std::string value = space == std::string::npos ? "" : line.substr(space + 1);
    if (key == "case") {
      cases.emplace_back().name = value;
    } else if (cases.empty()) {
      continue;
    } else if (key == "dir") {
      cases.back().dir = value;
    } else if (key == "env") {
      cases.back().env.push_back(value);
    } else if (key == "arg") {
      cases.back().argv.push_back(value);
    }
  }
  return cases;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) {
    out.push_back(word.data());
  }
  out.push_back(nullptr);
  return out;
}

long long now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

long long ns_of(const timeval& time) {
  return time.tv_sec * 1'000'000'000LL + time.tv_usec * 1'000LL;
}

// Everything that a spawn needs is built before the clock starts.
bool run(Case& item, Sample& sample) {
  std::vector<char*> argv = pointers(item.argv);
  std::vector<char*> env = pointers(item.env);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, item.dir.c_str());
  pid_t pid = 0;
  int status = -1;
  rusage usage{};
  const long long start = now_ns();
  const int failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), env.data());
  if (failed == 0) {
    wait4(pid, &status, 0, &usage);
  }
  sample.wall_ns = now_ns() - start;
  sample.cpu_ns = ns_of(usage.ru_utime) + ns_of(usage.ru_stime);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Puts /dev/null on the three standard streams, once for all children, and gives back where the
// report goes.
std::FILE* set_streams_aside() {
  std::FILE* const report = fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), "w");
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3; ++fd) {
    dup2(null, fd);
  }
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Case> cases = read_plan(std::cin);
  if (argc != 3 || cases.empty()) {
    std::fputs("usage: bench_rounds <rounds> <unrecorded rounds> < plan\n", stderr);
    return 2;
  }
  std::FILE* const report = set_streams_aside();
  const int rounds = std::atoi(argv[1]);
  const int unrecorded = std::atoi(argv[2]);
  std::mt19937 draw;  // the same orders each time
  for (int round = -unrecorded; round < rounds; ++round) {
    std::ranges::shuffle(cases, draw);
    for (Case& item : cases) {
      Sample sample;
      if (!run(item, sample)) {
        std::fprintf(report, "%s failed\n", item.name.c_str());
        std::fclose(report);
        return 1;
      }
      if (round >= 0) {
        std::fprintf(report, "%s %lld %lld\n", item.name.c_str(), sample.wall_ns, sample.cpu_ns);
      }
    }
  }
  return std::fclose(report) == 0 ? 0 : 1;
}
