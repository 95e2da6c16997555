#include "engine/emscripten/compile.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/digest.h"
#include "engine/emscripten/failure_messages.h"
#include "engine/emscripten/habits.h"
#include "engine/emscripten/package_numbers.h"
#include "engine/observed/failure.h"
#include "engine/observed/output_text.h"
#include "engine/observed/precompiled.h"
#include "os/read_parts.h"

namespace zc::engine::emscripten {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// What Emscripten has in the directory of its own cache as soon as it has filled that.
constexpr std::string_view kStampOfCache = "sysroot_install.stamp";
// What python keeps of the modules that it has read.
constexpr std::string_view kPythonModule = ".pyc";

// How clang's precompiled headers and modules begin. They have the times of the headers in them,
// and clang fails where a header has another one: no run shows these.
constexpr std::string_view kPrecompiled = "CPCH";

constexpr std::uint64_t kScriptBytesMax = std::uint64_t{1} << 26;

// A run that fills a cache takes other ways than the next one, which finds it filled.
bool is_in_a_cache(const os::FileSystem& fs, std::string_view path) {
  if (path.ends_with(kPythonModule)) {
    return true;
  }
  for (std::string_view directory = dir_name(path); directory != "/";
       directory = dir_name(directory)) {
    os::FileStamp stamp;
    const std::string stamp_of_cache = str_cat(directory, '/', kStampOfCache);
    if (fs.stat(os::FileSystem::kNoDirectory, stamp_of_cache.c_str(), stamp) == 0) {
      return true;
    }
  }
  return false;
}

// Names of temporary files are random. One that lies where no output does is known by its name
// there, or by that of its directory.
std::set<std::string_view> temporary_names(const Trace& trace) {
  std::set<std::string_view> directories;
  for (const LeftPath& left : trace.left) {
    directories.insert(dir_name(left.path));
  }
  const std::set<std::string_view> passing(trace.passing.begin(), trace.passing.end());
  std::set<std::string_view> out;
  for (const std::string_view path : passing) {
    const std::string_view directory = dir_name(path);
    if (!passing.contains(directory) && !directories.contains(directory)) {
      out.insert(base_name(path));
    }
  }
  return out;
}

OrBypass<> check_outputs(const os::FileSystem& fs, const Trace& trace) {
  const std::set<std::string_view> names = temporary_names(trace);
  for (const LeftPath& left : trace.left) {
    const std::string path(left.path);
    os::FileStamp stamp;
    if (fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 || !stamp.is_regular()) {
      continue;
    }
    const auto output = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
    if (!output) {
      return bypass(Reason::kModifiedOutputFile, path);
    }
    if (output->bytes.starts_with(kPrecompiled)) {
      return bypass(Reason::kUnrepeatableInput, path);
    }
    const auto found = std::ranges::find_if(
        names, [&](std::string_view name) { return output->bytes.contains(name); });
    if (found != names.end()) {
      return bypass(Reason::kUnrepeatableInput, str_cat(path, " names ", *found));
    }
  }
  return {};
}

// A command that failed has that for a reason.
template <class T>
OrBypass<T> unless_failed(const RunOutputs& outputs, OrBypass<T> result) {
  return result || outputs.exit_code == 0 ? std::move(result)
                                          : bypass(Reason::kCompileFailed, result.error().detail);
}

}  // namespace

OrBypass<std::unique_ptr<InputRules>> Compile::rules_for(const Trace& trace) const {
  for (const LeftPath& left : trace.left) {
    if (is_in_a_cache(fs, left.path) && !Habits::is_lock(left.path)) {
      return bypass(Reason::kSideEffect, std::string(left.path));
    }
  }
  const auto precompiled = std::ranges::find_if(trace.accesses, [](const PathAccess& seen) {
    return seen.opened && is_precompiled(seen.path);
  });
  if (precompiled != trace.accesses.end()) {
    return bypass(Reason::kUnrepeatableInput, std::string(precompiled->path));
  }
  TRY(check_outputs(fs, trace));
  return std::make_unique<Habits>(fs, env, trace,
                                  options.keeps_cwd ? std::string_view() : std::string_view(cwd));
}

