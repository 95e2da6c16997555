#include "compiler/detect.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"

namespace zc::compiler {

namespace {

struct Driver {
  std::string_view name;
  bool is_cxx;
};

constexpr std::array kDrivers = {
    Driver{"c++", true},     Driver{"cc", false}, Driver{"clang", false},
    Driver{"clang++", true}, Driver{"g++", true}, Driver{"gcc", false},
};

// How the names of drivers and of wrappers end: mpicc, mpicxx, mpiCC, my-g++.
constexpr std::array kWrapperEndings = {
    Driver{"++", true},  Driver{"cxx", true},    Driver{"CC", true},
    Driver{"cc", false}, Driver{"clang", false},
};

struct KnownObjectTool {
  std::string_view name;
  ObjectTool tool;
};

// "lld" and "mold" are what ld.lld and ld.mold may be symlinks to; so are llvm-ar and llvm-objcopy
// for llvm-ranlib and llvm-strip.
constexpr std::array kObjectTools = {
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
};

struct NamedTool {
  std::string_view name;
  Tool tool;
};

constexpr std::array kNamedTools = {
    NamedTool{"clippy-driver", Tool::kClippy}, NamedTool{"em++", Tool::kEmscripten},
    NamedTool{"emar", Tool::kEmscripten},      NamedTool{"emcc", Tool::kEmscripten},
    NamedTool{"emranlib", Tool::kEmscripten},  NamedTool{"rustc", Tool::kRustc},
    NamedTool{"rustfmt", Tool::kRustfmt},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_target_part(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
  });
}

// A target prefix has two to four parts: "x86_64-linux-gnu-", "arm-none-eabi-".
bool is_target_prefix(std::string_view prefix) {
  if (!prefix.ends_with('-')) {
    return false;
  }
  const std::vector<std::string_view> parts = split(prefix.substr(0, prefix.size() - 1), '-');
  return parts.size() >= 2 && parts.size() <= 4 && std::ranges::all_of(parts, is_target_part);
}

}  // namespace

std::string_view without_version(std::string_view name) {
  std::size_t end = name.size();
  while (end > 0 && (is_digit(name[end - 1]) || name[end - 1] == '.')) {
    --end;
  }
  if (end == name.size() || end == 0 || !is_digit(name[end] == '.' ? name.back() : name[end])) {
    return name;
  }
  if (name[end - 1] == '-') {
    --end;
  }
  return name.substr(0, end);
}

std::optional<Detection> detect(std::string_view tool) {
  const std::string_view name = without_version(base_name(tool));
  if (base_name(tool) == "cc1") {
    return std::nullopt;  // the part of gcc that compiles, not version 1 of cc
  }
  const auto* const named = std::ranges::find(kNamedTools, name, &NamedTool::name);
  if (named != kNamedTools.end()) {
    return Detection{.tool = named->tool};
  }
  // A name may end like several drivers: clang++ ends like g++ and c++. "clan" is no target, so
  // only clang++ itself fits.
  for (const Driver& driver : kDrivers) {
    if (name.ends_with(driver.name)) {
      const std::string_view prefix = name.substr(0, name.size() - driver.name.size());
      if (prefix.empty() || is_target_prefix(prefix)) {
        return Detection{.tool = Tool::kCc, .is_cxx_driver = driver.is_cxx};
      }
    }
  }
  return std::nullopt;
}

std::optional<Detection> detect_wrapper(std::string_view tool) {
  const std::string_view name = without_version(base_name(tool));
  if (base_name(tool) == "cc1") {
    return std::nullopt;
  }
  const auto* const ending = std::ranges::find_if(
      kWrapperEndings, [&](const Driver& driver) { return name.ends_with(driver.name); });
  return ending == kWrapperEndings.end()
             ? std::nullopt
             : std::optional(Detection{.tool = Tool::kCc, .is_cxx_driver = ending->is_cxx});
}

std::optional<ObjectTool> detect_object_tool(std::string_view tool) {
  const std::string_view name = without_version(base_name(tool));
  for (const KnownObjectTool& known : kObjectTools) {
    if (name.ends_with(known.name)) {
      const std::string_view prefix = name.substr(0, name.size() - known.name.size());
      if (prefix.empty() || is_target_prefix(prefix)) {
        return known.tool;
      }
    }
  }
  return std::nullopt;
}

}  // namespace zc::compiler
