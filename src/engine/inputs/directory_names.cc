#include "engine/inputs/directory_names.h"

#include <algorithm>

namespace zc::engine {

namespace {

// Bytes of a directory for each name in it, or fewer, on common file systems. A name that is listed
// costs about as much as half a look.
constexpr std::uint64_t kBytesPerName = 32;
constexpr std::uint64_t kNamesPerLook = 2;

bool is_ascii(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Some file systems find a file by its name in other letters. Beyond ASCII it is hard to tell which
// those are.
std::string in_small_letters(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::optional<DirectoryNames> DirectoryNames::read(const os::FileSystem& fs,
                                                   os::DirectoryHandle directory,
                                                   const os::FileStamp& stamp, std::size_t count) {
  if (stamp.size_bytes > count * kNamesPerLook * kBytesPerName ||
      !fs.has_times_of_its_own(directory)) {
    return std::nullopt;
  }
  const auto listed = fs.list(directory, ".");
  if (!listed || !std::ranges::all_of(*listed, is_ascii)) {
    return std::nullopt;
  }
  DirectoryNames out;
  for (const std::string& name : *listed) {
    out.names_.insert(in_small_letters(name));
  }
  return out;
}

bool DirectoryNames::may_have(std::string_view name) const {
  if (name.ends_with('/')) {
    name.remove_suffix(1);
  }
  return !is_ascii(name) || name.contains('/') || names_.contains(in_small_letters(name));
}

}  // namespace zc::engine
