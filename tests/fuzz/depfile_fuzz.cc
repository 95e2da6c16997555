// Depfiles: what is read is written back unchanged; and any list of names can be written.
#include <cstddef>
#include <cstdint>

#include "base/str.h"
#include "compiler/c/depfile.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  using namespace zc::compiler;
  using namespace zc::compiler::c;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> names;
  for (const std::string_view name : split(text, '\n')) {
    if (!name.empty()) {
      names.emplace_back(name);
    }
  }
  for (const Family family : {Family::kGcc, Family::kClang, Family::kClangOld}) {
    for (const bool phony : {false, true}) {
      const DepRequest request = {
          .style = DepStyle::kAll, .path = "d", .targets = {"a.o"}, .phony = phony};
      if (const auto deps = parse_depfile(text, request, family)) {
        fuzz::require(write_depfile(request, *deps, family) == text, "what is read is written");
      }
      const std::string written = write_depfile(request, names, family);
      if (const auto deps = parse_depfile(written, request, family)) {
        fuzz::require(write_depfile(request, *deps, family) == written, "writing is stable");
      }
    }
  }
  return 0;
}
