// Names in directories: giving one, taking it away, and where one leads. Files stay what they are.
//
// Thread: any. Errors: functions that return an int return 0 or an errno value, since most callers
// go on whatever came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace zc::os {

// Of anything but a directory.
int remove_name(const std::string& path);

// A new directory, with `permissions` less the umask; and one that is empty.
int make_directory(const std::string& path, std::uint32_t permissions);
int remove_directory(const std::string& path);

// Another file of the name `to` loses it in the same moment. Both names are on one file system.
int rename_to(const std::string& from, const std::string& to);

// A symlink at `path`, where nothing may be yet.
int make_symlink(const std::string& target, const std::string& path);

// The text of the symlink at `path`; nothing when there is none.
std::optional<std::string> symlink_target(const std::string& path);

enum class Right : std::uint8_t { kRead, kWrite, kExecute };
// Whether the real user has the right (access(2)); for a compiler that is the effective user, too.
// (Sandboxes know the call that checks the effective user less well.)
int check_right(const std::string& path, Right right);

}  // namespace zc::os
