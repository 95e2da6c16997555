// Lexical path operations on bytes. They never access the disk and never remove `..`: only the
// kernel can resolve that, because of symlinks.
//
// Thread: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zc {

// The part after the last '/', or the whole path.
constexpr std::string_view base_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return path;
}

// The part before the last '/': "a" for "a/b", "/" for "/a", "." for "a".
std::string_view dir_name(std::string_view path);

// `path` itself when it is absolute, else `base` + "/" + `path`, with one slash between them if
// `base` ends with one.
std::string join_path(std::string_view base, std::string_view path);

// Whether a component is "..": the path may then lead anywhere. "a/../b" has one, "a..b" and "/..b"
// have none.
bool has_dotdot(std::string_view path);

// Whether `path` is `directory` or below it, compared as text. A slash at the end of `directory`
// does not matter.
bool is_at_or_below(std::string_view path, std::string_view directory);

// The search path for programs if PATH is unset: the one that glibc's execvp uses then. An empty
// PATH means the working directory.
inline constexpr std::string_view kDefaultSearchPath = "/bin:/usr/bin";

inline bool is_absolute(std::string_view path) {
  return path.starts_with('/');
}

// `path` without components that are "." or empty, which do not change its meaning; at the end they
// leave a slash, since only a directory can have one: "/a/./b//c" becomes "/a/b/c", "a/." becomes
// "a/".
std::string without_dots(std::string_view path);

// The paths of a list, one in a line. Blanks at the end of a line and empty lines do not count.
std::vector<std::string> paths_in_list(std::string_view text);

// `path` without the extension of its last component ("a/b.cc" -> "a/b"); a leading dot of the
// component begins no extension.
std::string_view strip_extension(std::string_view path);

// Extension of the last component with its dot, or empty: ".gz" for "x.tar.gz", none for
// "a/.profile".
std::string_view extension(std::string_view path);

}  // namespace zc
