#include "engine/observed/locale_paths.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

constexpr std::string_view kLocales = "/usr/lib/locale";

// The second is where Ubuntu has them.
constexpr std::array<std::string_view, 2> kCatalogues = {"/usr/share/locale",
                                                         "/usr/share/locale-langpack"};

// Of a locale, a file for each category; that of messages may be in a directory of its own.
constexpr std::array<std::string_view, 13> kCategories = {
    "LC_ADDRESS",     "LC_COLLATE",  "LC_CTYPE",    "LC_IDENTIFICATION",
    "LC_MEASUREMENT", "LC_MESSAGES", "LC_MONETARY", "LC_MESSAGES/SYS_LC_MESSAGES",
    "LC_NAME",        "LC_NUMERIC",  "LC_PAPER",    "LC_TELEPHONE",
    "LC_TIME"};

constexpr std::array<std::string_view, 8> kOfCompilers = {"bash", "bfd", "binutils", "cpplib",
                                                          "gas",  "gcc", "libc",     "opcodes"};

bool is_built_in(std::string_view name) {
  return name.empty() || name == "C" || name == "POSIX";
}

// What the variables name: LC_ALL alone if it is set, else LC_* and LANG.
std::set<std::string_view> locales_of(const RequestEnvironment& env) {
  std::set<std::string_view> out;
  if (!env.get("LC_ALL").empty()) {
    out.insert(env.get("LC_ALL"));
  } else {
    for (const auto& [name, value] : env.all()) {
      if (name.starts_with("LC_") || name == "LANG") {
        out.insert(value);
      }
    }
  }
  std::erase_if(out, is_built_in);
  return out;
}

// Cuts off what follows the last `mark` of a name, with the mark.
std::string_view cut_tail(std::string_view& name, char mark) {
  const std::size_t at = std::min(name.rfind(mark), name.size());
  const std::string_view tail = name.substr(at);
  name = name.substr(0, at);
  return tail;
}

// "UTF-8" is also looked for as "utf8", "8859-1" as "iso88591".
std::string normalized(std::string_view codeset) {
  std::string out;
  for (const char c : codeset) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  const bool is_number = std::ranges::all_of(
      out, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  return str_cat(is_number && !out.empty() ? ".iso" : ".", out);
}

// A locale is language[_territory][.codeset][@modifier]. It is looked for with all of its parts,
// and without some.
void add_variants(std::string_view locale, std::set<std::string>& out) {
  const std::string_view modifier = cut_tail(locale, '@');
  const std::string_view codeset = cut_tail(locale, '.');
  const std::string_view territory = cut_tail(locale, '_');
  for (const std::string_view place : {territory, std::string_view()}) {
    for (const std::string& code : {std::string(codeset), normalized(codeset), std::string()}) {
      for (const std::string_view last : {modifier, std::string_view()}) {
        out.insert(str_cat(locale, place, code == "." ? "" : code, last));
      }
    }
  }
}

std::vector<std::string> locale_directories(const RequestEnvironment& env, std::string_view cwd) {
  std::vector<std::string> out = {std::string(kLocales)};
  for (const std::string_view directory : split(env.get("LOCPATH"), ':')) {
    if (!directory.empty()) {
      out.push_back(join_path(cwd, directory));
    }
  }
  return out;
}

}  // namespace

LocalePaths locale_paths(const RequestEnvironment& env, std::string_view cwd) {
  LocalePaths out;
  std::set<std::string> variants;
  for (const std::string_view locale : locales_of(env)) {
    add_variants(locale, variants);
  }
  if (variants.empty()) {
    return out;
  }
  out.archives.push_back(str_cat(kLocales, "/locale-archive"));
  out.files.push_back(str_cat(kCatalogues.front(), "/locale.alias"));
  for (const std::string& directory : locale_directories(env, cwd)) {
    for (const std::string& variant : variants) {
      for (const std::string_view category : kCategories) {
        out.files.push_back(str_cat(directory, '/', variant, '/', category));
      }
    }
  }
  for (const std::string_view language : split(env.get("LANGUAGE"), ':')) {
    add_variants(language, variants);
  }
  variants.erase("");
  for (const std::string_view directory : kCatalogues) {
    for (const std::string& variant : variants) {
      out.catalogues.push_back(str_cat(directory, '/', variant, "/LC_MESSAGES"));
    }
  }
  return out;
}

bool is_catalogue_of_compiler(std::string_view name) {
  return std::ranges::any_of(kOfCompilers,
                             [&](std::string_view program) { return name.starts_with(program); });
}

}  // namespace zc::engine
