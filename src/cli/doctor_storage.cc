// zccache doctor: where the cache is kept, what the kernel does for it, and the observer.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "cli/finding.h"
#include "cli/format.h"
#include "os/change_watch.h"
#include "os/command.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/file_stamp.h"
#include "os/file_system.h"
#include "os/fine_times.h"
#include "os/name.h"
#include "os/safe_directory.h"
#include "os/self.h"
#include "os/temporary_file.h"

namespace zc::cli {

namespace {

constexpr std::string_view kMoveIt = "set ZCCACHE_CACHE_DIR to a directory on a local disk";
constexpr std::uint32_t kRightsOfOthers = 0077;
constexpr std::uint64_t kProcFileBytesMax = std::uint64_t{4} << 20;

// `path`, or the nearest directory above it that is there.
std::string existing(std::string path) {
  while (path.size() > 1 && !os::stat_path(path)) {
    path = dir_name(path);
  }
  return path;
}

// Of the mount that `path` is in; empty where /proc does not show it. A line of mountinfo (proc(5))
// has the mount point as its fifth word, and the kind behind the word "-".
std::string file_system_kind(const std::string& path) {
  const Result<std::string> text = os::read_path("/proc/self/mountinfo", kProcFileBytesMax);
  const Result<std::string> real = os::PosixFileSystem().real_path(path);
  std::string kind;
  std::string_view longest;
  for (const std::string_view line : split(text ? std::string_view(*text) : "", '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    const auto dash = std::ranges::find(words, "-");
    constexpr std::size_t kMountPoint = 4;
    if (words.size() > kMountPoint && dash != words.end() && dash + 1 != words.end() && real &&
        is_at_or_below(*real, words[kMountPoint]) && words[kMountPoint].size() >= longest.size()) {
      longest = words[kMountPoint];
      kind = *(dash + 1);
    }
  }
  return kind;
}

bool is_local(const std::string& directory) {
  const os::PosixFileSystem file_system;
  os::OpenDirectory open(file_system);
  return open.open(os::kHere, directory.c_str()) == 0 &&
         file_system.has_times_of_its_own(open.handle());
}

// Whether two files in the directory can share blocks. Nothing: none can be made there.
std::optional<bool> has_reflinks(const std::string& directory) {
  const std::string name = str_cat(directory, "/.doctor-", os::process_id());
  constexpr std::uint32_t kOwner = 0600;
  const auto from = os::TemporaryFile::create(name + "-1", kOwner);
  const auto to = os::TemporaryFile::create(name + "-2", kOwner);
  if (!from || !to || !os::write_all(from->fd().get(), "some bytes\n")) {
    return std::nullopt;
  }
  return os::clone_fd(from->fd().get(), to->fd().get());
}

Result<> close_to_others(const lifecycle::Locations& at) {
  for (const std::string& directory :
       {at.top_root, at.root, at.state, at.logs(), at.runtime_binaries(), at.store()}) {
    if (os::stat_path(directory)) {
      TRY(os::close_own_directory(directory, os::user_id()));
    }
  }
  return {};
}

Finding check_rights(const lifecycle::Locations& at) {
  const auto mend = [&at] { return close_to_others(at); };
  if (const Result<> safe = lifecycle::check_directories(at, os::user_id()); !safe) {
    return problem(safe.error().message,
                   "zccache doctor --fix closes the cache's directories to others; then zccache "
                   "clear, if you do not trust those who could write there",
                   mend);
  }
  for (const std::string& directory :
       {at.root, at.state, at.logs(), at.runtime_binaries(), at.store()}) {
    const Result<os::FileStamp> stamp = os::stat_path(directory);
    if (stamp && (stamp->permissions() & kRightsOfOthers) != 0) {
      return warning(str_cat("other users may enter ", directory), str_cat("chmod 700 ", directory),
                     mend);
    }
  }
  return is_ok(str_cat("only you can reach the cache, ", at.root));
}

Finding check_space(const std::string& directory) {
  const Result<os::DiskSpace> space = os::disk_space(directory);
  if (!space) {
    return problem(space.error().message, std::string(kMoveIt));
  }
  constexpr std::uint64_t kShareThatShrinks = 10;
  const std::string amount = str_cat(format_bytes(space->free_bytes), " of ",
                                     format_bytes(space->total_bytes), " are free for the cache");
  return space->free_bytes < space->total_bytes / kShareThatShrinks
             ? warning(str_cat("only ", amount, ", so it shrinks"),
                       str_cat("free more than a tenth, or ", kMoveIt))
             : is_ok(amount);
}

Finding check_file_system(const std::string& directory) {
  const std::string kind = file_system_kind(directory);
  const std::string named = kind.empty() ? "an unknown file system" : kind;
  const std::optional<bool> reflinks = has_reflinks(directory);
  if (!reflinks) {
    return problem(str_cat("no file can be written in ", directory),
                   "change its owner or rights, or set ZCCACHE_CACHE_DIR to a directory of yours");
  }
  if (!is_local(directory)) {
    return warning(
        str_cat("the cache is on ", named, ", which other machines or programs may change"),
        std::string(kMoveIt));
  }
  return is_ok(str_cat("the cache is on ", named,
                       *reflinks ? ", where hits share its blocks" : ", where hits are copied"));
}

// The number behind `Name:` in the status of this process; nothing without /proc.
std::optional<std::uint64_t> own_status(std::string_view name) {
  const Result<std::string> text = os::read_path("/proc/self/status", kProcFileBytesMax);
  for (const std::string_view line : split(text ? std::string_view(*text) : "", '\n')) {
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':')) {
      return parse_u64(trim(line.substr(name.size() + 1)));
    }
  }
  return std::nullopt;
}

Finding check_sandbox() {
  const std::optional<std::uint64_t> filter = own_status("Seccomp");
  if (!filter) {
    return problem("there is no /proc, without which no compile can be observed", "mount /proc");
  }
  return is_ok(*filter == 0 ? "no filter of system calls"
                            : "a filter of system calls is on (seccomp); the compiles below show "
                              "whether that harms");
}

Finding check_times() {
  const Result<os::Fd> here = os::open_file(".", os::Open::kRead);
  const Result<os::FileStamp> stamp =
      here ? os::stat_fd(here->get()) : std::unexpected(here.error());
  return is_ok(stamp && os::shows_each_change(here->get(), *stamp)
                   ? "each change of a file shows in its times"
                   : "changes within a few milliseconds may have one time (Linux before 6.13, or "
                     "this file system), so files that are younger are read again");
}

std::string temporary_directory(const Setup& setup) {
  const std::string_view named =
      view_or_empty(lifecycle::variable(setup.caller.environment, "TMPDIR"));
  return std::string(named.empty() ? "/tmp" : named);
}

Finding check_notices(const Setup& setup) {
  const std::string path =
      str_cat(temporary_directory(setup), "/zccache-doctor-", os::process_id());
  constexpr std::uint32_t kOwner = 0600;
  if (const Result<> written = os::replace_file(path, "watched\n", kOwner); !written) {
    return problem(written.error().message, "set TMPDIR to a directory that you can write to");
  }
  const Result<os::Fd> fd = os::open_file(path, os::Open::kRead);
  os::ChangeWatcher watcher;
  const bool is_watched = fd && watcher.watch(fd->get());
  (void)os::remove_name(path);
  if (is_watched) {
    return is_ok("the kernel reports changes of files (inotify)");
  }
  if (!is_local(temporary_directory(setup))) {
    return is_ok(str_cat("changes in ", temporary_directory(setup), " are not reported (inotify)"));
  }
  return warning("the kernel reports no changes of files, so large outputs may not be kept",
                 "raise fs.inotify.max_user_instances and fs.inotify.max_user_watches (sysctl)");
}

// Nothing: the loader takes it.
std::optional<std::string> why_not_loaded(const std::string& library) {
  const Result<os::CommandOutput> output = os::PosixCommandRunner().run(
      {.args = {"/bin/true"}, .env = {str_cat("LD_PRELOAD=", library)}, .cwd = "/"});
  if (!output) {
    return output.error().message;
  }
  if (output->exit_code != 0 || !output->err.empty()) {
    return output->err.empty() ? str_cat("exit code ", output->exit_code)
                               : std::string(trim(output->err));
  }
  return std::nullopt;
}

}  // namespace

