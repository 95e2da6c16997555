#include "history/journal_tail.h"

#include <array>
#include <cstddef>
#include <utility>

#include "base/str.h"
#include "history/journal.h"
#include "os/file.h"
#include "os/file_stamp.h"

namespace zc::history {

JournalTail::JournalTail(const std::string& directory)
    : path_(str_cat(directory, '/', kJournalName)) {
  if (reopen()) {
    const auto stamp = os::stat_fd(file_.get());
    at_ = stamp ? stamp->size_bytes : 0;
  }
}

bool JournalTail::reopen() {
  Result<os::Fd> file = os::open_file(path_, os::Open::kInspect);
  if (!file) {
    return false;
  }
  file_ = *std::move(file);
  at_ = 0;
  begun_.clear();
  return true;
}

void JournalTail::read_rest(std::vector<CommandRecord>& out) {
  std::array<char, std::size_t{1} << 16> buffer;
  while (true) {
    const auto bytes = os::read_at(file_.get(), buffer.data(), buffer.size(), at_);
    if (!bytes || *bytes == 0) {
      return;
    }
    at_ += *bytes;
    begun_.append(buffer.data(), *bytes);
    std::size_t begin = 0;
    for (std::size_t end = begun_.find('\n'); end != std::string::npos;
         end = begun_.find('\n', begin)) {
      if (auto record = decode(std::string_view(begun_).substr(begin, end - begin))) {
        out.push_back(*std::move(record));
      }
      begin = end + 1;
    }
    begun_.erase(0, begin);
  }
}

std::vector<CommandRecord> JournalTail::take() {
  std::vector<CommandRecord> out;
  if (!file_ && !reopen()) {
    return out;
  }
  read_rest(out);
  const auto ours = os::stat_fd(file_.get());
  const auto now = os::stat_path(path_);
  if (ours && now && !ours->same_file_as(*now)) {
    read_rest(out);  // what came to the old one before it got its other name
    if (reopen()) {
      read_rest(out);
    }
  }
  return out;
}

}  // namespace zc::history
