// Options of `zccache exec`: what the user declares of a command beyond what a run of it shows.
//
// Thread: values.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/pattern.h"

namespace zc::engine::command {

struct Options {
  std::vector<std::string> input_files;
  std::vector<std::string> input_lists;  // files with a path in each line
  std::vector<std::string> input_variables;
  std::vector<std::string> extras;
  std::vector<std::string> output_files;
  std::vector<std::string> depfiles;
  std::vector<std::string> scanned_files;
  std::vector<std::string> quote_directories;
  std::vector<std::string> include_directories;
  std::vector<std::string> system_directories;
  // Words of the command in which one of these is found are not in the key.
  std::vector<std::shared_ptr<const os::Pattern>> key_filters;
  std::string tool_hash;  // hex digits
  bool replays_out = true;
  bool replays_err = true;
  bool is_uncached = false;
  bool is_deterministic = true;
  bool keeps_cwd = true;  // in the key
};

// `words` as they were typed: `--option value`, `--option=value`. Errors: kInvalid, with a message
// for the user.
Result<Options> parse_options(const std::vector<std::string_view>& words);

// Errors: kInvalid, with what is wrong with the expression.
Result<> add_key_filter(Options& options, const std::string& expression);

}  // namespace zc::engine::command
