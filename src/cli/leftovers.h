// What earlier versions of zccache have left below the top root. Versions never share files, so
// after an update no program uses these files any more; but a daemon that still runs keeps its own.
//
// Thread: any. Errors: none; files that cannot be examined or removed stay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zc::cli {

// Removes the directories `v<version>` of versions older than `own`, unless a process holds a lock
// in them. Returns the bytes of the files that it removed.
std::uint64_t remove_older_versions(const std::string& top_root, std::string_view own);

}  // namespace zc::cli
