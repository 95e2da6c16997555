// Dep-info files of rustc: what is read is written back unchanged; and any names can be written.
#include <cstddef>
#include <cstdint>

#include "base/str.h"
#include "compiler/rust/dep_info.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::compiler;
  using namespace zc::compiler::rust;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto info = parse_dep_info(text)) {
    fuzz::require(write_dep_info(*info) == text, "what is read is written");
    fuzz::require(!info->files.empty(), "a file is named");
  }
  DepInfo made = {.targets = {"t"}, .files = {}, .env = {{"A", std::string(text)}}};
  for (const std::string_view name : split(text, '\n')) {
    if (!name.empty()) {
      made.files.emplace_back(name);
    }
  }
  const std::string written = write_dep_info(made);
  const auto read = parse_dep_info(written);
  fuzz::require(read || made.files.empty(), "what is written is read");
  if (read) {
    fuzz::require(read->files == made.files, "files come back");
    fuzz::require(read->env.size() == 1 && read->env[0].value == text, "values come back");
  }
  return 0;
}
