// Colocation: a cache on the volume of the build, for a user whose home is on another one: there, a
// hit can share blocks with the cache.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace zc::lifecycle {

// Of a directory; nothing if it is not there.
using DeviceOf = std::function<std::optional<std::uint64_t>(const std::string& path)>;

// `.zccache-<user>-<hash>` in the topmost directory on the volume of `cwd`. Nothing: `home` is on
// the same volume, or one of the two is not there.
std::optional<std::string> colocated_root(std::string_view home, std::string_view cwd,
                                          const DeviceOf& device_of);

// The same of the disk, if that directory is there or can be made.
std::optional<std::string> usable_colocated_root(std::string_view home, std::string_view cwd);

}  // namespace zc::lifecycle
