#include "engine/c/search_paths.h"

#include <algorithm>

#include "base/path.h"

namespace zc::engine::c {

namespace {

const char* language_name(compiler::c::Language language) {
  switch (language) {
    case compiler::c::Language::kCxx:
      return "c++";
    case compiler::c::Language::kAssemblerWithCpp:
      return "assembler-with-cpp";
    case compiler::c::Language::kC:
    case compiler::c::Language::kAssembler:  // includes nothing along a search path of headers
      break;
  }
  return "c";
}

}  // namespace

SearchPaths::Path SearchPaths::recall(const codec::Digest& key) {
  const MutexLock lock(mutex_);
  const Path* known = known_.find(key);
  return known == nullptr ? nullptr : *known;
}

// The compiler leaves out directories that do not exist, so the list depends on which of them do.
bool SearchPaths::still_holds(const compiler::c::SearchPath& path, const std::string& cwd) const {
  const auto is_directory = [&](const std::string& dir) {
    os::FileStamp stamp;
    return fs_->stat(os::FileSystem::kNoDirectory, join_path(cwd, dir).c_str(), stamp) == 0 &&
           stamp.is_directory();
  };
  return std::ranges::all_of(path.quote_dirs, is_directory) &&
         std::ranges::all_of(path.angle_dirs, is_directory) &&
         std::ranges::none_of(path.missing_dirs, is_directory);
}

Result<std::shared_ptr<const compiler::c::SearchPath>> SearchPaths::find(
    const std::string& tool, const Toolchain& toolchain, const compiler::c::Invocation& invocation,
    const RequestEnvironment& env, const std::string& cwd) {
  // The compiler prints one directory per line.
  const auto has_line_end = [](std::string_view text) { return text.contains('\n'); };
  if (std::ranges::any_of(invocation.search_args, has_line_end) ||
      std::ranges::any_of(env.all(), has_line_end,
                          &std::pair<const std::string_view, std::string_view>::second)) {
    return fail(Code::kInvalid, "a directory's name in the search path ends a line");
  }
  // All variables that the client sends count, not only the search variables: the list of those
  // that matter is in one place (wire/environment.h).
  codec::KeyHasher hasher("search-path");
  hasher.field("tool", tool);
  hasher.field("identity", toolchain.identity.view());
  hasher.field("language", language_name(invocation.language));
  hasher.field("cwd", cwd);
  for (const std::string& arg : invocation.search_args) {
    hasher.field("arg", arg);
  }
  for (const auto& [name, value] : env.all()) {
    hasher.field("env", name);
    hasher.field("value", value);
  }
  const codec::Digest key = hasher.finish();
  if (Path found = recall(key); found != nullptr && still_holds(*found, cwd)) {
    return found;
  }
  os::Command command{.args = {tool}, .env = env.for_probe(), .cwd = cwd};
  command.args.insert(command.args.end(), invocation.search_args.begin(),
                      invocation.search_args.end());
  command.args.insert(command.args.end(), {"-E", "-v", "-x", language_name(invocation.language),
                                           "/dev/null", "-o", "/dev/null"});
  TRY_ASSIGN(const os::CommandOutput output, runner_->run(command));
  if (output.exit_code != 0) {
    return fail(Code::kInvalid, tool + " -E -v failed");
  }
  TRY_ASSIGN(compiler::c::SearchPath parsed, compiler::c::parse_search_path(output.err));
  auto fresh = std::make_shared<const compiler::c::SearchPath>(std::move(parsed));
  const MutexLock lock(mutex_);
  known_.put(key, fresh);
  return fresh;
}

}  // namespace zc::engine::c