FindingList check_storage(const Setup& setup) {
  const lifecycle::Locations& at = setup.caller.locations;
  const std::string directory = existing(at.state);
  return {check_rights(at), check_file_system(directory), check_space(directory)};
}

FindingList check_kernel(const Setup& setup) {
  return {check_sandbox(), check_times(), check_notices(setup)};
}

FindingList check_observer(const Setup&) {
  const Result<std::string> own = os::own_path();
  const std::string beside = own ? std::string(dir_name(*own)) : ".";
  const std::string library = beside + "/libzccache-observer.so";
  if (!os::stat_path(library)) {
    return {problem(str_cat("the observer is not there: ", library),
                    "install zccache again; until then nothing is cached")};
  }
  // The loader would take such a path for several. Clients make a link elsewhere (the compiles
  // below show whether they could).
  const bool has_plain_path = library.find_first_of(" :") == std::string::npos;
  if (const auto why = has_plain_path ? why_not_loaded(library) : std::nullopt) {
    return {problem(str_cat("the observer cannot be loaded: ", *why),
                    "install a zccache that is built for this system")};
  }
  FindingList out = {is_ok(str_cat("the observer can be loaded: ", library))};
  if (!os::stat_path(beside + "/libzccache-observer-musl.so")) {
    out.push_back(
        is_ok("no observer for compilers that are linked against musl: they run uncached"));
  }
  return out;
}

}  // namespace zc::cli
