#include "lifecycle/colocation.h"

#include "base/path.h"
#include "base/result.h"
#include "base/str.h"
#include "lifecycle/locations.h"
#include "os/file_stamp.h"
#include "os/name.h"

namespace zc::lifecycle {

namespace {

std::optional<std::uint64_t> device_on_disk(const std::string& path) {
  const Result<os::FileStamp> stamp = os::stat_path(path);
  return stamp ? std::optional(stamp->dev) : std::nullopt;
}

// The hash keeps two users apart whose homes have one name.
std::string name_for(std::string_view home) {
  const Result<std::string> user = sanitise_namespace(base_name(home));
  return str_cat(".zccache-", user.value_or(std::string()), '-',
                 std::string_view(path_hash(home)).substr(8));
}

}  // namespace

std::optional<std::string> colocated_root(std::string_view home, std::string_view cwd,
                                          const DeviceOf& device_of) {
  TRY_ASSIGN(const std::uint64_t home_device, device_of(std::string(home)));
  TRY_ASSIGN(const std::uint64_t device, device_of(std::string(cwd)));
  if (home_device == device) {
    return std::nullopt;
  }
  std::string top(cwd);
  while (top != "/") {
    std::string above(dir_name(top));
    if (device_of(above) != device) {
      break;
    }
    top = std::move(above);
  }
  return join_path(top, name_for(home));
}

std::optional<std::string> usable_colocated_root(std::string_view home, std::string_view cwd) {
  TRY_ASSIGN(std::string root, colocated_root(home, cwd, device_on_disk));
  const bool can_be_made = os::check_right(std::string(dir_name(root)), os::Right::kWrite) == 0;
  return can_be_made || device_on_disk(root) ? std::optional(std::move(root)) : std::nullopt;
}

}  // namespace zc::lifecycle
