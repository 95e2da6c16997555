#include "engine/observed/precompiled.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "base/path.h"
#include "engine/observed/kernel_files.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

// How such a file of clang begins, and the least that one has.
constexpr std::string_view kMagic = "CPCH";
constexpr std::uint64_t kBytesMin = 1024;

constexpr std::int64_t kNsPerS = 1'000'000'000;
// Times up to the year 2038 take one step of the format.
constexpr std::int64_t kSecondsMax = 0x7fff'ffff;

struct TimedFile {
  std::string_view path;
  std::optional<std::uint32_t> seconds;  // nothing: no time that we can look for
};

bool is_module(std::string_view path) {
  return path.ends_with(".pcm");
}

std::optional<std::string> precompiled_bytes(const os::FileSystem& fs, const std::string& path) {
  os::FileStamp stamp;
  if (is_of_kernel(path) || fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 ||
      !stamp.is_regular() || stamp.size_bytes < kBytesMin) {
    return std::nullopt;
  }
  Result<std::string> begin = fs.read_beginning(path, kMagic.size());
  if (!begin || *begin != kMagic) {
    return std::nullopt;
  }
  auto file = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kBlobBytesMax);
  return file ? std::move(file->bytes) : std::string();
}

// Of all files that the run has looked at; what it has made has times of its own.
std::vector<TimedFile> timed_files(const os::FileSystem& fs, const Trace& trace,
                                   const std::set<std::string>& made) {
  std::vector<TimedFile> out;
  for (const PathAccess& seen : trace.accesses) {
    const std::string path(seen.path);
    os::FileStamp stamp;
    if ((!seen.opened && !seen.looked_at) || is_of_kernel(path) || made.contains(path) ||
        fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 || !stamp.is_regular()) {
      continue;
    }
    const std::int64_t seconds = stamp.mtime_ns / kNsPerS;
    const bool is_usual = seconds > 0 && seconds <= kSecondsMax;
    out.push_back(
        {.path = seen.path,
         .seconds = is_usual ? std::optional(static_cast<std::uint32_t>(seconds)) : std::nullopt});
  }
  return out;
}

}  // namespace

bool is_precompiled(std::string_view path) {
  return path.contains(".pch") || path.contains(".gch") || is_module(path);
}

std::vector<std::uint32_t> find_numbers(std::string_view bytes,
                                        const std::vector<std::uint32_t>& seconds) {
  std::set<std::uint32_t> found;
  if (seconds.empty()) {
    return {};
  }
  const std::uint32_t least = seconds.front();
  const std::uint32_t range = seconds.back() - least;
  constexpr unsigned kBitsOfByte = 8;
  constexpr unsigned kBitsOfNumber = 32;
  std::uint64_t window = 0;
  for (std::size_t i = 0; i < bytes.size() + 1; ++i) {
    const std::uint64_t next = i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
    window = (window >> kBitsOfByte) | (next << kBitsOfNumber);
    if (i + 1 < sizeof(std::uint32_t)) {
      continue;
    }
    for (unsigned bit = 0; bit < kBitsOfByte; ++bit) {
      const auto number = static_cast<std::uint32_t>(window >> bit);
      if (number - least <= range && std::ranges::binary_search(seconds, number)) {
        found.insert(number);
      }
    }
  }
  return {found.begin(), found.end()};
}

OrBypass<> add_precompiled_times(const os::FileSystem& fs, const ObservedCompile& compile,
                                 const Trace& trace, const std::set<std::string>& made,
                                 InputList& list) {
  std::set<std::string> candidates = made;
  for (const PathAccess& seen : trace.accesses) {
    if (seen.opened) {
      candidates.emplace(seen.path);
    }
  }
  std::vector<TimedFile> files;
  std::vector<std::uint32_t> seconds;
  std::set<std::uint32_t> written;
  bool all_count = false;
  for (const std::string& path : candidates) {
    const std::optional<std::string> bytes = precompiled_bytes(fs, path);
    if (!bytes) {
      continue;
    }
    if (bytes->empty()) {
      return bypass(Reason::kModifiedInputFile, path);
    }
    if (files.empty()) {
      files = timed_files(fs, trace, made);
      for (const TimedFile& file : files) {
        seconds.push_back(file.seconds.value_or(kSecondsMax));
      }
      std::ranges::sort(seconds);
    }
    const std::vector<std::uint32_t> found = find_numbers(*bytes, seconds);
    all_count |= found.empty() && !is_module(path);
    written.insert(found.begin(), found.end());
  }
  for (const TimedFile& file : files) {
    if (all_count || (!file.seconds && !written.empty()) ||
        (file.seconds && written.contains(*file.seconds))) {
      list.add_fact(compile, store::InputKind::kFileTime, compile.keep(file.path, list));
    }
  }
  return {};
}

}  // namespace zc::engine
