// Path words: the words of a command that name a place and do nothing else. A compiler that is told
// another place by them does the same there; of any other word with a path in it (-D, say), the
// compiler may make something else, such as its length.
//
// Words are as in Invocation::key_args. Thread: any; no state.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace zc::compiler::c {

// Where the path begins in a word of -I and its kin, and in a map of prefixes: there it ends before
// the next equals sign. Nothing: the word is no path word.
std::optional<std::size_t> path_in_word(std::string_view word);

// -ffile-prefix-map and its two parts: what the compiler writes for paths that begin with `from`.
struct PrefixMap {
  std::string_view from;
  bool is_for_debug_information = false;
  bool is_for_macros = false;
};
std::optional<PrefixMap> prefix_map_in_word(std::string_view word);

// Whether the word makes names of files count in a way that no map of prefixes reaches, or hides
// them in the outputs: they are hashed, matched, compressed or converted to another character set.
bool hides_paths(std::string_view word);

}  // namespace zc::compiler::c
