#include "engine/command/frontend.h"

#include <algorithm>
#include <span>

#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "engine/command/compile.h"
#include "engine/command/key.h"
#include "engine/command/standard_input.h"

namespace zc::engine::command {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// The words behind these options, or behind their `=`.
std::vector<std::string> outputs_named(const std::vector<std::string_view>& words,
                                       const std::vector<std::string>& options) {
  std::vector<std::string> out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    for (const std::string& option : options) {
      if (words[i] == option && i + 1 < words.size()) {
        out.emplace_back(words[i + 1]);
      } else if (words[i].starts_with(str_cat(option, '='))) {
        out.emplace_back(words[i].substr(option.size() + 1));
      }
    }
  }
  return out;
}

// Standard input itself, or a file with further words.
bool may_name_standard_input(std::string_view word) {
  return word == "-" || word.ends_with("=-") || word.starts_with('@');
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      drivers_(dependencies),
      scans_(dependencies.fs, dependencies.files),
      tools_(dependencies.fs),
      compared_times_(dependencies.fs) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  if (request.is_declared) {
    return understand(request);
  }
  if (compiler::detect(request.tool)) {
    return std::nullopt;
  }
  const auto tool =
      tools_.find(request.tool, RequestEnvironment(request.env), std::string(request.cwd));
  if (!tool) {
    return std::unexpected(tool.error());
  }
  return *tool == nullptr ? std::nullopt : std::optional(understand(request, **tool));
}

CompileOrBypass Frontend::understand(const wire::CompileRequest& request) {
  Result<Options> options = parse_options(request.options);
  if (!options) {
    return bypass(Reason::kBadCommandOptions, options.error().message);
  }
  const bool is_cached = !options->is_uncached && options->is_deterministic;
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, request, *std::move(options));
  if (!is_cached) {
    return bypass(Reason::kNotDeterministic, std::string(request.tool));
  }
  if (request.has_open_descriptors) {
    return bypass(Reason::kOpenDescriptors, std::string(request.open_descriptor));
  }
  TRY_ASSIGN(compile->standard_input, find_standard_input(ours_.fs, request));
  return finish(request, std::move(compile));
}

// Such a tool needs none of the descriptors that it inherits, unless it is told to.
CompileOrBypass Frontend::understand(const wire::CompileRequest& request, const Tool& tool) {
  Options options = tool.options;
  const std::vector<std::string> outputs = outputs_named(request.args, tool.output_options);
  options.output_files.insert(options.output_files.end(), outputs.begin(), outputs.end());
  options.extras.push_back(std::string(tool.declaration.view()));
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, request, std::move(options));
  compile->inherits_unknown = true;
  if (!tool.reads_file_times) {
    compile->idle_lookers = tool.names;
    compile->compared_times = &compared_times_;
  }
  if (tool.reads_standard_input ||
      std::ranges::any_of(std::span(request.args).subspan(1), may_name_standard_input)) {
    TRY_ASSIGN(compile->standard_input, find_standard_input(ours_.fs, request));
  }
  return finish(request, std::move(compile));
}

CompileOrBypass Frontend::finish(const wire::CompileRequest& request,
                                 std::unique_ptr<Compile> compile) {
  compile->source = base_name(request.tool);
  TRY(enter_world(ours_, request, *compile));
  if (!compile->options.keeps_cwd) {
    compile->roots.keep_relative(compile->cwd);
  }
  TRY_ASSIGN(codec::Key key, key_of("zccache-command-1", ours_, *compile, request));
  compile->set_key(std::move(key));
  return compile;
}

}  // namespace zc::engine::command
