#include "engine/command/options.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/str.h"

namespace zc::engine::command {

namespace {

using Texts = std::vector<std::string> Options::*;

struct ListOption {
  std::string_view name;
  Texts values;
};
constexpr std::array<ListOption, 10> kLists = {{
    {.name = "--input-file", .values = &Options::input_files},
    {.name = "--input-file-list", .values = &Options::input_lists},
    {.name = "--input-env", .values = &Options::input_variables},
    {.name = "--input-extra", .values = &Options::extras},
    {.name = "--output-file", .values = &Options::output_files},
    {.name = "--depfile", .values = &Options::depfiles},
    {.name = "--include-scan", .values = &Options::scanned_files},
    {.name = "--iquote-dir", .values = &Options::quote_directories},
    {.name = "--include-dir", .values = &Options::include_directories},
    {.name = "--system-include", .values = &Options::system_directories},
}};

struct SwitchOption {
  std::string_view name;
  bool Options::* value;
  bool when_given;
};
constexpr std::array<SwitchOption, 5> kSwitches = {{
    {.name = "--output-stdout", .value = &Options::replays_out, .when_given = true},
    {.name = "--output-stderr", .value = &Options::replays_err, .when_given = true},
    {.name = "--no-cache", .value = &Options::is_uncached, .when_given = true},
    {.name = "--non-deterministic", .value = &Options::is_deterministic, .when_given = false},
    {.name = "--no-cwd-in-key", .value = &Options::keeps_cwd, .when_given = false},
}};

// The client has acted on these.
constexpr std::string_view kOfClient = "--input-file-stdin";
constexpr std::string_view kEndpoint = "--endpoint";

constexpr std::string_view kKeyFilter = "--key-args-filter";
constexpr std::string_view kToolHash = "--tool-hash";
constexpr std::size_t kHashDigits = 64;

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string_view>& words) : words_(words) {}

  Result<Options> parse() {
    while (next_ < words_.size()) {
      TRY(take(words_[next_++]));
    }
    return std::move(out_);
  }

 private:
  Result<> take(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    given_ =
        equals == std::string_view::npos ? std::nullopt : std::optional(word.substr(equals + 1));
    if (const auto* const list = std::ranges::find(kLists, name, &ListOption::name);
        list != kLists.end()) {
      TRY_ASSIGN(const std::string_view value, value_of(name));
      (out_.*list->values).emplace_back(value);
      return {};
    }
    if (const auto* const toggle = std::ranges::find(kSwitches, name, &SwitchOption::name);
        toggle != kSwitches.end()) {
      return set(*toggle);
    }
    if (name == kKeyFilter) {
      TRY_ASSIGN(const std::string_view value, value_of(name));
      return add_key_filter(out_, std::string(value));
    }
    if (name == kToolHash) {
      TRY_ASSIGN(const std::string_view value, value_of(name));
      out_.tool_hash = value;
      return is_hash(value) ? Result<>()
                            : fail(Code::kInvalid, "--tool-hash needs 64 hexadecimal digits");
    }
    if (name == kEndpoint) {
      TRY(value_of(name));
      return {};
    }
    return name == kOfClient
               ? Result<>()
               : fail(Code::kInvalid, str_cat("unknown option ", name, "; see `zccache exec`"));
  }

  Result<> set(const SwitchOption& option) {
    if (given_ && *given_ != "true" && *given_ != "false") {
      return fail(Code::kInvalid, str_cat(option.name, " is true or false, not ", *given_));
    }
    out_.*option.value = (given_ != "false") == option.when_given;
    return {};
  }

  Result<std::string_view> value_of(std::string_view name) {
    if (given_) {
      return *given_;
    }
    if (next_ == words_.size()) {
      return fail(Code::kInvalid, str_cat(name, " needs a value"));
    }
    return words_[next_++];
  }

  const std::vector<std::string_view>& words_;
  std::size_t next_ = 0;
  std::optional<std::string_view> given_;  // behind the '=' of the word at hand
  Options out_;
};

}  // namespace

Result<Options> parse_options(const std::vector<std::string_view>& words) {
  return Parser(words).parse();
}

Result<> add_key_filter(Options& options, const std::string& expression) {
  TRY_ASSIGN(os::Pattern pattern, os::Pattern::compile(expression));
  options.key_filters.push_back(std::make_shared<const os::Pattern>(std::move(pattern)));
  return {};
}

}  // namespace zc::engine::command
