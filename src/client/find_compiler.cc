// A walk along PATH takes the first program that is not ourselves, has not called us, and is no
// stand-in of another cache. On its way it remembers what it passes over: a stand-in (cache_), a
// program that has called us (again_) or does so in a loop (loop_), and a file that cannot be run
// (no_runner_). If the walk finds nothing, the first two serve instead, in this order; the others
// explain the failure.
#include "client/find_compiler.h"

#include <cerrno>
#include <optional>

#include "base/cache_names.h"
#include "base/path.h"
#include "base/str.h"
#include "os/file_stamp.h"
#include "os/name.h"
#include "os/self.h"

namespace zc::client {

namespace {

// A symlink that leads, in a few steps, to a program of a cache's name: /usr/lib/ccache/g++.
bool leads_to_cache(std::string path) {
  constexpr int kLinksMax = 8;
  for (int i = 0; i < kLinksMax; ++i) {
    const std::optional<std::string> next = os::symlink_target(path);
    if (!next) {
      return false;
    }
    if (is_cache_name(base_name(*next))) {
      return true;
    }
    path = join_path(dir_name(path), *next);
  }
  return false;
}

// By device and inode, so that every link to our program counts as ourselves. Where our program
// cannot be examined (no /proc), nothing does; the nesting then ends a loop.
bool is_own_program(const std::string& path, const os::FileStamp& stamp) {
  os::FileStamp own;
  return os::begins_as_own_program(path) && os::stamp_own_program(own) == 0 &&
         stamp.same_file_as(own);
}

enum class Runs : std::uint8_t { kYes, kNo, kIsMissing };

Runs runs(const std::string& path, os::FileStamp& stamp) {
  if (os::stamp_at(os::kHere, path.c_str(), os::LastLink::kFollow, stamp) != 0) {
    return Runs::kIsMissing;
  }
  return stamp.is_regular() && os::check_right(path, os::Right::kExecute) == 0 ? Runs::kYes
                                                                               : Runs::kNo;
}

FoundCompiler found_as(std::string path, std::string argv0, const os::FileStamp& stamp,
                       const Nesting& nesting) {
  return {.path = std::move(path),
          .argv0 = std::move(argv0),
          .nested = nesting.value_within(stamp),
          .is_plain = nesting.return_of(stamp) != Nesting::Return::kNone};
}

std::unexpected<Error> loops(std::string_view path) {
  return fail(Code::kInvalid,
              str_cat(path,
                      " calls zccache for the command that it is run for, so it would be run "
                      "for ever; put the directory of the real compiler on PATH"));
}

// One walk along PATH.
class Search {
 public:
  Search(std::string_view word, const Nesting& nesting, bool masquerade)
      : word_(word), nesting_(nesting), skipped_(masquerade), may_be_cache_(is_cache_name(word)) {}

  Result<FoundCompiler> run(std::string_view search_path) {
    for (const std::string_view dir : split(search_path, ':')) {
      if (auto found = look_in(dir.empty() ? std::string_view(".") : dir)) {
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
  std::optional<FoundCompiler> look_in(std::string_view dir) {
    const std::string path = join_path(dir, word_);
    os::FileStamp stamp;
    const Runs how = runs(path, stamp);
    if (how != Runs::kYes) {
      if (how == Runs::kNo && no_runner_.empty()) {
        no_runner_ = path;
      }
      return std::nullopt;
    }
    if (is_own_program(path, stamp)) {
      skipped_ = true;
      return std::nullopt;
    }
    const Nesting::Return returned = nesting_.return_of(stamp);
    if (returned == Nesting::Return::kNone && (may_be_cache_ || !leads_to_cache(path))) {
      // gcc and clang look themselves up by argv[0] to find their parts. With something of the same
      // name before them on PATH they would find that, so they get their full path as argv[0].
      return found_as(path, skipped_ ? path : std::string(word_), stamp, nesting_);
    }
    skipped_ = true;
    if (returned == Nesting::Return::kLoop) {
      loop_ = path;
      return std::nullopt;
    }
    std::optional<FoundCompiler>& last = returned == Nesting::Return::kAgain ? again_ : cache_;
    if (!last) {
      last = found_as(path, path, stamp, nesting_);
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
  if (word.find('/') == std::string_view::npos) {
    return Search(word, nesting, masquerade).run(search_path);
  }
  os::FileStamp stamp;
  const std::string path(word);
  switch (runs(path, stamp)) {
    case Runs::kIsMissing:
      return fail(Code::kNotFound, str_cat("cannot run ", word, ": no such program"));
    case Runs::kNo:
      return fail_errno(EACCES, str_cat("cannot run ", word));
    case Runs::kYes:
      break;
  }
  if (is_own_program(path, stamp)) {
    // A masquerade link called by its path: the real one is further along PATH.
    return Search(base_name(word), nesting, true).run(search_path);
  }
  if (nesting.return_of(stamp) == Nesting::Return::kLoop) {
    return loops(word);
  }
  return found_as(path, path, stamp, nesting);
}

}  // namespace zc::client
