#include "engine/command/written_paths.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/path.h"
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

// Programs that look at a file which they are about to remove or to replace, only to find out
// whether it is there and is a plain file (POSIX, Shell and Utilities). Not cp and mv, which may
// compare times.
constexpr std::array<std::string_view, 5> kLookers = {"install", "ln", "mkdir", "rm", "rmdir"};

bool is_looker(const Trace& trace, const Query& query) {
  return !query.is_forked && query.program < trace.programs.size() &&
         std::ranges::find(kLookers, base_name(trace.programs[query.program].path)) !=
             kLookers.end();
}

// What a hit may give a file: no bits that change who runs it.
constexpr std::uint32_t kPermissions = 0777;

std::unexpected<compiler::Bypass> side_effect(std::string_view path) {
  return bypass(Reason::kSideEffect, std::string(path));
}

class Writings {
 public:
  Writings(const os::FileSystem& fs, const Trace& trace, const InputRules& rules,
           const std::string& shared_cwd)
      : fs_(fs),
        rules_(rules),
        prefix_(shared_cwd.empty() ? std::string() : str_cat(shared_cwd, '/')) {
    for (const PathAccess& seen : trace.accesses) {
      seen_.emplace(seen.path, &seen);
    }
    for (const MetadataQuery& look : trace.metadata_queries) {
      if (look.at != MetadataQuery::At::kMetadata || !is_looker(trace, look.query)) {
        examined_.insert(look.query.about);
      }
    }
  }

