#include "client/find_compiler.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

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
  std::string target(PATH_MAX, '\0');  // not on the stack, which a caller may have made tiny
  for (int i = 0; i < kLinksMax; ++i) {
    const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    if (length <= 0 || length == static_cast<ssize_t>(target.size())) {
      return false;
    }
    const std::string_view next(target.data(), static_cast<std::size_t>(length));
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

enum class Runs : std::uint8_t { kYes, kNo, kIsMissing };

Runs runs(const std::string& path, struct stat& st) {
  if (::stat(path.c_str(), &st) != 0) {
    return Runs::kIsMissing;
  }
  return S_ISREG(st.st_mode) && ::access(path.c_str(), X_OK) == 0 ? Runs::kYes : Runs::kNo;
}

FoundCompiler found_as(std::string path, std::string argv0, const struct stat& st,
                       const Nesting& nesting) {
  return {.path = std::move(path),
          .argv0 = std::move(argv0),
          .nested = nesting.value_within(st),
          .is_plain = nesting.return_of(st) != Nesting::Return::kNone};
}

std::unexpected<Error> loops(std::string_view path) {
  return fail(Code::kNotFound,
              str_cat(path,
                      " calls zccache for the command that it is run for, so it would be run "
                      "for ever; put the directory of the real compiler on PATH"));
}

// One walk along PATH.
class Search {
 public:
  Search(std::string_view word, const Nesting& nesting, bool masquerade)
      : word_(word), nesting_(nesting), skipped_(masquerade), may_be_cache_(is_cache_name(word)) {}

  Result<FoundCompiler> run(std::string_view search_path, const Self& self) {
    for (const std::string_view dir : split(search_path, ':')) {
      if (auto found = look_in(dir.empty() ? std::string_view(".") : dir, self)) {
        return *std::move(found);
      }
    }
    // Nothing else has this name. Then another cache will know what it stands for, and a program
    // that has called us may have meant it.
    for (std::optional<FoundCompiler>* last : {&cache_, &again_}) {
      if (*last) {
        return std::move(**last);
      }
    }
    if (!loop_.empty()) {
      return loops(loop_);
    }
    return no_runner_.empty() ? fail(Code::kNotFound, str_cat("cannot find ", word_, " on PATH"))
                              : fail_errno(EACCES, str_cat("cannot run ", no_runner_));
  }

 private:
  std::optional<FoundCompiler> look_in(std::string_view dir, const Self& self) {
    const std::string path = join_path(dir, word_);
    struct stat st = {};
    const Runs how = runs(path, st);
    if (how != Runs::kYes) {
      if (how == Runs::kNo && no_runner_.empty()) {
        no_runner_ = path;
      }
      return std::nullopt;
    }
    if (self.is(st)) {
      skipped_ = true;
      return std::nullopt;
    }
    const Nesting::Return returned = nesting_.return_of(st);
    if (returned == Nesting::Return::kNone && (may_be_cache_ || !leads_to_cache(path))) {
      // gcc and clang look themselves up by argv[0] to find their parts. With something of the same
      // name before them on PATH they would find that, so they are told their full path.
      return found_as(path, skipped_ ? path : std::string(word_), st, nesting_);
    }
    skipped_ = true;
    if (returned == Nesting::Return::kLoop) {
      loop_ = path;
      return std::nullopt;
    }
    std::optional<FoundCompiler>& last = returned == Nesting::Return::kAgain ? again_ : cache_;
    if (!last) {
      last = found_as(path, path, st, nesting_);
    }
    return std::nullopt;
  }

  std::string_view word_;
  const Nesting& nesting_;
  bool skipped_;
  bool may_be_cache_;  // the user has named it
  std::optional<FoundCompiler> cache_;
  std::optional<FoundCompiler> again_;
  std::string loop_;
  std::string no_runner_;
};

}  // namespace

Result<FoundCompiler> find_compiler(std::string_view word, std::string_view search_path,
                                    bool masquerade, const Nesting& nesting) {
  const Self self;
  if (word.find('/') == std::string_view::npos) {
    return Search(word, nesting, masquerade).run(search_path, self);
  }
  struct stat st = {};
  const std::string path(word);
  switch (runs(path, st)) {
    case Runs::kIsMissing:
      return fail(Code::kNotFound, str_cat("cannot run ", word, ": no such program"));
    case Runs::kNo:
      return fail_errno(EACCES, str_cat("cannot run ", word));
    case Runs::kYes:
      break;
  }
  if (self.is(st)) {
    // A masquerade link called by its path: the real one is further along PATH.
    return Search(base_name(word), nesting, true).run(search_path, self);
  }
  if (nesting.return_of(st) == Nesting::Return::kLoop) {
    return loops(word);
  }
  return found_as(path, path, st, nesting);
}

}  // namespace zc::client
