// Response files: words that were read, quoted again, are read as the same words.
#include <cstddef>
#include <cstdint>

#include "compiler/response_file.h"
#include "fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zc;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto words = compiler::split_response_file(text);
  if (!words) {
    return 0;
  }
  std::string again;
  for (const std::string& word : *words) {
    fuzz::require(!word.empty(), "no word is empty");
    again += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') {
        again += '\\';
      }
      again += c;
    }
    again += "\"\n";
  }
  fuzz::require(compiler::split_response_file(again) == words, "quoting keeps words");
  return 0;
}
