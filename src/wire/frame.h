// Frames on the socket: a fixed header, then a payload of tagged fields. Bytes:
// docs/formats/wire.md.
//
//   "zcc1"  u16 type  u16 zero  u32 payload length  payload
//   payload = { u16 tag  u32 length  bytes }*
//
// A receiver skips an unknown tag, and a missing one has its default, so an older and a newer
// program can at least exchange their versions. Little-endian. Both sides check the length before
// they send and before they receive, and memory grows only with the bytes that have arrived.
//
// Thread: one thread per Connection.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "os/clock.h"
#include "os/fd.h"

namespace zc::wire {

enum class Type : std::uint16_t {
  // Control; these numbers never change, any version answers them.
  kStatus = 1,
  kStatusReply = 2,
  kShutdown = 3,
  kShutdownReply = 4,
  kClear = 5,
  kClearReply = 6,
  kError = 7,  // the request was not understood; carries the version and a message
  kStatistics = 8,
  kStatisticsReply = 9,
  kZero = 14,
  kZeroReply = 15,
  // Compiling.
  kCompile = 20,
  kHit = 21,
  kRunOrder = 22,
  kBypass = 23,
  kWait = 24,  // sign of life while the answer takes time
  kRunReport = 25,
  kStored = 26,
  kWrongResult = 27,
  kDelivered = 28,
  // Builds that the user has named.
  kSessionStart = 40,
  kSessionStats = 41,
  kSessionEnd = 42,
  kReleaseHandles = 43,
  kSessionReply = 44,
};

// A received frame. Owns the descriptors that came with it.
struct Frame {
  Type type = Type::kError;
  std::string payload;
  std::vector<os::Fd> fds;
};

inline constexpr std::size_t kHeaderBytes = 12;

// Builds a frame from fields, in the order of the calls.
class FieldWriter {
 public:
  // Starts a frame; `finish` fills in the header's length. Numbers are eight bytes, little-endian.
  // `expected_bytes`: of the payload, for which memory is taken at once.
  explicit FieldWriter(Type type, std::size_t expected_bytes = kUsualBytes);
  void field(std::uint16_t tag, ByteView bytes);
  void field(std::uint16_t tag, std::uint64_t value);
  // The whole frame, header included. Errors: kInvalid above limits::kFrameBytesMax.
  Result<std::string> finish();

 private:
  static constexpr std::size_t kUsualBytes = (std::size_t{4} << 10) - kHeaderBytes;

  ByteWriter out_;
};

// Calls `visit(tag, bytes)` for each field. False when the payload is not a list of fields; `visit`
// has then been called for the fields before the malformed one.
template <class Visit>
bool each_field(ByteView payload, Visit&& visit) {
  ByteReader in(payload);
  while (!in.done()) {
    const std::uint16_t tag = in.u16();
    const ByteView bytes = in.sized();
    if (in.bad()) {
      return false;
    }
    visit(tag, bytes);
  }
  return true;
}

// A number as `field(tag, u64)` wrote it; 0 if it has another length.
std::uint64_t number_of(ByteView bytes);

// The header at the front of received bytes, decoded.
struct Header {
  Type type = Type::kError;
  std::uint32_t payload_bytes = 0;
};
// `bytes` has kHeaderBytes. Errors: kCorrupt: not our magic, or longer than a frame may be. A type
// that we do not know is no error here.
Result<Header> decode_header(ByteView bytes);

// Memory that the connections of a server may take together for large frames which have arrived in
// part. Thread: any.
class ReceiveBudget {
 public:
  virtual ~ReceiveBudget() = default;
  // False, without taking anything, if it would exceed the budget.
  virtual bool take(std::size_t bytes) = 0;
  virtual void give_back(std::size_t bytes) = 0;
};

// One connection. Owns the socket; borrows the budget (null: no limit).
class Connection {
 public:
  explicit Connection(os::Fd socket, ReceiveBudget* budget = nullptr)
      : socket_(std::move(socket)), budget_(budget) {}

  int fd() const { return socket_.get(); }
  // The process at the other end, as far as it is known; 0: it is not.
  std::int32_t peer_pid() const { return peer_pid_; }
  void set_peer_pid(std::int32_t pid) { peer_pid_ = pid; }

  // Sends `frame`, as FieldWriter::finish returned it, and duplicates of `fds`. Errors:
  // kUnavailable (the peer has closed the connection), kTimeout (the peer has not received all of
  // it after `timeout_ms`; the connection is of no use then), kIo.
  Result<> send(std::string_view frame, std::span<const int> fds = {},
                int timeout_ms = limits::kSendMs);

  // Waits until the first byte of a frame can be read, or the stream has ended. False after
  // `timeout_ms`.
  bool wait(int timeout_ms) const;

  // Receives one frame. Errors: kUnavailable at the end of the stream or if the budget is exceeded,
  // kCorrupt, kIo, kTimeout: no byte arrived for `timeout_ms` (-1 waits for ever), or the rest of
  // the frame had not arrived `rest_ms` later.
  Result<Frame> receive(int timeout_ms, int rest_ms = limits::kSilenceMs);

 private:
  Result<> receive_rest(std::string& bytes, std::size_t& have, std::size_t want,
                        const os::Deadline& deadline);

  os::Fd socket_;
  ReceiveBudget* budget_;
  std::int32_t peer_pid_ = 0;
  // Bytes and descriptors that arrived with the last frame and belong to the next.
  std::string early_;
  std::vector<os::Fd> fds_;
};

}  // namespace zc::wire
