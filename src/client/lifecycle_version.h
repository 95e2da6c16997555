// Versions: may this client use a daemon that calls itself so?
//
// Thread: any; pure.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace zc::client {

enum class VersionOrder { kSame, kDaemonOlder, kDaemonNewer };

// By the precedence of Semantic Versioning 2.0. Equal bytes are the same version whatever they
// say; a text that is no version counts as older, so that such a daemon is replaced.
VersionOrder compare_versions(std::string_view daemon, std::string_view own);

// Nothing when either text is not a semantic version.
std::optional<std::weak_ordering> semver_order(std::string_view a, std::string_view b);

}  // namespace zc::client
