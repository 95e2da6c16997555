#include "engine/observed/message_files.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

// Domains of gettext(3): compilers, the tools that they start, and the C library. A distribution
// may add a version: "gcc-12".
constexpr std::array<std::string_view, 10> kDomains = {
    "bfd", "binutils", "cpplib", "gas", "gcc", "gold", "ld", "libc", "libstdc++", "opcodes",
};

// Of a locale, the files that programs make something of (locale(5)).
constexpr std::array<std::string_view, 6> kCategories = {
    "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES/SYS_LC_MESSAGES", "LC_MONETARY", "LC_NUMERIC", "LC_TIME",
};

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) {
    list.push_back(std::move(text));
  }
}

// "de_DE.UTF-8@euro": a language, and perhaps a territory, a codeset and a modifier.
struct LocaleName {
  std::string_view language;
  std::string_view territory;
  std::string_view codeset;
  std::string_view modifier;
};

// Cuts off what follows `separator`, with it.
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  const std::string_view out = text.substr(at);
  text = text.substr(0, at);
  return out;
}

LocaleName parts_of(std::string_view name) {
  LocaleName out;
  out.modifier = cut(name, '@');
  out.codeset = cut(name, '.');
  out.territory = cut(name, '_');
  out.language = name;
  return out;
}

// ".UTF-8" is also looked for as ".utf8", and ".8859-1" as ".iso88591".
std::string normalized(std::string_view codeset) {
  std::string out;
  bool has_letter = false;
  for (const char c : codeset.substr(std::min<std::size_t>(1, codeset.size()))) {
    const bool is_digit = c >= '0' && c <= '9';
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_digit || (lower >= 'a' && lower <= 'z')) {
      has_letter |= !is_digit;
      out += lower;
    }
  }
  return out.empty() ? out : str_cat(has_letter ? "." : ".iso", out);
}

// Under all names of a locale may be a catalogue, from the whole name to the language alone.
void add_names(std::string_view name, std::vector<std::string>& names) {
  const LocaleName parts = parts_of(name);
  for (const std::string_view territory : {parts.territory, std::string_view()}) {
    for (const std::string& codeset :
         {std::string(parts.codeset), normalized(parts.codeset), std::string()}) {
      for (const std::string_view modifier : {parts.modifier, std::string_view()}) {
        add_once(names, str_cat(parts.language, territory, codeset, modifier));
      }
    }
  }
}

// All languages that a category may be in.
std::vector<std::string> language_names(const RequestEnvironment& env) {
  std::vector<std::string> out;
  const auto add = [&](std::string_view name) {
    if (!name.empty() && name != "C" && name != "POSIX") {
      add_names(name, out);
    }
  };
  for (const auto& [name, value] : env.all()) {
    if (name == "LANG" || name.starts_with("LC_")) {
      add(value);
    }
  }
  // It counts only beside one of these.
  if (!out.empty()) {
    for (const std::string_view name : split(env.get("LANGUAGE"), ':')) {
      add(name);
    }
  }
  return out;
}

// Where the C library has its own, and where a program that lies in `bin` has its catalogues. One
// distribution adds a directory for the packages of languages.
std::vector<std::string> catalogue_directories(const Trace& trace) {
  std::vector<std::string> out = {"/usr/share/locale", "/usr/share/locale-langpack"};
  for (const TracedProgram& program : trace.programs) {
    const std::string_view directory = dir_name(program.path);
    if (base_name(directory) == "bin") {
      add_once(out, join_path(dir_name(directory), "share/locale"));
    }
  }
  return out;
}

void add_catalogues(const std::string& directory, const std::vector<std::string>& names,
                    MessageFiles& out) {
  out.files.push_back(str_cat(directory, "/locale.alias"));
  for (const std::string& name : names) {
    out.directories.push_back(str_cat(directory, '/', name, "/LC_MESSAGES"));
  }
}

// A locale that is not in the archive has a directory of its own.
void add_definitions(const RequestEnvironment& env, const std::string& cwd,
                     const std::vector<std::string>& names, MessageFiles& out) {
  std::vector<std::string> directories = {"/usr/lib/locale"};
  for (const std::string_view directory : split(env.get("LOCPATH"), ':')) {
    add_once(directories, join_path(cwd, directory));
  }
  out.files.emplace_back("/usr/lib/locale/locale-archive");
  for (const std::string& directory : directories) {
    for (const std::string& name : names) {
      for (const std::string_view category : kCategories) {
        out.files.push_back(str_cat(directory, '/', name, '/', category));
      }
    }
  }
}

// What converts between codesets lies beside the C library.
std::vector<std::string> conversion_directories(const RequestEnvironment& env,
                                                const std::string& cwd, const Trace& trace) {
  std::vector<std::string> out;
  for (const TracedProgram& program : trace.programs) {
    for (const std::string_view object : program.objects) {
      if (base_name(object) == "libc.so.6") {
        add_once(out, str_cat(dir_name(object), "/gconv"));
      }
    }
  }
  for (const std::string_view directory : split(env.get("GCONV_PATH"), ':')) {
    if (!directory.empty()) {
      add_once(out, join_path(cwd, directory));
    }
  }
  return out;
}

void add_conversions(const RequestEnvironment& env, const std::string& cwd, const Trace& trace,
                     MessageFiles& out) {
  for (const std::string& directory : conversion_directories(env, cwd, trace)) {
    out.files.push_back(str_cat(directory, "/gconv-modules.cache"));
    out.files.push_back(str_cat(directory, "/gconv-modules"));
    out.directories.push_back(str_cat(directory, "/gconv-modules.d"));
  }
}

}  // namespace

bool is_message_file(std::string_view name) {
  return name.ends_with(".conf") || std::ranges::any_of(kDomains, [&](std::string_view domain) {
           return name.starts_with(domain);
         });
}

MessageFiles message_files(const RequestEnvironment& env, const std::string& cwd,
                           const Trace& trace) {
  MessageFiles out;
  const std::vector<std::string> names = language_names(env);
  if (names.empty()) {
    return out;
  }
  add_conversions(env, cwd, trace, out);
  add_definitions(env, cwd, names, out);
  for (const std::string& directory : catalogue_directories(trace)) {
    add_catalogues(directory, names, out);
  }
  return out;
}

MessageFiles conversion_files(const RequestEnvironment& env, const std::string& cwd,
                              const Trace& trace) {
  MessageFiles out;
  add_conversions(env, cwd, trace, out);
  return out;
}

}  // namespace zc::engine
