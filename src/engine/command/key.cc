#include "engine/command/key.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/path.h"
#include "engine/command/listed_files.h"
#include "engine/command/world_key.h"

namespace zc::engine::command {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// Words that differ where the result does not.
bool is_left_out(const Options& options, const std::string& word) {
  return std::ranges::any_of(options.key_filters,
                             [&](const auto& pattern) { return pattern->is_in(word); });
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

}  // namespace

OrBypass<codec::Key> key_of(std::string_view frontend, const Dependencies& ours,
                            const Compile& compile, const wire::CompileRequest& request) {
  TRY_ASSIGN(const std::vector<std::string> paths, declared_inputs(ours, compile, request));
  TRY_ASSIGN(const std::vector<KeyFile> inputs, hash_key_files(ours, compile, paths));
  codec::KeyHasher key(frontend);
  key.field("tool", compile.tool);
  key.field("name", request.args.front());
  for (const std::string_view word : std::span(request.args).subspan(1)) {
    if (!is_left_out(compile.options, std::string(word))) {
      key.field("arg", word);
    }
  }
  key.field("cwd", compile.options.keeps_cwd ? std::string_view(compile.cwd) : "");
  add_world(key, compile, request, ours.host_cpu);
  key.field("has-input", std::uint64_t{!request.has_empty_stdin});
  add_declared(key, compile, inputs);
  return key.finish_key();
}

}  // namespace zc::engine::command
