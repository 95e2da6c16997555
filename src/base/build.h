// Which build of zccache a program is: its version, and its build identity as the version's build
// metadata ("0.1.0+1764374400.2fa0e17"). Identities are ordered: first by the time of the last
// change to the sources, then by text; base/version_order.h says what follows from that. Names on
// disk contain the plain version.
//
// Each program compiles the definition, which cmake/BuildIdentity.cmake generates, as a file of its
// own, so that a new identity costs a link. Libraries get the version from their callers.
//
// Thread: constant.
#pragma once

#include <string_view>

namespace zc {

// The version of this program with its build identity. Never empty.
std::string_view full_version();

}  // namespace zc
