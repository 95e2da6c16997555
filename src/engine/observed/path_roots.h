// Places: folders that each request names for itself (where its libraries lie, where its checkout
// is), by names that all requests share. A path in a place is written down relative to it
// ("\2deps0/liba.rlib", context.h), so that what one request has recorded can be looked up
// for another.
//
// That is right only for what was found through the place. Libraries are: they are looked for by
// name in the folders that a command names. Whatever else lies in such a folder was found in some
// other way, and is right only where the folder is the same one.
//
// A path belongs to the place with the longest folder. Folders are compared as text: another
// spelling of the same folder is another path, which costs a miss at worst.
//
// Thread: value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zc::engine {

// Whether `name` is that of a crate, an archive or a shared object.
bool is_library(std::string_view name);

class Places {
 public:
  // What is found through a place, besides its folder itself.
  enum class Holds : std::uint8_t { kAnything, kLibraries };

  struct Place {
    std::string name;    // without a slash
    std::string folder;  // absolute, without a slash at the end
    Holds holds = Holds::kAnything;
  };

  // How the path of something that a run looked at is kept.
  struct Kept {
    std::string path;
    std::string_view bound_to;  // the place whose folder must be the same; empty: none
  };

  // A folder that is a place already, or "/", does not become another.
  void add(std::string name, std::string_view folder, Holds holds = Holds::kAnything);

  // `path` relative to its place; itself when it is in none. "/t/deps" itself becomes "\2deps0".
  std::string general(std::string_view path) const;
  // The same if it was found through its place, else as it is.
  Kept keep(std::string_view path) const;
  // The reverse of `general`. Nothing when there is no such place.
  std::optional<std::string> specific(std::string_view path) const;

  std::optional<std::string> folder_of(std::string_view name) const;
  const std::vector<Place>& all() const { return places_; }

 private:
  const Place* place_of(std::string_view path) const;

  std::vector<Place> places_;
};

}  // namespace zc::engine
