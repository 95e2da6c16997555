#include "engine/c/path_remaps.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"
#include "compiler/c/path_words.h"
#include "engine/c/compile.h"
#include "engine/observed/checkout.h"
#include "wire/environment.h"

namespace zc::engine::c {

namespace {

using compiler::c::PrefixMap;

// Letters that stand for themselves in depfiles, assembly, JSON and URIs, and that no map takes for
// its own. Headers of the system are searched for below /usr without a word that says so.
bool can_be_mapped(std::string_view checkout) {
  constexpr std::string_view kPlain = "/._+-";
  const auto is_plain = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kPlain.contains(c);
  };
  return checkout.size() > 1 && std::ranges::all_of(checkout, is_plain) &&
         !is_at_or_below(checkout, "/usr");
}

// Empty: it cannot be mapped.
std::string mapped_checkout(const os::FileSystem& fs, const Compile& compile) {
  std::string checkout = checkout_of(fs, compile.env, compile.cwd);
  while (checkout.ends_with('/')) {
    checkout.pop_back();
  }
  const Result<std::string> real = fs.real_path(checkout);
  const bool is_right = real && *real == checkout && can_be_mapped(checkout) &&
                        is_at_or_below(compile.cwd, checkout) &&
                        !is_at_or_below(compile.tool, checkout);
  return is_right ? checkout : std::string();
}

// A map of the user's own that has part of the checkout's name left in what it makes of a path.
bool maps_a_part(const PrefixMap& map, std::string_view checkout) {
  return map.from.size() < checkout.size() && checkout.starts_with(map.from);
}

// clang has the longest map win, of one prefix the first (clang 14; for macros also 19), gcc the
// last that fits. So ours come first, and stay away where the user maps the same or more.
std::vector<std::string> maps_for(const Compile& compile, std::string_view checkout) {
  // Without the slash it would fit a neighbour whose name only begins like that of the checkout.
  // But the working directory itself has none.
  const std::string_view slash = compile.cwd == checkout ? "" : "/";
  const std::string from = str_cat(checkout, slash);
  bool maps_debug_information = false;
  bool maps_macros = false;
  for (const std::string& word : compile.invocation.key_args) {
    const auto map = compiler::c::prefix_map_in_word(word);
    if (map && from.starts_with(map->from)) {
      maps_debug_information |= map->is_for_debug_information;
      maps_macros |= map->is_for_macros;
    }
  }
  std::vector<std::string> out;
  if (!maps_debug_information) {
    out.push_back(str_cat("-fdebug-prefix-map=", from, "=.", slash));
  }
  if (!maps_macros) {
    out.push_back(str_cat("-fmacro-prefix-map=", from, "=.", slash));
  }
  return out;
}

// Whether the checkout is in the directory `path`, or is the same: names that are looked for there
// may be those of the checkout.
bool leads_to_checkout(std::string_view path, std::string_view checkout) {
  return is_absolute(path) && is_at_or_below(checkout, without_dots(path));
}

bool is_bound_by_word(const PathRemap& remap, std::string_view word) {
  const RootedPath rest = below_checkout_in_word(remap, word);
  if (spells_directory(rest.path, remap.checkout)) {
    return true;
  }
  const auto at = compiler::c::path_in_word(word);
  if (!at || compiler::c::prefix_map_in_word(word) || !rest.root.empty()) {
    return false;
  }
  const bool is_of_file = word.starts_with("-include") || word.starts_with("-imacros");
  const std::string_view path = word.substr(*at);
  return leads_to_checkout(is_of_file ? dir_name(path) : path, remap.checkout);
}

bool is_bound_by_source(const PathRemap& remap, std::string_view source) {
  const RootedPath rest = below_checkout(remap, source);
  return spells_directory(rest.path, remap.checkout) ||
         (rest.root.empty() && leads_to_checkout(dir_name(source), remap.checkout));
}

bool is_bound_by_variable(const PathRemap& remap, std::string_view value) {
  return spells_directory(value, remap.checkout) ||
         std::ranges::any_of(split(value, ':'), [&](std::string_view path) {
           return leads_to_checkout(path, remap.checkout);
         });
}

bool is_bound(const PathRemap& remap, const Compile& compile) {
  return is_bound_by_source(remap, compile.invocation.source) ||
         std::ranges::any_of(
             compile.invocation.key_args,
             [&](const std::string& word) { return is_bound_by_word(remap, word); }) ||
         std::ranges::any_of(compile.env.those_of(wire::kKeyVariables), [&](const auto& variable) {
           return is_bound_by_variable(remap, variable.value);
         });
}

}  // namespace

void remap_paths(const os::FileSystem& fs, Compile& compile) {
  if (compile.env.get("ZCCACHE_PATH_REMAP") != "auto" || !compile.invocation.is_remappable ||
      !compiler::c::maps_prefixes(compile.toolchain->version)) {
    return;
  }
  PathRemap remap = {.checkout = mapped_checkout(fs, compile)};
  const bool is_mapped_in_part =
      std::ranges::any_of(compile.invocation.key_args, [&](const std::string& word) {
        const auto map = compiler::c::prefix_map_in_word(word);
        return map && maps_a_part(*map, remap.checkout);
      });
  if (remap.checkout.empty() || is_mapped_in_part) {
    return;
  }
  remap.injected = maps_for(compile, remap.checkout);
  remap.is_bound = is_bound(remap, compile);
  compile.roots.add(std::string(kCheckout), remap.checkout);
  compile.remap = std::move(remap);
}

RootedPath below_checkout(const PathRemap& remap, std::string_view path) {
  return is_at_or_below(path, remap.checkout)
             ? RootedPath{.root = std::string(kCheckout),
                          .path = std::string(path.substr(remap.checkout.size()))}
             : RootedPath{.root = {}, .path = std::string(path)};
}

RootedPath below_checkout_in_word(const PathRemap& remap, std::string_view word) {
  const std::size_t at = compiler::c::path_in_word(word).value_or(word.size());
  std::string_view path = word.substr(at);
  const auto map = compiler::c::prefix_map_in_word(word);
  const std::string_view behind = map ? path.substr(map->from.size()) : std::string_view();
  path.remove_suffix(behind.size());
  RootedPath out = below_checkout(remap, path);
  out.path = str_cat(word.substr(0, at), out.path, behind);
  return out;
}

}  // namespace zc::engine::c
