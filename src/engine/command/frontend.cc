#include "engine/command/frontend.h"

#include <algorithm>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/digest.h"
#include "compiler/detect.h"
#include "engine/command/compile.h"
#include "engine/command/listed_files.h"
#include "engine/command/world_key.h"
#include "os/pattern.h"

namespace zc::engine::command {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// Words that differ where the result does not.
OrBypass<std::vector<os::Pattern>> patterns_of(const Options& options) {
  std::vector<os::Pattern> out;
  for (const std::string& text : options.key_filters) {
    Result<os::Pattern> pattern = os::Pattern::compile(text);
    if (!pattern) {
      return bypass(Reason::kBadCommandOptions, pattern.error().message);
    }
    out.push_back(*std::move(pattern));
  }
  return out;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// The files of the lists, too.
OrBypass<std::vector<std::string>> declared_inputs(const Dependencies& ours, const Compile& compile,
                                                   const wire::CompileRequest& request) {
  std::vector<std::string> out = compile.options.input_files;
  append(out, paths_in_list(request.input_list));
  for (const std::string& list : compile.options.input_lists) {
    const auto text =
        ours.fs.read(compile.directory.handle(), list.c_str(), limits::kArgumentFileBytesMax);
    if (!text) {
      return bypass(Reason::kNoInputFile, list);
    }
    append(out, paths_in_list(text->bytes));
  }
  append(out, included_files(ours.fs, compile.cwd, compile.options));
  if (!compile.standard_input.empty()) {
    out.push_back(compile.standard_input);
  }
  return out;
}

OrBypass<> take_standard_input(const os::FileSystem& fs, const wire::CompileRequest& request,
                               Compile& compile) {
  if (request.has_empty_stdin) {
    return {};
  }
  os::FileStamp stamp;
  const std::string path(request.stdin_path);
  const bool is_the_same = is_absolute(path) &&
                           fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 &&
                           stamp.dev == request.stdin_id.dev && stamp.ino == request.stdin_id.ino;
  if (!is_the_same) {
    return bypass(Reason::kStandardInput);
  }
  compile.standard_input = path;
  return {};
}

void add_declared(codec::KeyHasher& key, const Compile& compile,
                  const std::vector<KeyFile>& inputs) {
  const Options& options = compile.options;
  key.field("tool-hash", options.tool_hash);
  for (const KeyFile& input : inputs) {
    key.field("input", input.path);
    key.field("content", input.digest.view());
  }
  for (const std::string& name : options.input_variables) {
    key.field("variable", name);
    key.field("value", compile.env.get(name));
  }
  for (const std::string& text : options.extras) {
    key.field("extra", text);
  }
  for (const std::string& path : options.output_files) {
    key.field("output", path);
  }
  for (const std::string& path : options.depfiles) {
    key.field("depfile", path);
  }
}

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

OrBypass<Digest> key_of(const Dependencies& ours, const Compile& compile,
                        const wire::CompileRequest& request) {
  TRY_ASSIGN(const std::vector<os::Pattern> filters, patterns_of(compile.options));
  TRY_ASSIGN(const std::vector<std::string> paths, declared_inputs(ours, compile, request));
  TRY_ASSIGN(const std::vector<KeyFile> inputs, hash_key_files(ours, compile, paths));
  codec::KeyHasher key("zccache-command-1");
  key.field("tool", compile.tool);
  key.field("name", request.args.front());
  for (const std::string_view word : std::span(request.args).subspan(1)) {
    const bool is_left_out = std::ranges::any_of(
        filters, [&](const os::Pattern& pattern) { return pattern.is_in(std::string(word)); });
    if (!is_left_out) {
      key.field("arg", word);
    }
  }
  key.field("cwd", compile.options.keeps_cwd ? std::string_view(compile.cwd) : "");
  add_world(key, compile, request, ours.host_cpu);
  key.field("has-input", std::uint64_t{!request.has_empty_stdin});
  add_declared(key, compile, inputs);
  return key.finish();
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      drivers_(dependencies),
      scans_(dependencies.fs, dependencies.files),
      tools_(dependencies.fs) {}

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
  // Before anything else, so that a wrong option is an error each time.
  TRY(patterns_of(*options));
  const bool is_cached = !options->is_uncached && options->is_deterministic;
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, request, *std::move(options));
  if (!is_cached) {
    return bypass(Reason::kNotDeterministic, std::string(request.tool));
  }
  if (request.has_open_descriptors) {
    return bypass(Reason::kOpenDescriptors, std::string(request.tool));
  }
  TRY(take_standard_input(ours_.fs, request, *compile));
  return finish(request, std::move(compile));
}

// Such a tool needs none of the descriptors that it inherits.
CompileOrBypass Frontend::understand(const wire::CompileRequest& request, const Tool& tool) {
  Options options = tool.options;
  const std::vector<std::string> outputs = outputs_named(request.args, tool.output_options);
  options.output_files.insert(options.output_files.end(), outputs.begin(), outputs.end());
  options.extras.push_back(std::string(tool.declaration.view()));
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, request, std::move(options));
  if (tool.reads_standard_input) {
    TRY(take_standard_input(ours_.fs, request, *compile));
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
  TRY_ASSIGN(compile->manifest_key, key_of(ours_, *compile, request));
  return compile;
}

}  // namespace zc::engine::command
