// The compilers on PATH, and what stands in for them: our own masquerade links, and other caches.
//
// Thread: any. Errors: none; what cannot be examined is passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zc::cli {

enum class Stands : std::uint8_t {
  kForItself,
  kForUs,            // leads to this installation
  kForOtherZccache,  // ... to another one, or to none any more
  kForOtherCache,
};

struct PathProgram {
  std::string name;
  std::string path;
  Stands stands = Stands::kForItself;
};

// Whether a masquerade link of this name serves: compilers, archivers and what edits objects, and
// the linters that we know. No linkers: a compiler would find the link, and its run could not be
// observed.
bool is_worth_a_link(std::string_view name);

// All programs in the absolute directories of `search_path` for which a link serves, in the order
// of the search, those of one directory by their names; and links to a zccache that is gone.
// `client` is the path of our client.
std::vector<PathProgram> programs_on_path(std::string_view search_path, const std::string& client);

// The client beside this program, by the name under which PATH leads to it if there is one: that
// name stays when another version takes its place. Empty where there is no /proc.
std::string stable_client(std::string_view search_path);

// The first program of this name that can be run; a word with a slash stands for itself.
std::optional<std::string> find_program(std::string_view search_path, std::string_view word);

// Where `path` leads, for our purposes.
Stands what_stands_at(const std::string& path, const std::string& client);

}  // namespace zc::cli
