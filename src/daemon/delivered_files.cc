#include "daemon/delivered_files.h"

#include <iterator>
#include <utility>

#include "base/limits.h"
#include "base/result.h"
#include "wire/message.h"

namespace zc::daemon {

namespace {

os::FileStamp stamp_of(const wire::DeliveredFile& file) {
  return {.dev = file.dev,
          .ino = file.ino,
          .size_bytes = file.size_bytes,
          .mtime_ns = static_cast<std::int64_t>(file.mtime_ns),
          .ctime_ns = static_cast<std::int64_t>(file.ctime_ns)};
}

// A time of the kernel's may be behind by a tick.
std::int64_t earliest_ns(std::int64_t hit_ns) {
  return hit_ns - limits::kTimestampGranuleNs;
}

}  // namespace

void DeliveredFiles::await(int socket, std::vector<HitContent> files, std::int64_t hit_ns) {
  os::Fd duplicate = os::duplicate(socket);
  if (!duplicate) {
    return;
  }
  const MutexLock lock(mutex_);
  waiting_.push_back({.connection = wire::Connection(std::move(duplicate)),
                      .files = std::move(files),
                      .hit_ns = hit_ns});
  // Rarely and then many, after all clients but the last have most likely ended: while this thread
  // works, the client of this hit may have to wait for its processor.
  if (waiting_.size() >= kReceivedAtOnce) {
    receive_all();
  }
  while (waiting_.size() > kWaitingMax) {
    waiting_.pop_front();
  }
}

std::optional<codec::Digest> DeliveredFiles::take(const os::FileStamp& stamp) {
  const MutexLock lock(mutex_);
  if (!waiting_.empty() && stamp.ctime_ns >= earliest_ns(waiting_.front().hit_ns)) {
    receive_all();
  }
  const codec::Digest* const found = known_.find(stamp);
  if (found == nullptr) {
    return std::nullopt;
  }
  const codec::Digest digest = *found;
  known_.erase(stamp);
  return digest;
}

void DeliveredFiles::receive_all() {
  for (auto client = waiting_.begin(); client != waiting_.end();) {
    client = receive(*client) ? waiting_.erase(client) : std::next(client);
  }
}

// False: the client delivers still.
bool DeliveredFiles::receive(Waiting& client) {
  const Result<wire::Frame> frame = client.connection.receive(0, 0);
  if (frame && frame->type == wire::Type::kDelivered) {
    learn(client, frame->payload);
  }
  return frame || frame.error().code != Code::kTimeout;
}

void DeliveredFiles::learn(const Waiting& client, ByteView payload) {
  const std::optional<wire::Delivered> delivered = wire::decode_delivered(payload);
  if (!delivered) {
    return;
  }
  const std::int64_t now_ns = wall_ns_();
  for (const wire::DeliveredFile& file : delivered->files) {
    const os::FileStamp stamp = stamp_of(file);
    if (file.index >= client.files.size()) {
      continue;
    }
    const HitContent& content = client.files[file.index];
    const bool is_of_this_hit = stamp.size_bytes == content.size_bytes &&
                                stamp.ctime_ns >= earliest_ns(client.hit_ns) &&
                                stamp.ctime_ns <= now_ns && stamp.mtime_ns <= stamp.ctime_ns;
    if (is_of_this_hit) {
      known_.put(stamp, content.digest);
    }
  }
}

}  // namespace zc::daemon
