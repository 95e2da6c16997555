#include "client/spare_output.h"

#include <string>
#include <string_view>
#include <utility>

namespace zc::client {

namespace {

// The last of several names counts, as for compilers.
const char* find_object(std::span<char* const> args) {
  bool compiles = false;
  const char* object = nullptr;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    compiles = compiles || arg == "-c";
    if (arg == "-o" && i + 1 < args.size()) {
      object = args[++i];
    }
  }
  return compiles ? object : nullptr;
}

}  // namespace

std::optional<os::UnnamedFile> make_spare_output(std::span<char* const> args) {
  constexpr std::uint32_t kObjectPermissions = 0666;
  const char* const object = find_object(args);
  if (object == nullptr) {
    return std::nullopt;
  }
  Result<os::UnnamedFile> spare = os::UnnamedFile::make_traceless(object, kObjectPermissions);
  return spare ? std::optional(*std::move(spare)) : std::nullopt;
}

}  // namespace zc::client
