#include "compiler/c/language.h"

#include <algorithm>
#include <array>

#include "base/path.h"

namespace zc::compiler::c {

namespace {

struct Extension {
  std::string_view text;
  Language language;
  bool clang_only = false;
};

// Not here: .i and .ii (no depfile is written for them), headers, modules, Objective-C.
constexpr std::array kExtensions = {
    Extension{".C", Language::kCxx},         Extension{".C++", Language::kCxx, true},
    Extension{".CC", Language::kCxx, true},  Extension{".CPP", Language::kCxx},
    Extension{".CXX", Language::kCxx, true}, Extension{".S", Language::kAssemblerWithCpp},
    Extension{".c", Language::kC},           Extension{".c++", Language::kCxx},
    Extension{".cc", Language::kCxx},        Extension{".cp", Language::kCxx},
    Extension{".cpp", Language::kCxx},       Extension{".cxx", Language::kCxx},
    Extension{".s", Language::kAssembler},
};

}  // namespace

std::optional<Language> language_of_name(std::string_view name) {
  if (name == "c") {
    return Language::kC;
  }
  if (name == "c++") {
    return Language::kCxx;
  }
  if (name == "assembler-with-cpp") {
    return Language::kAssemblerWithCpp;
  }
  if (name == "assembler") {
    return Language::kAssembler;
  }
  return std::nullopt;
}

std::optional<Language> language_of_file(Family family, bool is_cxx_driver, std::string_view path) {
  const auto* it = std::ranges::find(kExtensions, extension(path), &Extension::text);
  if (it == kExtensions.end() || (it->clang_only && family == Family::kGcc)) {
    return std::nullopt;
  }
  return is_cxx_driver && it->language == Language::kC ? Language::kCxx : it->language;
}

}  // namespace zc::compiler::c
