#include "engine/c/place.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/path.h"
#include "engine/c/compile.h"
#include "engine/observed/checkout.h"
#include "engine/observed/output_text.h"
#include "engine/observed/precompiled.h"

namespace zc::engine::c {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// clang 14 writes the place of a lambda or of a type without a name into these, whatever the maps
// say; what a source computes of that (its length, say) shows nowhere.
constexpr std::array<std::string_view, 3> kNamesOfTypes = {"__FUNCSIG__", "__PRETTY_FUNCTION__",
                                                           "source_location"};
// These print it, and compute nothing.
constexpr std::array<std::string_view, 2> kAssertions = {"assert.h", "c++config.h"};

bool names_types(std::string_view path, std::string_view text) {
  return std::ranges::find(kAssertions, base_name(path)) == kAssertions.end() &&
         std::ranges::any_of(kNamesOfTypes,
                             [&](std::string_view name) { return text.contains(name); });
}

std::set<std::string_view> code_of(const Trace& trace) {
  std::set<std::string_view> out;
  for (const TracedProgram& program : trace.programs) {
    out.insert(program.path);
    out.insert(program.objects.begin(), program.objects.end());
  }
  return out;
}

// A source that spells the checkout may have led there from any other. One that cannot be read any
// more may be such a source.
bool binds(const Compile& compile, const PathAccess& seen) {
  if (is_precompiled(seen.path)) {
    return true;
  }
  const std::string path(seen.path);
  os::FileStamp stamp;
  if (compile.fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 &&
      !stamp.is_regular()) {
    return false;
  }
  const auto file =
      compile.fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
  const bool has_lambdas = compile.invocation.language == compiler::c::Language::kCxx &&
                           compile.invocation.family != compiler::c::Family::kGcc;
  return !file || spells_directory(file->bytes, compile.remap->checkout) ||
         (has_lambdas && names_types(path, file->bytes));
}

bool is_bound_by_input(const Compile& compile, const Trace& trace) {
  const std::set<std::string_view> code = code_of(trace);
  const std::string& checkout = compile.remap->checkout;
  return std::ranges::any_of(
             code, [&](std::string_view path) { return is_at_or_below(path, checkout); }) ||
         std::ranges::any_of(trace.accesses, [&](const PathAccess& seen) {
           return seen.opened && !code.contains(seen.path) && binds(compile, seen);
         });
}

// PATH only leads to programs.
bool is_bound_by_variable(const Compile& compile, const Trace& trace, const InputRules& rules) {
  return std::ranges::any_of(trace.variables, [&](const Query& query) {
    return query.about != "PATH" && !rules.is_uncounted(query.about) &&
           spells_directory(compile.env.get(query.about), compile.remap->checkout);
  });
}

}  // namespace

OrBypass<> bind_to_checkout(const Compile& compile, const RunOutputs& outputs, const Trace& trace,
                            const InputRules& rules, InputList& list) {
  const std::string& checkout = compile.remap->checkout;
  const Result<bool> is_in_output = is_in_an_output(outputs, checkout);
  if (!is_in_output) {
    return bypass(Reason::kUnreadableInput, is_in_output.error().message);
  }
  if (*is_in_output || may_hide_text(outputs) || outputs.out.contains(checkout) ||
      outputs.err.contains(checkout) || is_bound_by_variable(compile, trace, rules) ||
      is_bound_by_input(compile, trace)) {
    list.add_fact(compile, store::InputKind::kRoot, kCheckout);
  }
  return {};
}

}  // namespace zc::engine::c
