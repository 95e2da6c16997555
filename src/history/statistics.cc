#include "history/statistics.h"

#include <utility>

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/name.h"

namespace zc::history {

namespace {

// What a kill costs at most, and how often a build makes the daemon write the file.
constexpr int kSaveMs = 3'000;

constexpr std::uint32_t kOwnerOnly = 0600;

}  // namespace

Statistics::Statistics(std::string path, const std::string& older_path,
                       const std::function<void(const std::string&)>& warn)
    : path_(std::move(path)) {
  load(older_path, warn);
  thread_ = std::thread([this] { run(); });
}

Statistics::~Statistics() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    work_.notify_all();
  }
  thread_.join();
  (void)save();
}

void Statistics::load(const std::string& older_path,
                      const std::function<void(const std::string&)>& warn) {
  Result<Figures> figures = read_figures(path_);
  if (!figures && figures.error().code == Code::kNotFound && !older_path.empty()) {
    figures = read_figures(older_path);
  } else if (!figures && figures.error().code != Code::kNotFound) {
    const std::string aside = path_ + ".damaged";
    os::rename_to(path_, aside);
    warn(str_cat("the statistics begin at zero, ", aside,
                 " has the old ones: ", figures.error().message));
  }
  const MutexLock lock(mutex_);
  if (figures) {
    lasting_ = *std::move(figures);
  } else {
    lasting_.since_ns = os::wall_ns();
  }
}

void Statistics::changed() {
  if (std::exchange(is_saved_, false)) {
    work_.notify_all();
  }
}

void Statistics::add(const CommandRecord& record) {
  const MutexLock lock(mutex_);
  since_start_.add(record);
  lasting_.add(record);
  changed();
}

void Statistics::restart() {
  const MutexLock lock(mutex_);
  since_start_ = {};
}

void Statistics::zero(bool days_too) {
  const MutexLock lock(mutex_);
  since_start_ = {};
  lasting_.since_ns = os::wall_ns();
  lasting_.total = {};
  if (days_too) {
    lasting_.days.clear();
  }
  changed();
}

Tally Statistics::since_start() const {
  const MutexLock lock(mutex_);
  return since_start_;
}

Figures Statistics::lasting() const {
  const MutexLock lock(mutex_);
  return lasting_;
}

Result<> Statistics::save() {
  const MutexLock one_at_a_time(file_mutex_);
  std::string text;
  {
    const MutexLock lock(mutex_);
    if (is_saved_) {
      return {};
    }
    text = encode(lasting_);
    is_saved_ = true;
  }
  const Result<> written = os::replace_file(path_, text, kOwnerOnly);
  const MutexLock lock(mutex_);
  problem_.clear();
  if (!written) {
    is_saved_ = false;
    problem_ = str_cat("the statistics cannot be written: ", written.error().message);
  }
  return written;
}

std::string Statistics::problem() const {
  const MutexLock lock(mutex_);
  return problem_;
}

void Statistics::run() {
  while (true) {
    {
      const MutexLock lock(mutex_);
      while (is_saved_ && !stop_) {
        work_.wait(mutex_);
      }
      const os::Deadline deadline(kSaveMs);
      while (!stop_ && !deadline.passed()) {
        work_.wait_for_ms(mutex_, deadline.left_ms());
      }
      if (stop_) {
        return;
      }
    }
    (void)save();
  }
}

}  // namespace zc::history
