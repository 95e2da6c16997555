#include "engine/observed/module_files.h"

#include <algorithm>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

bool is_fortran_module(std::string_view path) {
  return path.ends_with(".mod") || path.ends_with(".smod");
}

// What gfortran calls the new file until it has compared it.
bool is_unfinished_module(std::string_view path) {
  return path.ends_with('0') && is_fortran_module(path.substr(0, path.size() - 1));
}

}  // namespace

// gzip: RFC 1952, 2.2 and 2.3.1.
std::string checksum_of_module(std::string_view bytes) {
  constexpr std::string_view kBegin = "\x1f\x8b";
  constexpr std::size_t kFromEnd = 8;
  constexpr std::size_t kBytes = 4;
  return bytes.starts_with(kBegin) && bytes.size() > kBegin.size() + kFromEnd
             ? to_hex(bytes.substr(bytes.size() - kFromEnd, kBytes))
             : std::string();
}

SplitModule split_module(std::string_view name) {
  const std::size_t end = name.find('\0');
  return {.path = name.substr(0, end),
          .checksum = end == std::string_view::npos ? "" : name.substr(end + 1)};
}

codec::Digest other_module_value() {
  return codec::digest_of("other");
}

OrBypass<std::set<std::string, std::less<>>> find_other_modules(const os::FileSystem& fs,
                                                                const Trace& trace,
                                                                InputList& list) {
  std::set<std::string, std::less<>> out;
  for (const LeftPath& left : trace.left) {
    if (!is_fortran_module(left.path)) {
      continue;
    }
    const std::string path(left.path);
    const auto file = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
    if (!file) {
      return bypass(Reason::kModifiedOutputFile, path);
    }
    const std::string checksum = checksum_of_module(file->bytes);
    if (checksum.empty()) {
      return bypass(Reason::kUnrepeatableInput, path);
    }
    out.insert(str_cat(path, '\0', checksum));
  }
  for (const std::string_view path : trace.passing) {
    if (!is_unfinished_module(path)) {
      continue;
    }
    if (std::ranges::find(trace.taken, path) != trace.taken.end()) {
      return bypass(Reason::kUnrepeatableInput, std::string(path));
    }
    list.absences.push_back({.root = {}, .path = str_cat(path, '/')});
  }
  return out;
}

}  // namespace zc::engine
