// Detection: is this program a compiler we know, by its name?
//
// The name says how the command line is read, and whether the driver compiles `.c` files as C++. It
// does not say whether a C compiler is gcc or clang: what the program prints does (c/family.h). An
// unknown name is no compiler.
//
// Header only: the observer has the same question, and no other code of this layer. So nothing here
// allocates or throws.
//
// Thread: any; no state.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/path.h"

namespace zc::compiler {

enum class Tool : std::uint8_t {
  kCc,      // gcc, clang and the like
  kRustc,   // rustc
  kClippy,  // clippy-driver: the words of rustc, perhaps after one that names it
  kRustfmt,
  kEmscripten,  // emcc, em++, emar, emranlib
  kFortran,     // gfortran, the driver of gcc for Fortran
  kNvcc,        // the driver of NVIDIA's compiler for CUDA
  kClangCl,     // clang that takes the words of Microsoft's compiler
};

constexpr bool is_of_rust(Tool tool) {
  return tool == Tool::kRustc || tool == Tool::kClippy || tool == Tool::kRustfmt;
}

// Drivers of the compilers of gcc and clang, which say what they are in the same way.
constexpr bool is_driver(Tool tool) {
  return tool == Tool::kCc || tool == Tool::kFortran || tool == Tool::kClangCl;
}

struct Detection {
  Tool tool = Tool::kCc;
  bool is_cxx_driver = false;  // g++, c++, clang++: C sources are compiled as C++
};

// Programs that make something of objects: by their names alone, as above.
enum class ObjectTool : std::uint8_t {
  kLinker,
  kArchiver,  // ar
  kEditor,    // rewrites a file, or makes another one of it: ranlib, strip, objcopy
};

namespace names {

struct Driver {
  std::string_view name;
  bool is_cxx;
};

inline constexpr std::array kDrivers = {
    Driver{"c++", true},     Driver{"cc", false}, Driver{"clang", false},
    Driver{"clang++", true}, Driver{"g++", true}, Driver{"gcc", false},
};

inline constexpr std::string_view kFortranDriver = "gfortran";

// How the names of drivers and of wrappers end: mpicc, mpicxx, mpiCC, my-g++.
inline constexpr std::array kWrapperEndings = {
    Driver{"++", true},  Driver{"cxx", true},    Driver{"CC", true},
    Driver{"cc", false}, Driver{"clang", false},
};

struct KnownObjectTool {
  std::string_view name;
  ObjectTool tool;
};

// "lld" and "mold" are what ld.lld and ld.mold may be symlinks to; so are llvm-ar and llvm-objcopy
// for llvm-ranlib and llvm-strip.
inline constexpr std::array kObjectTools = {
    KnownObjectTool{"ar", ObjectTool::kArchiver},
    KnownObjectTool{"dwp", ObjectTool::kEditor},
    KnownObjectTool{"gcc-ar", ObjectTool::kArchiver},
    KnownObjectTool{"gcc-ranlib", ObjectTool::kEditor},
    KnownObjectTool{"ld", ObjectTool::kLinker},
    KnownObjectTool{"ld.bfd", ObjectTool::kLinker},
    KnownObjectTool{"ld.gold", ObjectTool::kLinker},
    KnownObjectTool{"ld.lld", ObjectTool::kLinker},
    KnownObjectTool{"ld.mold", ObjectTool::kLinker},
    KnownObjectTool{"lld", ObjectTool::kLinker},
    KnownObjectTool{"llvm-ar", ObjectTool::kArchiver},
    KnownObjectTool{"llvm-dwp", ObjectTool::kEditor},
    KnownObjectTool{"llvm-objcopy", ObjectTool::kEditor},
    KnownObjectTool{"llvm-ranlib", ObjectTool::kEditor},
    KnownObjectTool{"llvm-strip", ObjectTool::kEditor},
    KnownObjectTool{"mold", ObjectTool::kLinker},
    KnownObjectTool{"objcopy", ObjectTool::kEditor},
    KnownObjectTool{"ranlib", ObjectTool::kEditor},
    KnownObjectTool{"strip", ObjectTool::kEditor},
    KnownObjectTool{"wasm-ld", ObjectTool::kLinker},
};

// Linters and other tools that tool files of ours declare (tools/*.toml), but for those that may
// read a terminal.
inline constexpr std::array<std::string_view, 6> kDeclaredTools = {
    "cl6x", "clang-check", "clang-tidy", "cppcheck", "include-what-you-use", "iwyu"};

struct NamedTool {
  std::string_view name;
  Tool tool;
};

inline constexpr std::array kNamedTools = {
    NamedTool{"clang-cl", Tool::kClangCl}, NamedTool{"clippy-driver", Tool::kClippy},
    NamedTool{"em++", Tool::kEmscripten},  NamedTool{"emar", Tool::kEmscripten},
    NamedTool{"emcc", Tool::kEmscripten},  NamedTool{"emranlib", Tool::kEmscripten},
    NamedTool{"nvcc", Tool::kNvcc},        NamedTool{"rustc", Tool::kRustc},
    NamedTool{"rustfmt", Tool::kRustfmt},
};

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_target_part(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
  });
}

