// Journal: one line of JSON for each command, in a file that anybody may read with the usual tools.
//
// Requests leave their lines and go on; one thread writes them in batches. A full disk, or a
// directory that is gone, costs lines, never a request. Above kJournalBytesMax the file gets the
// time in its name, and the newest kJournalArchives of these are kept.
//
// Thread: any. Owns: one thread; the destructor writes what is left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "history/command_log.h"
#include "history/record_observer.h"

namespace zc::history {

inline constexpr std::uint64_t kJournalBytesMax = std::uint64_t{50} << 20;
inline constexpr std::size_t kJournalArchives = 3;
inline constexpr std::string_view kJournalName = "compile_journal.jsonl";

class Journal final : public CommandLog {
 public:
  using Listener = std::function<void(const CommandRecord&)>;

  // `directory` exists; the file is made with the first line. A record whose request says nothing,
  // since it was never decoded, is shown to the listener only. `listener` is called by the threads
  // of requests, for each record. `observer`, which is borrowed and may be null, says what it is
  // called by. What they do with a record is done when a flush returns.
  explicit Journal(std::string directory, std::uint64_t bytes_max = kJournalBytesMax,
                   Listener listener = {}, RecordObserver* observer = nullptr);
  ~Journal() override;
  Journal(const Journal&) = delete;

  void add(std::string request, CommandRecord record) override;
  void flush() override;

 private:
  // What the observer takes.
  struct Entry {
    CommandRecord record;
    std::string line;
  };
  struct Batch {
    std::string lines;
    std::vector<Entry> observed;
  };

  void run();
  void write(const Batch& batch);
  void rotate(const std::string& path) const;

  const std::string directory_;
  const std::uint64_t bytes_max_;
  const Listener listener_;
  RecordObserver* const observer_;

  Mutex mutex_;
  CondVar work_;
  CondVar written_;
  // Its memory is used again and again: if each line had its own, the C library would return it
  // time and again, and get it back page by page, which costs a hit more than all else here.
  Batch queued_ ZC_GUARDED_BY(mutex_);
  std::uint64_t added_ ZC_GUARDED_BY(mutex_) = 0;  // entries, since the beginning
  std::uint64_t done_ ZC_GUARDED_BY(mutex_) = 0;
  bool sleeps_ ZC_GUARDED_BY(mutex_) = false;  // the thread, until there is work
  bool is_due_ ZC_GUARDED_BY(mutex_) = false;  // there is a batch
  bool hurry_ ZC_GUARDED_BY(mutex_) = false;   // a flush waits
  bool stop_ ZC_GUARDED_BY(mutex_) = false;

  std::thread thread_;  // last: it uses all of the above
};

// Paths of a journal's files, the newest first: the file itself, then its archives.
std::vector<std::string> journal_files(const std::string& directory);

}  // namespace zc::history
