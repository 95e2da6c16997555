// Places: folders that each request names for itself (where its libraries lie, where its checkout
// is), by names that all requests share. A path in a place is written down relative to it
// ("\2deps0/liba.rlib", surroundings.h), so that what one request has recorded can be looked up
// for another.
//
// A path belongs to the place with the longest folder. Folders are compared as text: another
// spelling of the same folder is another path, which costs a miss at worst.
//
// Thread: value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zc::engine {

class Places {
 public:
  struct Place {
    std::string name;    // without a slash
    std::string folder;  // absolute, without a slash at the end
  };

  // A folder that is a place already, or "/", does not become another.
  void add(std::string name, std::string_view folder);

  // `path` relative to its place; itself when it is in none. "/t/deps" itself becomes "\2deps0".
  std::string general(std::string_view path) const;
  // The reverse. Nothing when there is no such place.
  std::optional<std::string> specific(std::string_view path) const;

  std::optional<std::string> folder_of(std::string_view name) const;
  const std::vector<Place>& all() const { return places_; }

 private:
  std::vector<Place> places_;
};

}  // namespace zc::engine
