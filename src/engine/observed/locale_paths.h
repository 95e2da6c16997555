// Locale paths: where the C library looks for what a program prints: the locale and catalogues of
// translated messages. It does so by calls of its own, so no observation shows it (setlocale(3);
// GNU gettext manual, "Locating Catalogs").
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/request_environment.h"

namespace zc::engine {

// Absolute paths, of which most are missing. All are empty where the variables ask for no locale.
struct LocalePaths {
  std::vector<std::string> archives;    // of many locales, and large
  std::vector<std::string> files;       // of one locale each
  std::vector<std::string> catalogues;  // directories, of all programs
};

LocalePaths locale_paths(const RequestEnvironment& env, std::string_view cwd);

// Whether a catalogue of this name is of a compiler, of what it starts, or of the C library.
bool is_catalogue_of_compiler(std::string_view name);

}  // namespace zc::engine