// A target prefix has two to four parts: "x86_64-linux-gnu-", "arm-none-eabi-". A processor without
// a system has one.
constexpr bool is_target_prefix(std::string_view prefix) {
  if (prefix == "avr-" || prefix == "msp430-") {
    return true;
  }
  int parts = 0;
  while (!prefix.empty()) {
    const std::size_t dash = prefix.find('-');
    if (dash == std::string_view::npos ||
        !is_target_part({prefix.begin(), prefix.begin() + dash})) {
      return false;
    }
    prefix.remove_prefix(dash + 1);
    ++parts;
  }
  return parts >= 2 && parts <= 4;
}

// Whether `name` is one of the table's, perhaps behind a target prefix.
constexpr bool is_called(std::string_view name, std::string_view known) {
  if (!name.ends_with(known)) {
    return false;
  }
  name.remove_suffix(known.size());
  return name.empty() || is_target_prefix(name);
}

}  // namespace names

// "g++-12" and "clang-14.0.6" without their version; "gcc12" likewise.
constexpr std::string_view without_version(std::string_view name) {
  std::size_t end = name.size();
  while (end > 0 && (names::is_digit(name[end - 1]) || name[end - 1] == '.')) {
    --end;
  }
  if (end == name.size() || end == 0 ||
      !names::is_digit(name[end] == '.' ? name.back() : name[end])) {
    return name;
  }
  if (name[end - 1] == '-') {
    --end;
  }
  return {name.begin(), name.begin() + end};
}

// Of MinGW, Debian has compilers for each of two models of threads:
// "x86_64-w64-mingw32-gcc-12-posix".
constexpr std::string_view without_thread_model(std::string_view name) {
  for (const std::string_view model : {"-posix", "-win32"}) {
    if (name.ends_with(model) && name.contains("-mingw32-")) {
      return {name.begin(), name.end() - model.size()};
    }
  }
  return name;
}

// `tool` is a path or a name: "/usr/bin/x86_64-linux-gnu-g++-12" is g++. Only the name counts; the
// file need not exist.
constexpr std::optional<Detection> detect(std::string_view tool) {
  const std::string_view file = base_name(tool);
  const std::string_view name = without_version(without_thread_model(file));
  if (file == "cc1") {
    return std::nullopt;  // the part of gcc that compiles, not version 1 of cc
  }
  const auto* const named = std::ranges::find(names::kNamedTools, name, &names::NamedTool::name);
  if (named != names::kNamedTools.end()) {
    return Detection{.tool = named->tool};
  }
  if (names::is_called(name, names::kFortranDriver)) {
    return Detection{.tool = Tool::kFortran};
  }
  // A name may end like several drivers: clang++ ends like g++ and c++. "clan" is no target, so
  // only clang++ itself fits.
  const auto* const driver = std::ranges::find_if(names::kDrivers, [&](const names::Driver& known) {
    return names::is_called(name, known.name);
  });
  return driver == names::kDrivers.end()
             ? std::nullopt
             : std::optional(Detection{.tool = Tool::kCc, .is_cxx_driver = driver->is_cxx});
}

// A driver, or a program whose name ends like that of one, such as mpicc, my-gcc or cxx: it may be
// a wrapper, which starts a driver. Only a run shows whether it is.
constexpr std::optional<Detection> detect_wrapper(std::string_view tool) {
  const std::string_view file = base_name(tool);
  const std::string_view name = without_version(file);
  if (file == "cc1") {
    return std::nullopt;
  }
  const auto* const ending = std::ranges::find_if(
      names::kWrapperEndings,
      [&](const names::Driver& driver) { return name.ends_with(driver.name); });
  return ending == names::kWrapperEndings.end()
             ? std::nullopt
             : std::optional(Detection{.tool = Tool::kCc, .is_cxx_driver = ending->is_cxx});
}

// By their names alone, as above.
constexpr std::optional<ObjectTool> detect_object_tool(std::string_view tool) {
  const std::string_view name = without_version(without_thread_model(base_name(tool)));
  const auto* const known = std::ranges::find_if(
      names::kObjectTools,
      [&](const names::KnownObjectTool& each) { return names::is_called(name, each.name); });
  return known == names::kObjectTools.end() ? std::nullopt : std::optional(known->tool);
}

// A tool that every installation knows by a declaration of its own.
constexpr bool is_declared_tool(std::string_view tool) {
  return std::ranges::find(names::kDeclaredTools, without_version(base_name(tool))) !=
         names::kDeclaredTools.end();
}

}  // namespace zc::compiler
