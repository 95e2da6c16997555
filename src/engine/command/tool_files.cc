#include "engine/command/tool_files.h"

#include <algorithm>

#include "base/config_places.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/toml.h"
#include "compiler/detect.h"
#include "embedded/tool_files.h"

namespace zc::engine::command {

namespace {

using codec::Json;
using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

constexpr std::string_view kEnd = ".toml";

Result<std::vector<std::string>> texts(const Json& value, std::string_view key) {
  std::vector<std::string> out;
  for (const Json& element : value.elements()) {
    out.push_back(element.as_text());
  }
  const bool is_list = !out.empty() && std::ranges::find(out, std::string()) == out.end();
  return is_list ? Result<std::vector<std::string>>(std::move(out))
                 : fail(Code::kInvalid, str_cat(key, " must be a list of texts"));
}

Result<bool> flag(const Json& value, std::string_view key) {
  const std::string text = value.dump_line();
  return text == "true" || text == "false"
             ? Result<bool>(text == "true")
             : fail(Code::kInvalid, str_cat(key, " must be true or false"));
}

Result<> take(Tool& tool, const std::string& key, const Json& value) {
  if (key == "names") {
    TRY_ASSIGN(tool.names, texts(value, key));
  } else if (key == "ignored_arguments") {
    TRY_ASSIGN(const std::vector<std::string> expressions, texts(value, key));
    for (const std::string& expression : expressions) {
      TRY(add_key_filter(tool.options, expression));
    }
  } else if (key == "output_options") {
    TRY_ASSIGN(tool.output_options, texts(value, key));
  } else if (key == "reads_standard_input") {
    TRY_ASSIGN(tool.reads_standard_input, flag(value, key));
  } else if (key == "reads_file_times") {
    TRY_ASSIGN(tool.reads_file_times, flag(value, key));
  } else if (key == "shares_directories") {
    TRY_ASSIGN(const bool shares, flag(value, key));
    tool.options.keeps_cwd = !shares;
  } else {
    return fail(Code::kInvalid, str_cat("unknown key ", key));
  }
  return {};
}

bool is_for(const Tool& tool, std::string_view name) {
  return std::ranges::find(tool.names, name) != tool.names.end();
}

}  // namespace

Result<Tool> parse_tool(std::string_view toml) {
  TRY_ASSIGN(const Json read, codec::parse_toml(toml));
  Tool out;
  for (const auto& [key, value] : read.members()) {
    TRY(take(out, key, value));
  }
  if (out.names.empty()) {
    return fail(Code::kInvalid, "names is missing");
  }
  out.declaration = codec::digest_of(toml);
  return out;
}

ToolFiles::ToolFiles(const os::FileSystem& fs) : fs_(fs), config_(fs) {
  for (const embedded::EmbeddedFile& file : embedded::tool_files) {
    if (Result<Tool> tool = parse_tool(file.text)) {
      ours_.push_back(std::make_shared<const Tool>(*std::move(tool)));
    }
  }
}

OrBypass<std::shared_ptr<const Tool>> ToolFiles::find(std::string_view program,
                                                      const RequestEnvironment& env,
                                                      const std::string& cwd) {
  const std::string name(compiler::without_version(base_name(program)));
  std::shared_ptr<const Tool> out;
  for (const std::shared_ptr<const Tool>& tool : ours_) {
    if (is_for(*tool, name)) {
      out = tool;
    }
  }
  for (const std::string& directory : directories(env, cwd)) {
    auto names = fs_.list(os::FileSystem::kNoDirectory, directory.c_str());
    if (!names) {
      continue;
    }
    std::ranges::sort(*names);
    for (const std::string& file : *names) {
      if (!file.ends_with(kEnd)) {
        continue;
      }
      TRY_ASSIGN(std::shared_ptr<const Tool> tool, read(str_cat(directory, '/', file)));
      if (is_for(*tool, name)) {
        out = std::move(tool);
      }
    }
  }
  return out;
}

std::vector<std::string> ToolFiles::directories(const RequestEnvironment& env,
                                                const std::string& cwd) {
  const std::string config = user_config_directory(env.get("XDG_CONFIG_HOME"), env.get("HOME"));
  if (config.empty()) {
    return {};
  }
  std::vector<std::string> out = {str_cat(config, "/tools")};
  for (const std::string& directory : config_.trusted(config, cwd)) {
    out.push_back(str_cat(directory, "/.zccache/tools"));
  }
  return out;
}

ToolFiles::Read ToolFiles::read(const std::string& path) {
  os::FileStamp stamp;
  if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
    return bypass(Reason::kBadToolFile, path);
  }
  {
    const MutexLock lock(mutex_);
    const Known* known = known_.find(path);
    if (known != nullptr && known->stamp.same_content_as(stamp)) {
      return known->tool;
    }
  }
  const auto file =
      fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kArgumentFileBytesMax);
  if (!file) {
    return bypass(Reason::kBadToolFile, path);
  }
  Result<Tool> parsed = parse_tool(file->bytes);
  Read out = parsed ? Read(std::make_shared<const Tool>(*std::move(parsed)))
                    : bypass(Reason::kBadToolFile, str_cat(path, ": ", parsed.error().message));
  const MutexLock lock(mutex_);
  known_.put(path, {.stamp = file->stamp, .tool = out});
  return out;
}

}  // namespace zc::engine::command
