// What earlier versions of zccache have left below the top root. Versions never share files, so
// after an update nobody uses these any more; but a daemon that still runs keeps what it holds.
//
// Thread: any. Errors: none; what cannot be looked at or removed stays.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zc::cli {

// Removes the directories `v<version>` of versions older than `own` in which nothing is held.
// Returns the bytes of the files that went.
std::uint64_t remove_older_versions(const std::string& top_root, std::string_view own);

}  // namespace zc::cli
