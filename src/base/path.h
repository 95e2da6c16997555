// Lexical path operations on bytes. They never touch the disk and never remove `..`: what a path
// means is for the kernel to say, through whatever symlinks there are.
//
// Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace zc {

// The part after the last '/', or the whole path.
std::string_view base_name(std::string_view path);

// The part before the last '/': "a" for "a/b", "/" for "/a", "." for "a".
std::string_view dir_name(std::string_view path);

// `path` itself when it is absolute, else `base` + "/" + `path`.
std::string join_path(std::string_view base, std::string_view path);

// Whether a component is "..": what the path leads to may lie anywhere.
bool has_dotdot(std::string_view path);

// Whether `path` is `directory` or below it, by their text. A slash at the end of `directory` means
// nothing.
bool is_at_or_below(std::string_view path, std::string_view directory);

// Where programs are looked for when PATH is unset: what glibc's execvp takes then. A PATH that is
// empty means the working directory.
inline constexpr std::string_view kDefaultSearchPath = "/bin:/usr/bin";

inline bool is_absolute(std::string_view path) {
  return path.starts_with('/');
}

// `path` without components that are "." or empty, which mean nothing wherever they stand; at the
// end they leave a slash, since only a directory can have one.
std::string without_dots(std::string_view path);

// `path` without the extension of its last component ("a/b.cc" -> "a/b"); a leading dot of the
// component is no extension.
std::string_view strip_extension(std::string_view path);

// Extension of the last component with its dot, or empty.
std::string_view extension(std::string_view path);

}  // namespace zc
