// Directories that no other user can exchange, found by walking a path from "/".
//
// A path is safe when only we and root can change what it means: each directory on it belongs to us
// or to root, and no other user may write to it. A sticky directory that others may write to (/tmp)
// is allowed on the way, but only before a name that is already ours or root's: there, no other
// user can rename or remove it. Symlinks are resolved here, by the same rule, so that a home
// directory may be a link that root made. "/" itself is trusted, whichever user owns it: its owner
// decides which programs run. Access control lists need no look of their own, since their mask is
// what the group bits show.
//
// Each step opens a name and examines what was opened; nothing is looked at by name and used
// afterwards. Once a path has been found safe, its text stays safe to use: only we and root could
// make it lead elsewhere. A directory that is made by the walk gets mode 0700.
//
// Errors: kInvalid for an unsafe directory, with a message that names it and says what to do;
// kNotFound; kIo.
//
// Thread: any; no shared state.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

enum class Missing : unsigned char { kFail, kMake };

// `path` is absolute; `uid` is the user that we run as. The descriptor serves openat and its kin,
// nothing else (O_PATH).
Result<Fd> open_safe_directory(const std::string& path, std::uint32_t uid, Missing missing);

// Makes the directory if it is missing, and closes it to all other users: its mode becomes 0700. It
// must belong to us; root's is not enough.
Result<Fd> make_private_directory(const std::string& path, std::uint32_t uid);

// Closes a directory of ours to all other users, even if it was not safe until now: what it holds
// may be theirs. Follows no symlink at the end of the path.
Result<> close_own_directory(const std::string& path, std::uint32_t uid);

}  // namespace zc::os
