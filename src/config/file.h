// File: one file of settings, as it was read.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/keys.h"

namespace zc::config {

struct Entry {
  const Key* key = nullptr;
  std::string value;  // usable, as the variable would hold it
  std::uint64_t line = 0;
};

struct File {
  std::string path;
  std::vector<Entry> entries;         // of what counts; of two of a key, the later one
  std::vector<std::string> problems;  // for people, each with path and line
  std::vector<std::string> notes;     // the same, about what need not be there
  // What it says of inputs is not known, so no command may be cached: which problem.
  std::string refusal;
};

// Whose file it is decides what may stand in it.
enum class Owner : std::uint8_t { kUser, kProject };

// A key that is unknown, or may not stand there, does not count. A value that is not usable is
// replaced by one that is (Key::careful).
File parse_file(std::string path, std::string_view text, Owner owner);
// Of one that is there and cannot be read.
File unreadable_file(std::string path, std::string_view why);

}  // namespace zc::config
