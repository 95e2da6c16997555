#include "history/crate.h"

#include <string_view>

#include "base/path.h"

namespace zc::history {

namespace {

// The value of an option, in the next word or behind a '='; empty: it is not there.
std::string_view value_of(const CommandRecord& record, std::string_view option) {
  for (std::size_t i = 0; i < record.args.size(); ++i) {
    const std::string_view word = record.args[i];
    if (word == option && i + 1 < record.args.size()) {
      return record.args[i + 1];
    }
    if (word.starts_with(option) && word.substr(option.size()).starts_with('=')) {
      return word.substr(option.size() + 1);
    }
  }
  return {};
}

bool has_word(const CommandRecord& record, std::string_view word) {
  for (const std::string& arg : record.args) {
    if (arg == word) {
      return true;
    }
  }
  return false;
}

bool is_in(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) || path.contains(std::string("/").append(directory));
}

// As cargo names and places them.
std::string type_of(const CommandRecord& record, std::string_view name) {
  if (has_word(record, "--test")) {
    return is_in(record.source, "benches/") ? "bench" : "test";
  }
  if (name.starts_with("build_script_")) {
    return "build-script";
  }
  if (is_in(record.source, "examples/")) {
    return "example";
  }
  const std::string_view type = value_of(record, "--crate-type");
  return std::string(type.empty() ? "bin" : type == "rlib" ? "lib" : type);
}

}  // namespace

Crate crate_of(const CommandRecord& record) {
  const std::string_view name = value_of(record, "--crate-name");
  return name.empty() ? Crate() : Crate{.name = std::string(name), .type = type_of(record, name)};
}

std::string output_extension_of(const CommandRecord& record) {
  if (record.outputs.empty()) {
    return {};
  }
  const std::string_view dotted = extension(record.outputs.front());
  if (dotted.size() > 1) {
    return std::string(dotted.substr(1));
  }
  return crate_of(record).name.empty() ? "" : "exe";
}

}  // namespace zc::history
