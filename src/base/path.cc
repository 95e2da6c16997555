#include "base/path.h"

#include "base/str.h"

namespace zc {

std::string_view dir_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return ".";
  }
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string join_path(std::string_view base, std::string_view path) {
  if (is_absolute(path)) {
    return std::string(path);
  }
  return base.ends_with('/') ? str_cat(base, path) : str_cat(base, '/', path);
}

std::string_view extension(std::string_view path) {
  const std::string_view name = base_name(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

bool is_at_or_below(std::string_view path, std::string_view directory) {
  while (directory.ends_with('/')) {
    directory.remove_suffix(1);
  }
  // "/" has become the empty text by now, and every absolute path is below it.
  return path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

std::string without_dots(std::string_view path) {
  std::string out;
  const bool is_directory = path.size() > 1 && (path.ends_with('/') || path.ends_with("/."));
  if (path.starts_with('/')) {
    out = '/';
  }
  for (const std::string_view part : split(path, '/')) {
    if (!part.empty() && part != ".") {
      if (!out.empty() && !out.ends_with('/')) {
        out += '/';
      }
      out += part;
    }
  }
  if (is_directory && !out.ends_with('/')) {
    out += '/';
  }
  return out;
}

bool has_dotdot(std::string_view path) {
  for (std::size_t at = path.find(".."); at != std::string_view::npos;
       at = path.find("..", at + 1)) {
    const bool begins = at == 0 || path[at - 1] == '/';
    if (begins && (at + 2 == path.size() || path[at + 2] == '/')) {
      return true;
    }
  }
  return false;
}

std::string_view strip_extension(std::string_view path) {
  return path.substr(0, path.size() - extension(path).size());
}

std::vector<std::string> paths_in_list(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t last = line.find_last_not_of(" \t\r\v\f");
    if (last != std::string_view::npos) {
      out.emplace_back(line.substr(0, last + 1));
    }
  }
  return out;
}

}  // namespace zc
