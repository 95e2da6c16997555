#include "client/find_compiler.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"

namespace zc::client {

namespace {

constexpr std::array<std::string_view, 5> kOtherCaches = {"ccache", "sccache", "cachepot",
                                                          "buildcache", "zccache"};

bool is_cache_name(std::string_view name) {
  return std::ranges::find(kOtherCaches, name) != kOtherCaches.end();
}

// A symlink that leads, in a few steps, to a program of a cache's name: /usr/lib/ccache/g++.
bool leads_to_cache(std::string path) {
  constexpr int kLinksMax = 8;
  for (int i = 0; i < kLinksMax; ++i) {
    char target[PATH_MAX];
    const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
    if (length <= 0 || length == static_cast<ssize_t>(sizeof target)) {
      return false;
    }
    const std::string_view next(target, static_cast<std::size_t>(length));
    if (is_cache_name(base_name(next))) {
      return true;
    }
    path = join_path(dir_name(path), next);
  }
  return false;
}

class Self {
 public:
  Self() { known_ = ::stat("/proc/self/exe", &stat_) == 0; }
  bool is(const struct stat& other) const {
    return known_ && other.st_dev == stat_.st_dev && other.st_ino == stat_.st_ino;
  }

 private:
  struct stat stat_ = {};
  bool known_ = false;
};

bool is_program(const std::string& path, struct stat& st) {
  return ::stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

Result<FoundCompiler> find_compiler(std::string_view word, std::string_view search_path,
                                    bool masquerade) {
  const Self self;
  struct stat st = {};
  if (word.find('/') != std::string_view::npos) {
    FoundCompiler found{.path = std::string(word), .argv0 = std::string(word)};
    if (!is_program(found.path, st)) {
      return fail(Code::kNotFound, str_cat("cannot run ", word, ": no such program"));
    }
    if (!self.is(st)) {
      return found;
    }
    // A masquerade link called by its path: the real one is further along PATH.
    word = base_name(word);
    masquerade = true;
  }
  bool skipped = masquerade;
  for (const std::string_view dir : split(search_path, ':')) {
    std::string path = join_path(dir.empty() ? std::string_view(".") : dir, word);
    if (!is_program(path, st)) {
      continue;
    }
    if (self.is(st) || leads_to_cache(path)) {
      skipped = true;
      continue;
    }
    // gcc and clang look themselves up by argv[0] to find their parts. With something of the same
    // name before them on PATH they would find that, so they are told their full path.
    std::string argv0 = skipped ? path : std::string(word);
    return FoundCompiler{.path = std::move(path), .argv0 = std::move(argv0)};
  }
  return fail(Code::kNotFound, str_cat("cannot find ", word, " on PATH"));
}

}  // namespace zc::client
