// Facts: what is true in the world of a request, by name, for results that depend on more than the
// content of files. The kinds of facts are listed in store/store.h (store::InputKind); their names
// are variables, programs, roots, or paths, which may be below a root (path_roots.h).
//
// A value is a digest, or nothing when there is none. What each kind compares:
//
//   kVariable, kTrackedVariable   the text of the value
//   kPathVariable                 the value as a path: below a root, what follows the root
//   kEnvironment                  names and values of all variables but the uncounted ones; named
//                                 after a program that reads them, also without those of which that
//                                 makes nothing (is_unread_by)
//   kProgram                      the path where PATH leads for the program
//   kDirectory                    that it is one
//   kNames                        the names in a directory, but for the request's own outputs
//   kLink                         the text of the symlink
//   kMetadata                     kind, permissions and owner of the path, and of what it leads to;
//                                 size, number of names, times of modification and of birth, but
//                                 for a directory, whose every change of names shows in them,
//                                 unless the path ends with kItself
//   kTimeOfAccess                 the time at which the path, and what it leads to, was read last
//   kRealPath                     the path without symlinks
//   kListing                      names with their kinds, in the order in which they are listed
//   kSameFiles                    of paths with a NUL between: the kind of each, the first that is
//                                 the same file, and unless it is a directory, that of its time
//   kTerminal                     of standard error, if it is one: its width, that of standard
//                                 input, and the variables by which programs know it
//   kOldOutput                    what is at the path itself: nothing (no value), a plain file
//                                 (kOldFile), or something else
//   kFileTime                     when what the path leads to was changed last, in seconds
//   kLocalDay                     whether it is that day: its name has the begin and the end
//   kOtherModule                  of a path and a checksum, with a NUL between: that nothing is
//                                 there, or a file with another checksum (module_files.h)
//   kRoot                         where the root is, for what must not be used anywhere else
//   kCrateNames, kSpelledPaths,   answered by the compile itself (rust/compile.h)
//   kDepInfoForm
//
// Thread: one request's. Ownership: borrows all. Errors: what cannot be looked at has no value.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "codec/digest.h"
#include "engine/inputs/request_context.h"
#include "engine/observed/path_roots.h"
#include "engine/request_environment.h"
#include "os/file_system.h"

namespace zc::engine {

inline constexpr std::string_view kOldFile = "file";
// Behind the path of a directory: its times count.
inline constexpr std::string_view kItself = "//";

class Facts {
 public:
  // `own` are absolute paths of the request's outputs, which are in no list of names; `terminal` is
  // what the client says of it.
  Facts(const os::FileSystem& fs, const RequestEnvironment& env, const std::string& cwd,
        const PathRoots& roots, const std::set<std::string>& own, std::string_view terminal)
      : fs_(fs), env_(env), cwd_(cwd), roots_(roots), own_(own), terminal_(terminal) {}

  // Nothing: no value, or a kind that is no fact. Reads the disk each time, but for what `looks`
  // has seen of it.
  std::optional<codec::Digest> find(const FactName& fact, Looks& looks) const;

  // The file that PATH leads to for a program of this name, from the cwd where a directory of PATH
  // is relative or empty (execvp(3)): the first plain file that any user may execute. Empty when
  // there is none.
  std::string which(std::string_view program, Looks& looks) const;
  std::string which(std::string_view program) const {
    Looks looks;
    return which(program, looks);
  }

  // The names in the directory at an absolute path, but for the request's own outputs; with
  // `counts`, of these only those that it accepts. Nothing if it cannot be listed.
  std::optional<codec::Digest> names(const std::string& path,
                                     bool (*counts)(std::string_view name)) const;

 private:
  std::optional<codec::Digest> same_files(std::string_view names, Looks& looks) const;
  int look_at(std::string_view name, Looks& looks, os::FileStamp& out) const;
  std::optional<codec::Digest> real_path(const std::string& path, const FactName& fact,
                                         Looks& looks) const;
  std::optional<codec::Digest> variable(std::string_view name) const;
  std::optional<codec::Digest> path_variable(std::string_view name) const;
  codec::Digest environment(std::string_view reader) const;
  std::optional<codec::Digest> terminal() const;
  // Of an absolute path.
  std::optional<codec::Digest> of_path(store::InputKind kind, const std::string& path,
                                       Looks& looks) const;
  std::optional<codec::Digest> directory(const std::string& path, Looks& looks) const;
  std::optional<codec::Digest> metadata(const std::string& path) const;
  std::optional<codec::Digest> file_time(const std::string& path) const;
  std::optional<codec::Digest> other_module(const FactName& fact) const;
  std::optional<codec::Digest> time_of_access(const std::string& path) const;
  std::optional<codec::Digest> listing(const std::string& path) const;
  std::optional<codec::Digest> old_output(const std::string& path) const;

  const os::FileSystem& fs_;
  const RequestEnvironment& env_;
  const std::string& cwd_;
  const PathRoots& roots_;
  const std::set<std::string>& own_;
  const std::string terminal_;
};

}  // namespace zc::engine
