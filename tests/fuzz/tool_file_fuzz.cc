// Files that declare a tool.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "codec/digest.h"
#include "engine/command/tool_files.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::engine::command;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Tool> tool = parse_tool(text);
  if (!tool) {
    fuzz::require(!tool.error().message.empty(), "a mistake has a message");
    return 0;
  }
  const auto has_empty = [](const std::vector<std::string>& texts) {
    return std::ranges::find(texts, std::string()) != texts.end();
  };
  fuzz::require(!tool->names.empty() && !has_empty(tool->names), "a tool has names");
  fuzz::require(!has_empty(tool->output_options), "an option has a name");
  fuzz::require(tool->declaration == codec::digest_of(text), "the whole text counts");
  for (const auto& filter : tool->options.key_filters) {
    (void)filter->is_in(std::string(text));
  }
  return 0;
}