// A compiler that may not write here or there says only that.
bool Compile::keeps_exit_code(int code) const {
  return code == 0 ||
         (takes_failures && code == 1 &&
          std::ranges::all_of(named_outputs, [&](const auto& path) { return may_write(path); }));
}

OrBypass<std::vector<FurtherOutput>> Compile::find_outputs(const RunOutputs& outputs) {
  return unless_failed(outputs, command::Compile::find_outputs(outputs));
}

// What chooses their directory, python has read as all variables.
OrBypass<> Compile::take_messages(const RunOutputs& outputs) {
  TRY_ASSIGN(temporary_, TemporaryNames::find(outputs.err, trace().passing));
  TRY_ASSIGN(const TemporaryNames printed, TemporaryNames::find(outputs.out, trace().passing));
  return printed.is_empty()
             ? OrBypass<>()
             : bypass(Reason::kUnrepeatableInput, "standard output names a temporary file");
}

std::string Compile::encode_messages(std::string_view err) const {
  return temporary_.hide(std::string(err));
}

std::optional<std::string> Compile::decode_messages(std::string kept) const {
  return renew_temporary_names(kept, static_cast<std::uint64_t>(start_ns));
}

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  return unless_failed(outputs, learn_run(outputs));
}

OrBypass<InputList> Compile::learn_run(const RunOutputs& outputs) {
  const bool has_failed = outputs.exit_code != 0;
  if (has_failed) {
    TRY(check_failure(outputs.out.empty() && are_about_inputs(outputs.err), trace()));
  }
  TRY_ASSIGN(InputList list, command::Compile::learn(outputs));
  if (has_failed && !list.doubts.empty()) {
    return bypass(Reason::kUnrepeatableInput, list.doubts.front());
  }
  if (!options.keeps_cwd) {
    TRY_ASSIGN(const bool is_bound, names_directory(outputs));
    if (is_bound) {
      list.add_fact(*this, store::InputKind::kSpelledPaths, "");
    }
  }
  return list;
}

std::optional<codec::Digest> Compile::fact(const FactName& name, Looks& looks) const {
  if (name.kind != store::InputKind::kSpelledPaths) {
    return command::Compile::fact(name, looks);
  }
  codec::KeyHasher key("zccache-emscripten-directory-1");
  key.field("cwd", cwd);
  key.field("pwd", env.get("PWD"));
  return key.finish();
}

std::optional<codec::Digest> Compile::repeated_part(const RunOutputs::Output& output) const {
  const bool has_packages = std::ranges::any_of(
      trace().openings, [](const Opening& opening) { return is_packager(opening.path); });
  if (!has_packages || output.fd < 0 || output.stamp.size_bytes > kScriptBytesMax) {
    return std::nullopt;
  }
  Result<std::string> script = output.bytes ? Result<std::string>(*output.bytes)
                                            : os::read_whole(output.fd, output.stamp.size_bytes);
  return script ? std::optional(codec::digest_of(without_package_numbers(*std::move(script))))
                : std::nullopt;
}

// A path that was made of the directory's name is right only there: one that is not spelled
// relative. So is what has the name in it.
OrBypass<bool> Compile::names_directory(const RunOutputs& outputs) const {
  // A shell looks whether PWD leads to where it is.
  const auto is_bound = [&](const PathAccess& seen) {
    return is_at_or_below(seen.path, cwd) && !seen.path.starts_with(roots.relative_prefix()) &&
           (seen.path != cwd || seen.opened || seen.listed);
  };
  if (std::ranges::any_of(trace().accesses, is_bound) ||
      std::ranges::any_of(trace().left, [&](const LeftPath& left) {
        return is_at_or_below(left.path, cwd) && !left.is_relative;
      })) {
    return true;
  }
  for (const std::string_view name : {std::string_view(cwd), env.get("PWD")}) {
    if (name.size() < 2) {
      continue;
    }
    const Result<bool> found = is_in_an_output(outputs, name);
    if (!found) {
      return bypass(Reason::kUnreadableInput, found.error().message);
    }
    if (*found || outputs.out.contains(name) || outputs.err.contains(name)) {
      return true;
    }
  }
  return false;
}

}  // namespace zc::engine::emscripten