  // `run`: of tools.
  OrBypass<> take(const LeftPath& left, const ToolRun* run) {
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
    const std::string name(name_of(left));
    os::FileStamp stamp;
    if (fs_.stat_link(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
      return bypass(Reason::kModifiedOutputFile, path);
    }
    TRY(run == nullptr ? take_before(left, name) : check_before(left, stamp, *run));
    TRY_ASSIGN(const store::FileKind kind, kind_of(left, stamp));
    for (std::string& spelling : spellings_of(left)) {
      out_.paths.insert(std::move(spelling));
    }
    out_.outputs.push_back({.role = 0,
                            .name = name,
                            .path = path,
                            .kind = kind,
                            .mode = stamp.permissions(),
                            .is_rewritten = !left.is_new_file});
    return {};
  }

  WrittenPaths finish() { return std::move(out_); }

 private:
  // A look that found nothing is repeated by one that finds nothing. What most programs make of an
  // old output that they found is not known any more, since that has gone.
  Before before_of(const LeftPath& left) const {
    Before before = left.is_directory ? Before::kNothing : left.before;
    const bool writes_over = rules_.writes_over_anything();
    for (const std::string& spelling : spellings_of(left)) {
      const auto it = seen_.find(spelling);
      if (it == seen_.end() || before == Before::kContent) {
        continue;
      }
      const PathAccess& seen = *it->second;
      if (seen.opened || seen.listed || seen.refused ||
          (!writes_over && examined_.contains(spelling))) {
        return Before::kContent;
      }
      if (!writes_over) {
        before = seen.looked_at ? Before::kFile : Before::kNothing;
      } else if (seen.sought) {
        before = Before::kNothing;
      }
    }
    return before == Before::kFile && writes_over ? Before::kAny : before;
  }

  bool is_shared(const LeftPath& left) const {
    return !prefix_.empty() && left.path.starts_with(prefix_);
  }
  std::string_view name_of(const LeftPath& left) const {
    return left.is_relative && is_shared(left) ? left.path.substr(prefix_.size()) : left.path;
  }
  // As the trace has looks at the path: one that was spelled relative has a mark of that.
  std::vector<std::string> spellings_of(const LeftPath& left) const {
    std::vector<std::string> out = {std::string(left.path)};
    if (is_shared(left)) {
      out.push_back(str_cat(prefix_, "./", left.path.substr(prefix_.size())));
    }
    return out;
  }

  OrBypass<> take_before(const LeftPath& left, const std::string& name) {
    switch (before_of(left)) {
      case Before::kAny:
        return {};
      case Before::kNothing:
        out_.old.emplace(name, std::nullopt);
        return {};
      case Before::kFile:
        out_.old.emplace(name, codec::digest_of(kOldFile));
        return {};
      case Before::kContent:
        return bypass(Reason::kUnrepeatableInput, std::string(left.path));
    }
    return {};
  }

  // Of a file that a tool has written anew, only its mode stays, unless it has read it. A file that
  // was born during the run has taken nothing over.
  OrBypass<> check_before(const LeftPath& left, const os::FileStamp& stamp,
                          const ToolRun& run) const {
    const auto it = seen_.find(left.path);
    const PathAccess* seen = it == seen_.end() ? nullptr : it->second;
    if (run.keyed.contains(std::string(left.path)) || left.path == run.overwritten) {
      return {};
    }
    // lld opens what it removes, so that its blocks are freed later.
    const bool was_read = seen != nullptr && seen->opens > seen->opens_to_remove;
    if (seen != nullptr && (was_read || seen->listed || seen->refused)) {
      return bypass(Reason::kUnrepeatableInput, std::string(left.path));
    }
    const bool was_there = left.was_there || (seen != nullptr && seen->looked_at);
    constexpr std::uint32_t kOfNewFiles = 0666;
    const bool is_as_new =
        left.before == Before::kAny && stamp.permissions() == (kOfNewFiles & ~run.umask);
    return !was_there || is_as_new || is_born_in(run, std::string(left.path))
               ? OrBypass<>()
               : bypass(Reason::kUnrepeatableInput, std::string(left.path));
  }

  // The clock of births is behind by up to a tick, so only another birth than before, or a late
  // one, is of the run.
  bool is_born_in(const ToolRun& run, const std::string& path) const {
    os::FileDetails details;
    if (fs_.look_closely(path.c_str(), os::LastLink::kStay, details) != 0) {
      return false;
    }
    const auto before = run.born_ns.find(path);
    return details.born_ns >= run.start_ns ||
           (before != run.born_ns.end() && details.born_ns != 0 &&
            details.born_ns != before->second);
  }

  static OrBypass<store::FileKind> kind_of(const LeftPath& left, const os::FileStamp& stamp) {
    if (left.has_random_name) {
      return bypass(Reason::kUnrepeatableInput, std::string(left.path));
    }
    if (left.has_attributes || (stamp.permissions() & ~kPermissions) != 0) {
      return side_effect(left.path);
    }
    if (stamp.is_directory() && left.is_directory) {
      return store::FileKind::kDirectory;
    }
    // Through a symlink that was there, another file was written.
    if (stamp.is_symlink() && left.is_new_file) {
      return store::FileKind::kSymlink;
    }
    return stamp.is_regular() && stamp.names == 1
               ? OrBypass<store::FileKind>(store::FileKind::kPlain)
               : side_effect(left.path);
  }

  const os::FileSystem& fs_;
  const InputRules& rules_;
  const std::string prefix_;
  std::unordered_map<std::string_view, const PathAccess*> seen_;
  std::unordered_set<std::string_view> examined_;  // more closely than is known of a program
  WrittenPaths out_;
};

}  // namespace

OrBypass<WrittenPaths> find_written_paths(const os::FileSystem& fs, const Trace& trace,
                                          const InputRules& rules, const std::string& shared_cwd) {
  Writings writings(fs, trace, rules, shared_cwd);
  for (const LeftPath& left : trace.left) {
    TRY(writings.take(left, nullptr));
  }
  return writings.finish();
}

OrBypass<WrittenPaths> find_paths_of_tools(const os::FileSystem& fs, const Trace& trace,
                                           const ToolRun& run) {
  const InputRules rules;
  Writings writings(fs, trace, rules, {});
  for (const LeftPath& left : trace.left) {
    TRY(writings.take(left, &run));
  }
  return writings.finish();
}

// A second name of a file shows whether it was replaced. Through a symlink another file is written,
// or not, as the tool likes.
bool holds_at(const os::FileSystem& fs, const std::string& path, const store::Output& output) {
  os::FileStamp old;
  os::FileStamp directory;
  const int error = fs.stat_link(os::FileSystem::kNoDirectory, path.c_str(), old);
  const auto has_directory = [&] {
    const std::string name(dir_name(path));
    return fs.stat(os::FileSystem::kNoDirectory, name.c_str(), directory) == 0;
  };
  return (error == ENOENT && has_directory()) ||
         (error == 0 && output.kind == store::FileKind::kPlain && old.is_regular() &&
          old.names == 1 && old.permissions() == output.mode);
}

}  // namespace zc::engine::command
