#include "history/journal_reader.h"

#include <cstdint>

#include "history/journal.h"
#include "os/file.h"

namespace zc::history {

namespace {

// The live file passes its bound by a batch at most, which the bound on what is queued keeps small.
constexpr std::uint64_t kFileBytesMax = 4 * kJournalBytesMax;

// False: the visitor has had enough.
bool visit_lines(std::string_view lines, std::string_view text,
                 const std::function<bool(const CommandRecord&)>& visit) {
  while (!lines.empty()) {
    lines.remove_suffix(lines.ends_with('\n') ? 1 : 0);
    const std::size_t begin = lines.rfind('\n') + 1;  // npos + 1 is 0
    const std::string_view line = lines.substr(begin);
    if (line.contains(text)) {
      const auto record = decode(line);
      if (record && !visit(*record)) {
        return false;
      }
    }
    lines = lines.substr(0, begin);
  }
  return true;
}

}  // namespace

Result<bool> read_file_backwards(const std::string& path, std::string_view text,
                                 const std::function<bool(const CommandRecord&)>& visit) {
  TRY_ASSIGN(const std::string lines, os::read_path(path, kFileBytesMax));
  return visit_lines(lines, text, visit);
}

void read_backwards(const std::string& directory, std::string_view text,
                    const std::function<bool(const CommandRecord&)>& visit) {
  for (const std::string& path : journal_files(directory)) {
    if (!read_file_backwards(path, text, visit).value_or(true)) {
      return;
    }
  }
}

}  // namespace zc::history
