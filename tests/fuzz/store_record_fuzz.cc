// Records of the store's index, from bytes that anybody may have written. The first byte chooses
// the kind of record. What decodes must survive being encoded again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "store/records.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void manifest(std::string_view bytes) {
  const auto decoded = zc::store::decode_manifest(bytes);
  if (!decoded) {
    return;
  }
  const auto again = zc::store::decode_manifest(zc::store::encode(*decoded));
  require(again && again->sets.size() <= decoded->sets.size());
  for (std::size_t i = 0; i < again->sets.size(); ++i) {
    const auto& a = decoded->sets[i];
    const auto& b = again->sets[i];
    require(a.deps == b.deps && a.others == b.others && a.result == b.result);
  }
}

void result(std::string_view bytes) {
  const auto decoded = zc::store::decode_result(bytes);
  if (!decoded) {
    return;
  }
  const auto again = zc::store::decode_result(zc::store::encode(*decoded));
  require(again && again->record.outputs.size() == decoded->record.outputs.size() &&
          again->record.compile_ns == decoded->record.compile_ns &&
          again->stored_ns == decoded->stored_ns);
  for (std::size_t i = 0; i < again->record.outputs.size(); ++i) {
    require(again->record.outputs[i].name == decoded->record.outputs[i].name);
  }
}

void input(std::string_view bytes) {
  const auto decoded = zc::store::decode_input(bytes);
  if (!decoded) {
    return;
  }
  const auto again = zc::store::decode_input(zc::store::encode(*decoded));
  require(again == decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      manifest(bytes);
      break;
    case 1:
      result(bytes);
      break;
    default:
      input(bytes);
      break;
  }
  return 0;
}
