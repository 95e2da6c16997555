#include "history/journal.h"

#include <algorithm>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/name.h"

namespace zc::history {

namespace {

// So long the thread gathers lines, or until there are so many of them.
constexpr int kGatherMs = 300;
constexpr std::size_t kBatchBytes = std::size_t{64} << 10;

// Above this, lines are dropped: the disk does not keep up.
constexpr std::size_t kQueuedBytesMax = std::size_t{32} << 20;

// In the order of their times, since these are parts of the names.
std::vector<std::string> archives_in(const std::string& directory) {
  std::vector<std::string> out;
  for (const std::string& name : os::names_in(directory)) {
    if (name.starts_with(str_cat(kJournalName, '.'))) {
      out.push_back(name);
    }
  }
  std::ranges::sort(out, std::greater());
  return out;
}

}  // namespace

Journal::Journal(std::string directory, std::uint64_t bytes_max, Listener listener,
                 RecordObserver* observer)
    : directory_(std::move(directory)),
      bytes_max_(bytes_max),
      listener_(std::move(listener)),
      observer_(observer),
      thread_([this] { run(); }) {}

Journal::~Journal() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    work_.notify_all();
  }
  thread_.join();
}

void Journal::add(std::string request, CommandRecord record) {
  fill_from_request(request, record);
  const bool is_observed = observer_ != nullptr && !record.compiler.empty();
  if (is_observed) {
    observer_->complete(record);
  }
  if (listener_) {
    listener_(record);
  }
  std::string line = record.compiler.empty() ? std::string() : encode(record) + '\n';
  const bool is_taken = is_observed && observer_->wants(record);
  const MutexLock lock(mutex_);
  if (queued_.lines.size() + line.size() > kQueuedBytesMax) {
    return;
  }
  queued_.lines += line;
  if (is_taken) {
    queued_.observed.push_back({.record = std::move(record), .line = std::move(line)});
  }
  ++added_;
  // The thread is woken for the first line, and for a whole batch.
  const bool is_batch = queued_.lines.size() >= kBatchBytes;
  if (sleeps_ || (is_batch && !is_due_)) {
    sleeps_ = false;
    is_due_ = is_batch;
    work_.notify_all();
  }
}

void Journal::flush() {
  const MutexLock lock(mutex_);
  const std::uint64_t end = added_;
  hurry_ = true;
  work_.notify_all();
  while (done_ < end) {
    written_.wait(mutex_);
  }
}

void Journal::run() {
  Batch batch;
  bool is_end = false;
  while (!is_end) {
    std::uint64_t end = 0;
    {
      const MutexLock lock(mutex_);
      while (added_ == done_ && !stop_) {
        sleeps_ = true;
        work_.wait(mutex_);
      }
      const os::Deadline deadline(kGatherMs);
      while (!stop_ && !hurry_ && !is_due_ && !deadline.passed()) {
        work_.wait_for_ms(mutex_, deadline.left_ms());
      }
      sleeps_ = false;
      hurry_ = false;
      is_due_ = false;
      std::swap(batch, queued_);
      end = added_;
      is_end = stop_;
    }
    write(batch);
    batch.lines.clear();
    batch.observed.clear();
    const MutexLock lock(mutex_);
    done_ = end;
    written_.notify_all();
  }
}

void Journal::write(const Batch& batch) {
  for (const Entry& entry : batch.observed) {
    observer_->take(entry.record, entry.line);
  }
  if (batch.lines.empty()) {
    return;
  }
  const std::string path = join_path(directory_, kJournalName);
  if (const Result<os::Fd> fd = os::open_file(path, os::Open::kAppendPlain)) {
    // Without its journal the daemon has less to tell, and works all the same.
    (void)os::write_all(fd->get(), batch.lines);
    rotate(path);
  }
}

void Journal::rotate(const std::string& path) const {
  const Result<os::FileStamp> stamp = os::stat_path(path);
  if (!stamp || stamp->size_bytes <= bytes_max_) {
    return;
  }
  // As many digits for the next centuries, so that names are in the order of their times.
  os::rename_to(path, str_cat(path, '.', os::wall_ns()));
  std::vector<std::string> archives = archives_in(directory_);
  for (std::size_t i = kJournalArchives; i < archives.size(); ++i) {
    os::remove_name(join_path(directory_, archives[i]));
  }
}

std::vector<std::string> journal_files(const std::string& directory) {
  std::vector<std::string> out = {join_path(directory, kJournalName)};
  for (const std::string& name : archives_in(directory)) {
    out.push_back(join_path(directory, name));
  }
  return out;
}

}  // namespace zc::history
