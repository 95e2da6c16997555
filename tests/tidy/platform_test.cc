// Where the platform may show: the seam at which others than Linux will be cut.
#include <algorithm>
#include <array>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using ::testing::IsEmpty;
using Findings = std::vector<std::string>;

// Headers of POSIX, Linux and their C libraries. <time.h> and <signal.h> are of C as well, but what
// is worth having of them is not.
const std::regex& platform_headers() {
  static const std::regex headers(
      "(arpa|asm|linux|net|netinet|sys)/.*|"
      "(aio|alloca|byteswap|csignal|ctime|dirent|dlfcn|elf|endian|err|error|execinfo|fcntl|"
      "features|"
      "fnmatch|fts|ftw|getopt|glob|grp|iconv|ifaddrs|langinfo|libgen|link|malloc|mntent|mqueue|"
      "netdb|nl_types|poll|pthread|pty|pwd|sched|semaphore|signal|spawn|strings|syscall|syslog|"
      "termios|time|ucontext|unistd|utime|utmp|wait|wordexp)(\\.h)?");
  return headers;
}

bool includes_platform(const std::string& line) {
  // Our own headers have such names as well, but behind that of their directory.
  return line.find('<') != std::string::npos &&
         std::regex_match(included_name(line), platform_headers());
}

// What knows the platform: our own layer for it, what lives inside other programs, and what reads
// their files.
bool may_know_platform(const SourceFile& file) {
  static constexpr std::array<std::string_view, 3> kLayers = {"os", "observer", "binary"};
  return file.layer().empty() || std::ranges::find(kLayers, file.layer()) != kLayers.end() ||
         file.is_test() || file.path.ends_with("_fixture.h");
}

TEST(Platform, ItsHeadersAreIncludedInFewPlaces) {
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (may_know_platform(file)) {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (includes_platform(file.lines[i])) {
        findings.push_back(finding(file, i, "ask src/os instead: " + file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

// Else its users would depend on the platform, by what they name or by what they get along with it.
TEST(Platform, HeadersOfOsNameNothingOfIt) {
  const std::regex names(
      "\\b(blkcnt|blksize|clockid|dev|gid|ino|mode|nlink|off|pid|rlim|sa_family|sig_atomic|sigset|"
      "socklen|ssize|stack|suseconds|time|uid)_t\\b|"
      "\\b(DIR|dirent|epoll_event|iovec|msghdr|pollfd|pthread_\\w+|rlimit|sockaddr\\w*|timespec|"
      "timeval|ucred)\\b|\\bstruct (sigaction|stat|tm)\\b|"
      "\\b(AT|CLOCK|EFD|F|FD|LOCK|MAP|MFD|MSG|O|POLL|PR|PROT|RLIM|RLIMIT|SFD|SOCK|S)_[A-Z]+\\b|"
      "\\b(POLL(IN|OUT|HUP|ERR)|SIG[A-Z0-9]+|S_I[A-Z]+|[RWXF]_OK|STD(IN|OUT|ERR)_FILENO)\\b");
  Findings findings;
  for (const SourceFile& file : cxx_files()) {
    if (file.layer() != "os" || !file.is_header()) {
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
      if (includes_platform(code) || std::regex_search(code, names)) {
        findings.push_back(finding(file, i, file.lines[i]));
      }
    }
  }
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace zc::tidy
