// Facts: what a request can learn about its world by name, for results that depend on more than the
// content of files (engine/inputs/request_context.h). A fact is a digest, or nothing when there is
// none:
//
//   env/NAME         the value of a variable
//   tracked/NAME     the same, of one that the compiler itself says it used
//   path/NAME        the value of a variable that is a path, relative to its root
//   environment/all  all variables but the uncounted ones
//   which/NAME       where PATH leads for a program of this name
//   directory/PATH   PATH is a directory
//   names/PATH       the names in the directory PATH
//   crates/PATH      those among them that are libraries of Rust crates
//   link/PATH        the text of the symlink PATH
//   metadata/PATH    what stat tells of PATH, and of what it leads to: kind, permissions, and, but
//                    for a directory, whose every change of names shows in them, size and time of
//                    modification
//   real/PATH        PATH without symlinks
//   listing/PATH     the names in the directory PATH with their kinds, in the order in which they
//                    are listed
//   root/NAME        where a root is, for what must not be used anywhere else
//   command/paths    how a command spells its directories and where they are, for the same
//                    (engine/rust/compile.h)
//
// PATH is symbolic (path_roots.h).
//
// Thread: any; const.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "codec/digest.h"
#include "engine/observed/path_roots.h"
#include "engine/request_environment.h"
#include "os/file_system.h"

namespace zc::engine {

namespace fact {
inline constexpr std::string_view kVariable = "env/";
inline constexpr std::string_view kTrackedVariable = "tracked/";
inline constexpr std::string_view kPathVariable = "path/";
inline constexpr std::string_view kEnvironment = "environment/all";
inline constexpr std::string_view kWhich = "which/";
inline constexpr std::string_view kDirectory = "directory/";
inline constexpr std::string_view kNames = "names/";
inline constexpr std::string_view kCrates = "crates/";
inline constexpr std::string_view kLink = "link/";
inline constexpr std::string_view kMetadata = "metadata/";
inline constexpr std::string_view kReal = "real/";
inline constexpr std::string_view kListing = "listing/";
inline constexpr std::string_view kPlace = "root/";
inline constexpr std::string_view kPaths = "command/paths";
}  // namespace fact

class Facts {
 public:
  // Borrows all. `own` are absolute paths of the request's outputs, which are in no list of names.
  Facts(const os::FileSystem& fs, const RequestEnvironment& env, const std::string& cwd,
        const PathRoots& roots, const std::set<std::string>& own)
      : fs_(fs), env_(env), cwd_(cwd), roots_(roots), own_(own) {}

  std::optional<codec::Digest> find(std::string_view name) const;

  // The file that PATH leads to for a program of this name, from the cwd where a directory of PATH
  // is relative or empty; empty when there is none.
  std::string which(std::string_view program) const;

  // Whether a variable is never a fact, nor part of the environment as a whole: through which
  // descriptors a build counts its jobs, and what we are told ourselves, shapes no result.
  static bool is_uncounted(std::string_view variable);

 private:
  std::optional<codec::Digest> variable(std::string_view name, bool is_path) const;
  codec::Digest environment() const;
  std::optional<codec::Digest> directory(std::string_view path) const;
  std::optional<codec::Digest> names(std::string_view path, bool crates_only) const;
  std::optional<codec::Digest> metadata(std::string_view path) const;
  std::optional<codec::Digest> real(std::string_view path) const;
  std::optional<codec::Digest> listing(std::string_view path) const;

  const os::FileSystem& fs_;
  const RequestEnvironment& env_;
  const std::string& cwd_;
  const PathRoots& roots_;
  const std::set<std::string>& own_;
};

}  // namespace zc::engine
