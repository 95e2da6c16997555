#include "engine/observed/checkout.h"

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

namespace {

// `text` without the slashes and single dots at its end that lead nowhere, and without the slash
// that is left of them. Nothing is removed where there is no slash.
std::string_view before_slashes(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0 && (text[end - 1] == '/' || text.substr(0, end).ends_with("/."))) {
    --end;
  }
  return text.substr(0, end);
}

// Whether `text` ends with a spelling of `directory`.
bool ends_with_directory(std::string_view text, std::string_view directory) {
  while (!directory.empty()) {
    const std::string_view name = base_name(directory);
    if (!text.ends_with(name)) {
      return false;
    }
    text.remove_suffix(name.size());
    directory.remove_suffix(name.size() + 1);
    const std::string_view before = before_slashes(text);
    if (before.size() == text.size()) {
      return false;
    }
    text = before;
  }
  return true;
}

}  // namespace

std::string checkout_of(const os::FileSystem& fs, const RequestEnvironment& env,
                        const std::string& cwd) {
  const std::string_view told = env.get("ZCCACHE_WORKTREE_ROOT");
  if (is_absolute(told)) {
    return std::string(told);
  }
  for (std::string_view directory = cwd; directory != "/" && directory != ".";
       directory = dir_name(directory)) {
    os::FileStamp stamp;
    const std::string mark = str_cat(directory, "/.git");
    if (fs.stat(os::FileSystem::kNoDirectory, mark.c_str(), stamp) == 0) {
      return std::string(directory);
    }
  }
  return cwd;
}

bool spells_directory(std::string_view text, std::string_view directory) {
  const std::string_view name = base_name(directory);
  const std::string last = str_cat('/', name);
  for (std::size_t at = text.find(last); at != std::string_view::npos;
       at = text.find(last, at + 1)) {
    if (ends_with_directory(text.substr(0, at + last.size()), directory)) {
      return true;
    }
  }
  return false;
}

}  // namespace zc::engine
