#include "client/nesting.h"

#include <algorithm>
#include <optional>

#include "base/fnv1a.h"
#include "base/str.h"

namespace zc::client {

namespace {

// A program may run within itself a few times for different commands; a wrapper that adds an
// argument each time makes every command a different one.
constexpr std::ptrdiff_t kRunsMax = 3;
constexpr std::ptrdiff_t kRunsForWantOfOthersMax = 16;
// The innermost ones; an entry has at most 63 characters, so the variable stays below 2 KiB.
constexpr std::size_t kEntriesMax = 32;

std::uint64_t command_of(std::span<char* const> args) {
  std::uint64_t hash = kFnv1aStart;
  // The same arguments in another directory are another command: a recursive make.
  os::FileStamp cwd;
  if (os::stamp_at(os::kHere, ".", os::LastLink::kFollow, cwd) == 0) {
    hash = fnv1a(str_cat(cwd.dev, ':', cwd.ino), hash);
  }
  for (const char* arg : args) {
    hash = fnv1a(arg, hash);
    hash = fnv1a("\n", hash);
  }
  return hash;
}

}  // namespace

Nesting::Nesting(std::string_view value, std::span<char* const> args) : command_(command_of(args)) {
  for (const std::string_view text : split(value, ' ')) {
    const std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() != 3) {
      continue;
    }
    const std::optional<std::uint64_t> device = parse_u64(parts[0]);
    const std::optional<std::uint64_t> inode = parse_u64(parts[1]);
    const std::optional<std::uint64_t> command = parse_u64(parts[2]);
    if (device && inode && command) {
      entries_.push_back({.device = *device, .inode = *inode, .command = *command});
    }
  }
  if (entries_.size() > kEntriesMax) {
    entries_.erase(entries_.begin(), entries_.end() - kEntriesMax);
  }
}

Nesting::Return Nesting::return_of(const os::FileStamp& program) const {
  const auto is_it = [&](const Entry& entry) {
    return entry.device == program.dev && entry.inode == program.ino;
  };
  const std::ptrdiff_t runs = std::ranges::count_if(entries_, is_it);
  const std::ptrdiff_t same = std::ranges::count_if(
      entries_, [&](const Entry& entry) { return is_it(entry) && entry.command == command_; });
  if (same > 1 || runs >= kRunsForWantOfOthersMax) {
    return Return::kLoop;
  }
  return same == 1 || runs >= kRunsMax ? Return::kAgain : Return::kNone;
}

std::string Nesting::value_within(const os::FileStamp& program) const {
  std::string out;
  for (const Entry& entry : entries_) {
    str_append(out, entry.device, ':', entry.inode, ':', entry.command, ' ');
  }
  str_append(out, program.dev, ':', program.ino, ':', command_);
  return out;
}

}  // namespace zc::client
