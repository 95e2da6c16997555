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

// So long the thread gathers lines: a build of hits ends a thousand commands meanwhile.
constexpr int kGatherMs = 300;

// Requests carry the whole environment. Above this, entries are dropped: the disk does not keep up.
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
  const MutexLock lock(mutex_);
  if (queued_bytes_ + request.size() > kQueuedBytesMax) {
    return;
  }
  queued_bytes_ += request.size();
  queued_.push_back({.request = std::move(request), .record = std::move(record)});
  ++added_;
  if (sleeps_) {
    sleeps_ = false;
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
  while (true) {
    std::vector<Entry> entries;
    bool is_end = false;
    {
      const MutexLock lock(mutex_);
      while (queued_.empty() && !stop_) {
        sleeps_ = true;
        work_.wait(mutex_);
      }
      const os::Deadline deadline(kGatherMs);
      while (!stop_ && !hurry_ && !deadline.passed()) {
        work_.wait_for_ms(mutex_, deadline.left_ms());
      }
      hurry_ = false;
      entries = std::exchange(queued_, {});
      queued_bytes_ = 0;
      is_end = stop_;
    }
    const std::size_t count = entries.size();
    write(std::move(entries));
    {
      const MutexLock lock(mutex_);
      done_ += count;
      written_.notify_all();
    }
    if (is_end) {
      return;
    }
  }
}

std::string Journal::line_of(Entry& entry) {
  fill_from_request(entry.request, entry.record);
  if (listener_) {
    listener_(entry.record);
  }
  if (entry.record.compiler.empty()) {
    return {};
  }
  if (observer_ == nullptr) {
    return encode(entry.record) + '\n';
  }
  observer_->complete(entry.record);
  std::string line = encode(entry.record) + '\n';
  observer_->take(entry.record, line);
  return line;
}

void Journal::write(std::vector<Entry> entries) {
  std::string lines;
  for (Entry& entry : entries) {
    lines += line_of(entry);
  }
  const std::string path = join_path(directory_, kJournalName);
  if (const Result<os::Fd> fd = os::open_file(path, os::Open::kAppendPlain)) {
    // Without its journal the daemon has less to tell, and works all the same.
    (void)os::write_all(fd->get(), lines);
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
