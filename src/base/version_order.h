// Versions: may this client use a daemon that calls itself so?
//
// Thread: any; pure.
#pragma once

#include <string_view>

namespace zc {

enum class VersionOrder { kSame, kDaemonOlder, kDaemonNewer };

// By the precedence of Semantic Versioning 2.0, and of one version by build: the build metadata,
// which that standard leaves without an order, are compared like a prerelease, first the time of
// the sources (base/build.h). So of two builds always the same one gives way. A daemon without a
// build is older than any; a client without one takes all. Equal bytes are the same version
// whatever they say; a text that is no version counts as older, so that such a daemon is replaced.
VersionOrder compare_versions(std::string_view daemon, std::string_view own);

// Whether a text is a version by that standard.
bool is_version(std::string_view text);

}  // namespace zc
