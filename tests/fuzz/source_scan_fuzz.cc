// Sources: what is found does not depend on where in the file it stands.
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "compiler/c/source_scan.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  const auto all_of = [](const compiler::c::ScanFacts& facts) {
    return std::tuple(facts.time_macro, facts.date_macro, facts.timestamp_macro, facts.incbin,
                      facts.embed, facts.has_include_computed, facts.probes);
  };
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto expected = all_of(compiler::c::scan_source(text));
  for (const std::size_t shift : {1U, 7U, 15U, 16U}) {
    const std::string shifted = std::string(shift, '\n') + text + " ";
    const auto found = all_of(compiler::c::scan_source(shifted));
    fuzz::require(found == expected, "a shift changes nothing");
  }
  return 0;
}
