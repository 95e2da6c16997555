// Detection: is this program a compiler we know, by its name?
//
// The name says how the command line is read, and whether the driver compiles `.c` files as C++. It
// does not say whether a C compiler is gcc or clang: what the program prints does (c/family.h). An
// unknown name is no compiler.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zc::compiler {

enum class Tool : std::uint8_t {
  kCc,      // gcc, clang and the like
  kRustc,   // rustc
  kClippy,  // clippy-driver: the words of rustc, perhaps after one that names it
  kRustfmt,
  kEmscripten,  // emcc, em++, emar, emranlib
};

constexpr bool is_of_rust(Tool tool) {
  return tool == Tool::kRustc || tool == Tool::kClippy || tool == Tool::kRustfmt;
}

struct Detection {
  Tool tool = Tool::kCc;
  bool is_cxx_driver = false;  // g++, c++, clang++: C sources are compiled as C++
};

// `tool` is a path or a name: "/usr/bin/x86_64-linux-gnu-g++-12" is g++. Only the name counts; the
// file need not exist.
std::optional<Detection> detect(std::string_view tool);

// "g++-12" and "clang-14.0.6" without their version; "gcc12" likewise.
std::string_view without_version(std::string_view name);

// A driver, or a program whose name ends like that of one, such as mpicc, my-gcc or cxx: it may be
// a wrapper, which starts a driver. Only a run shows whether it is.
std::optional<Detection> detect_wrapper(std::string_view tool);

// Programs that make something of objects: by their names alone, as above.
enum class ObjectTool : std::uint8_t {
  kLinker,
  kArchiver,  // ar
  kEditor,    // rewrites a file, or makes another one of it: ranlib, strip, objcopy
};
std::optional<ObjectTool> detect_object_tool(std::string_view tool);

}  // namespace zc::compiler
