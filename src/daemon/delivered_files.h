// DeliveredFiles: the content of files that clients have just delivered, by what the kernel says of
// them, so that a link does not read what its compiles have delivered.
//
// A client sends its stamps and ends (wire/message.h, Delivered). No thread waits for that: the
// connection is kept, and what it brings is read when many have gathered, or when a stamp is looked
// for that may be among them. So a command that starts when a client has ended finds its stamps.
//
// Believed is what the client was just asked for: files of this size, which are younger than the
// hit. That no other content can have this stamp is the client's to see to (os/unnamed_file.h).
//
// Thread: any. Errors: none; what does not arrive is not known. Ownership: owns duplicates of the
// sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/bounded_map.h"
#include "base/bytes.h"
#include "base/mutex.h"
#include "codec/digest.h"
#include "files/file_cache.h"
#include "os/clock.h"
#include "os/file_stamp.h"
#include "wire/frame.h"

namespace zc::daemon {

// Of a file that a hit brings.
struct HitContent {
  std::uint64_t size_bytes = 0;
  codec::Digest digest;
};

class DeliveredFiles {
 public:
  explicit DeliveredFiles(std::function<std::int64_t()> wall_ns = os::wall_ns)
      : wall_ns_(std::move(wall_ns)) {}

  // The client at the other end gets, from `hit_ns` (wall clock) on, a hit that begins with these
  // files. Never blocks.
  void await(int socket, std::vector<HitContent> files, std::int64_t hit_ns);

  // What the file of this stamp holds, if a client has delivered it. Told once.
  std::optional<codec::Digest> take(const os::FileStamp& stamp);

 private:
  struct Waiting {
    wire::Connection connection;
    std::vector<HitContent> files;
    std::int64_t hit_ns;
  };
  // Each holds a socket. Of more that deliver at once, the oldest is given up.
  static constexpr std::size_t kWaitingMax = 256;
  static constexpr std::size_t kReceivedAtOnce = 64;
  static constexpr std::size_t kKnownMax = 50'000;  // 100 bytes each

  void receive_all() ZC_REQUIRES(mutex_);
  bool receive(Waiting& client) ZC_REQUIRES(mutex_);
  void learn(const Waiting& client, ByteView payload) ZC_REQUIRES(mutex_);

  const std::function<std::int64_t()> wall_ns_;
  Mutex mutex_;
  std::deque<Waiting> waiting_ ZC_GUARDED_BY(mutex_);  // the oldest first
  BoundedMap<os::FileStamp, codec::Digest, files::IdentityHash, files::IdentityEqual> known_
      ZC_GUARDED_BY(mutex_){kKnownMax};
};

}  // namespace zc::daemon
