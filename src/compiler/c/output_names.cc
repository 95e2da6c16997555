#include "compiler/c/output_names.h"

#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "compiler/c/depfile.h"

namespace zc::compiler::c {

namespace {

// Up to the last dot of the last component, even when that is its first character.
std::string_view cut_at_dot(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::size_t slash = path.rfind('/');
  const bool in_name =
      dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash);
  return in_name ? path.substr(0, dot) : path;
}

// gcc takes "./" (and slashes after it) off the names in a depfile.
std::string_view without_dot_slash(std::string_view path) {
  while (path.starts_with("./")) {
    path.remove_prefix(2);
    while (path.starts_with('/')) {
      path.remove_prefix(1);
    }
  }
  return path;
}

// gcc puts the targets of -MT before those of -MQ: the driver passes all -MQ first, and each -MT
// then takes the place of the first target that is quoted, which moves to the end.
std::vector<std::string> gcc_targets(const std::vector<NamedTarget>& named) {
  std::vector<std::string> out;
  for (const NamedTarget& target : named) {
    if (target.quoted) {
      out.push_back(quote_for_make(without_dot_slash(target.text)));
    }
  }
  std::size_t first_quoted = 0;
  for (const NamedTarget& target : named) {
    if (target.quoted) {
      continue;
    }
    std::string text(without_dot_slash(target.text));
    if (first_quoted < out.size()) {
      std::swap(text, out[first_quoted]);
    }
    out.push_back(std::move(text));
    ++first_quoted;
  }
  return out;
}

// clang keeps the order of the command.
std::vector<std::string> clang_targets(const std::vector<NamedTarget>& named) {
  std::vector<std::string> out;
  for (const NamedTarget& target : named) {
    out.push_back(target.quoted ? quote_for_make(target.text) : target.text);
  }
  return out;
}

}  // namespace

std::string default_output(std::string_view source, std::string_view suffix) {
  return str_cat(base_name(cut_at_dot(source)), suffix);
}

std::string side_output(Family family, std::string_view object, std::string_view source,
                        std::string_view suffix) {
  if (object.empty()) {
    return default_output(source, suffix);
  }
  return str_cat(family == Family::kGcc ? strip_extension(object) : cut_at_dot(object), suffix);
}

std::string default_depfile(std::string_view object, std::string_view source) {
  return object.empty() ? default_output(source, ".d") : str_cat(cut_at_dot(object), ".d");
}

std::vector<std::string> dependency_targets(Family family, const std::vector<NamedTarget>& named,
                                            std::string_view object, std::string_view source) {
  if (!named.empty()) {
    return family == Family::kGcc ? gcc_targets(named) : clang_targets(named);
  }
  const NamedTarget target = {
      .text = object.empty() ? default_output(source, ".o") : std::string(object), .quoted = true};
  return family == Family::kGcc ? gcc_targets({target}) : clang_targets({target});
}

}  // namespace zc::compiler::c
