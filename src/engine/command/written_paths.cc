#include "engine/command/written_paths.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "base/str.h"
#include "engine/observed/facts.h"
#include "engine/observed/kernel_files.h"

namespace zc::engine::command {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using Before = LeftPath::Before;

// What is written there goes nowhere, or comes to us as a stream.
constexpr std::array<std::string_view, 5> kHarmlessTargets = {
    "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2"};

// What a hit may give a file: no bits that change who runs it.
constexpr std::uint32_t kPermissions = 0777;

std::unexpected<compiler::Bypass> side_effect(std::string_view path) {
  return bypass(Reason::kSideEffect, std::string(path));
}

class Writings {
 public:
  Writings(const os::FileSystem& fs, const Trace& trace, const InputRules& rules)
      : fs_(fs), rules_(rules) {
    for (const PathAccess& seen : trace.accesses) {
      seen_.emplace(seen.path, &seen);
    }
  }

  OrBypass<> take(const LeftPath& left) {
    if (is_of_kernel(left.path)) {
      return std::ranges::find(kHarmlessTargets, left.path) != kHarmlessTargets.end()
                 ? OrBypass<>()
                 : side_effect(left.path);
    }
    const std::string path(left.path);
    if (rules_.is_for_no_one(path)) {
      out_.paths.insert(path);
      return {};
    }
    TRY(take_before(left));
    os::FileStamp stamp;
    if (fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
      return bypass(Reason::kModifiedOutputFile, path);
    }
    TRY_ASSIGN(const store::FileKind kind, kind_of(left, stamp));
    out_.paths.insert(path);
    out_.outputs.push_back({.role = 0,
                            .name = path,
                            .path = path,
                            .kind = kind,
                            .mode = stamp.permissions(),
                            .is_rewritten = !left.is_new_file});
    return {};
  }

  WrittenPaths finish() { return std::move(out_); }

 private:
  // A look that found nothing is repeated by one that finds nothing. What a run makes of an old
  // output that it found is not known any more, since that has gone.
  OrBypass<> take_before(const LeftPath& left) {
    Before before = left.is_directory ? Before::kNothing : left.before;
    if (const auto it = seen_.find(left.path); it != seen_.end()) {
      const PathAccess& seen = *it->second;
      if (seen.opened || seen.listed || seen.refused ||
          (seen.looked_at && !rules_.writes_over_anything())) {
        return bypass(Reason::kUnrepeatableInput, std::string(left.path));
      }
      before = rules_.writes_over_anything() && !seen.sought ? before : Before::kNothing;
    }
    if (before == Before::kFile && rules_.writes_over_anything()) {
      return {};
    }
    switch (before) {
      case Before::kAny:
        return {};
      case Before::kNothing:
        out_.old.emplace(left.path, std::nullopt);
        return {};
      case Before::kFile:
        out_.old.emplace(left.path, codec::digest_of(kOldFile));
        return {};
      case Before::kContent:
        return bypass(Reason::kUnrepeatableInput, std::string(left.path));
    }
    return {};
  }

  static OrBypass<store::FileKind> kind_of(const LeftPath& left, const os::FileStamp& stamp) {
    if (left.has_random_name) {
      return bypass(Reason::kUnrepeatableInput, std::string(left.path));
    }
    if ((stamp.permissions() & ~kPermissions) != 0) {
      return side_effect(left.path);
    }
    if (stamp.is_directory() && left.is_directory) {
      return store::FileKind::kDirectory;
    }
    // Through a symlink that was there, another file was written.
    if (stamp.is_symlink() && left.is_new_file) {
      return store::FileKind::kSymlink;
    }
    return stamp.is_regular() && stamp.names == 1 ? OrBypass<store::FileKind>(store::FileKind::kPlain)
                                                  : side_effect(left.path);
  }

  const os::FileSystem& fs_;
  const InputRules& rules_;
  std::unordered_map<std::string_view, const PathAccess*> seen_;
  WrittenPaths out_;
};

}  // namespace

OrBypass<WrittenPaths> find_written_paths(const os::FileSystem& fs, const Trace& trace,
                                          const InputRules& rules) {
  Writings writings(fs, trace, rules);
  for (const LeftPath& left : trace.left) {
    TRY(writings.take(left));
  }
  return writings.finish();
}

}  // namespace zc::engine::command
