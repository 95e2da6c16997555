// Versions: whether this client may use a daemon that reports such a version.
//
// Thread: any; pure.
#pragma once

#include <string_view>

namespace zc {

// The daemon's version, compared with the client's own.
enum class VersionOrder { kSame, kDaemonOlder, kDaemonNewer };

// By the precedence of Semantic Versioning 2.0, and of one version by build: the build metadata,
// which that standard leaves without an order, are compared like a prerelease, first the time of
// the sources (base/build.h). So of two builds the same one always yields. A daemon without build
// metadata is older than any; a client without it uses every daemon. Equal bytes are the same
// version, also if they are no version; otherwise a text that is no version counts as older, so
// that clients replace such a daemon.
VersionOrder compare_versions(std::string_view daemon, std::string_view own);

// Whether a text is a version by that standard.
bool is_version(std::string_view text);

}  // namespace zc
