// Options of `zccache exec`, a word in each line.
#include <cstddef>
#include <cstdint>

#include "base/str.h"
#include "engine/command/options.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::engine::command;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, '\n')) {
    words.push_back(word);
  }
  const Result<Options> options = parse_options(words);
  if (!options) {
    fuzz::require(!options.error().message.empty(), "a mistake has a message");
    return 0;
  }
  std::size_t values = options->key_filters.size();
  for (const auto* list :
       {&options->input_files, &options->input_lists, &options->input_variables, &options->extras,
        &options->output_files, &options->depfiles, &options->scanned_files,
        &options->quote_directories, &options->include_directories, &options->system_directories}) {
    values += list->size();
  }
  fuzz::require(values <= words.size(), "no value is made up");
  constexpr std::size_t kHashDigits = 64;
  fuzz::require(options->tool_hash.empty() || options->tool_hash.size() == kHashDigits,
                "a hash is whole");
  for (const auto& filter : options->key_filters) {
    (void)filter->is_in(std::string(text));
  }
  // No option has waited for a value, so this word is an option as well.
  words.push_back("--no-such-option");
  fuzz::require(!parse_options(words), "an unknown option is a mistake");
  return 0;
}
