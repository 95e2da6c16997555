// Package numbers: Emscripten's packager (--preload-file) draws a random number for each package
// and writes it into the script. A page knows by it whether the package that its browser has kept
// is the one of the script. So any number is right that no other package has.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>

namespace zc::engine::emscripten {

bool is_packager(std::string_view script);

// A script that the packager has had a part in, with zeros for the digits of such numbers.
std::string without_package_numbers(std::string script);

}  // namespace zc::engine::emscripten
