// Path remaps of C and C++: with ZCCACHE_PATH_REMAP=auto, the compiler writes "." for the checkout
// into debug information and macros, so that checkouts in different places have the same results
// (ADR 29).
//
// The checkout becomes a root (engine/observed/path_roots.h). What names it in a way that no map
// reaches, is bound to its place: words and variables by the key, all else by a fact of the result
// (compile.cc).
//
// Thread: any; pure but for looks at the checkout's directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/c/invocation.h"
#include "engine/observed/path_roots.h"
#include "engine/request_environment.h"
#include "os/file_system.h"

namespace zc::engine::c {

struct Compile;

inline constexpr std::string_view kCheckout = "checkout";  // the name of the root

struct PathRemap {
  std::string checkout;               // absolute, without symlinks, slashes at the end and "/./"
  std::vector<std::string> injected;  // the maps, which come before the words of the command
  // A word or a variable names the checkout, or a directory that it is in, so that it may lead
  // there from anywhere.
  bool is_bound = false;
};

// Sets `compile.remap` and adds the root, if the setting is on, the compiler knows the maps, and
// the command is one whose paths can be mapped. To be called with the rest of `compile` known.
void remap_paths(const os::FileSystem& fs, Compile& compile);

// `path`, as spelled, relative to the checkout if it is spelled below it.
RootedPath below_checkout(const PathRemap& remap, std::string_view path);
// A word of Invocation::key_args, whose path, if it has one, is relative likewise.
RootedPath below_checkout_in_word(const PathRemap& remap, std::string_view word);

}  // namespace zc::engine::c
