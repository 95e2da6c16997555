#include "engine/command/frontend.h"

#include <algorithm>
#include <array>
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

// How sources of languages end that are compiled.
constexpr std::array<std::string_view, 24> kSources = {
    ".C",   ".F", ".F90", ".S",   ".adb", ".asm",  ".c", ".c++", ".cc", ".cl",  ".cpp", ".cu",
    ".cxx", ".d", ".f",   ".f90", ".for", ".ispc", ".m", ".ml",  ".mm", ".pas", ".s",   ".swift"};

bool names_output(std::string_view word) {
  return word.starts_with("-o") && !word.starts_with("-o=");
}

// The source of a command that has the form of a compile: `-c`, `-o`, and a file that is there and
// ends like a source. Nothing for any other, and for one that names a compiler that we know: what
// starts that may do anything else.
std::optional<std::string> source_of_compile(const os::FileSystem& fs,
                                             const wire::CompileRequest& request) {
  const auto words = std::span(request.args).subspan(1);
  const bool is_known =
      compiler::detect(request.tool) || compiler::detect_object_tool(request.tool) ||
      std::ranges::any_of(words,
                          [](std::string_view word) { return compiler::detect(word).has_value(); });
  if (is_known || std::ranges::find(words, "-c") == words.end() ||
      std::ranges::none_of(words, names_output)) {
    return std::nullopt;
  }
  const auto source = std::ranges::find_if(words, [&](std::string_view word) {
    os::FileStamp stamp;
    return !word.starts_with('-') &&
           std::ranges::find(kSources, extension(word)) != kSources.end() &&
           fs.stat(os::FileSystem::kNoDirectory, join_path(request.cwd, word).c_str(), stamp) ==
               0 &&
           stamp.is_regular();
  });
  return source == words.end() ? std::nullopt : std::optional(std::string(*source));
}

// Standard input itself, or a file with further words.
bool may_name_standard_input(std::string_view word) {
  return word == "-" || word.ends_with("=-") || word.starts_with('@');
}

}  // namespace

OrBypass<std::unique_ptr<Compile>> FrontendOfTools::understand(const wire::CompileRequest& request,
                                                               const Tool& tool) {
  Options options = tool.options;
  const std::vector<std::string> outputs = outputs_named(request.args, tool.output_options);
  options.output_files.insert(options.output_files.end(), outputs.begin(), outputs.end());
  options.extras.push_back(std::string(tool.declaration.view()));
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, request, std::move(options));
  // Such a tool needs none of the descriptors that it inherits, unless it is told to.
  compile->inherits_unknown = true;
  if (!tool.reads_file_times) {
    compile->idle_lookers = tool.names;
    compile->compared_times = &compared_times_;
  }
  if (tool.reads_standard_input ||
      std::ranges::any_of(std::span(request.args).subspan(1), may_name_standard_input)) {
    TRY_ASSIGN(compile->standard_input, find_standard_input(ours_.fs, request));
  }
  TRY(finish(request, *compile));
  return compile;
}

OrBypass<> FrontendOfTools::finish(const wire::CompileRequest& request, Compile& compile) const {
  compile.source = base_name(request.tool);
  TRY(enter_world(ours_, request, compile));
  if (!compile.options.keeps_cwd) {
    compile.roots.keep_relative(compile.cwd);
  }
  TRY_ASSIGN(codec::Key key, key_of("zccache-command-1", ours_, compile, request));
  compile.set_key(std::move(key));
  return {};
}

Frontend::Frontend(const Dependencies& dependencies)
    : FrontendOfTools(dependencies), tools_(dependencies.fs) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  if (request.is_declared) {
    return understand_declared(request);
  }
  if (compiler::detect(request.tool)) {
    return std::nullopt;
  }
  const auto tool =
      tools_.find(request.tool, RequestEnvironment(request.env), std::string(request.cwd));
  if (!tool) {
    return std::unexpected(tool.error());
  }
  return *tool == nullptr ? std::nullopt
                          : std::optional<CompileOrBypass>(understand(request, **tool));
}

CompileOrBypass Frontend::understand_declared(const wire::CompileRequest& request) {
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
  TRY(finish(request, *compile));
  return compile;
}

std::optional<CompileOrBypass> UnknownFrontend::claim(const wire::CompileRequest& request) {
  const std::optional<std::string> source = source_of_compile(ours_.fs, request);
  if (!source) {
    return std::nullopt;
  }
  const Tool unknown = {.reads_standard_input = false, .output_options = {"-o"}};
  OrBypass<std::unique_ptr<Compile>> compile = understand(request, unknown);
  if (!compile) {
    return std::unexpected(compile.error());
  }
  (*compile)->source = *source;
  (*compile)->keeps_failures = false;
  return *std::move(compile);
}

}  // namespace zc::engine::command
