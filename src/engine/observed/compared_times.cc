#include "engine/observed/compared_times.h"

#include <algorithm>

#include "base/limits.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

// A program, or a precompiled header: both names are in compilers.
bool is_binary(std::string_view bytes) {
  constexpr std::size_t kBeginning = 512;
  return bytes.substr(0, kBeginning).contains('\0');
}

}  // namespace

// Near enough for whatever may stand between the two words.
bool may_compare_times(std::string_view text) {
  constexpr std::string_view kWord = "dependency";
  constexpr std::size_t kBytesBefore = 64;
  if (is_binary(text)) {
    return false;
  }
  for (std::size_t at = text.find(kWord); at != std::string_view::npos;
       at = text.find(kWord, at + 1)) {
    const std::size_t begin = at - std::min(at, kBytesBefore);
    if (text.substr(begin, at - begin).contains("GCC")) {
      return true;
    }
  }
  return false;
}

OrBypass<> ComparedTimes::refuse(const CacheableCompile& compile, const InputList& list) {
  for (const std::vector<ReadFile>* read : {&list.deps, &list.files}) {
    for (const ReadFile& file : *read) {
      if (may_compare(compile, file)) {
        return bypass(Reason::kUnrepeatableInput, file.path);
      }
    }
  }
  return {};
}

std::optional<bool> ComparedTimes::recall(const codec::Digest& digest) {
  const MutexLock lock(mutex_);
  const bool* known = known_.find(digest);
  return known == nullptr ? std::nullopt : std::optional(*known);
}

// A file that cannot be read any more, the result builder refuses.
bool ComparedTimes::may_compare(const CacheableCompile& compile, const ReadFile& file) {
  if (!file.known) {
    return false;
  }
  if (const std::optional<bool> known = recall(file.known->digest)) {
    return *known;
  }
  const auto text = fs_.read(compile.directory.handle(), file.path.c_str(), limits::kInputBytesMax);
  const bool found = text && may_compare_times(text->bytes);
  const MutexLock lock(mutex_);
  known_.put(file.known->digest, found);
  return found;
}

}  // namespace zc::engine
