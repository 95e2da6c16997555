#include "wire/frame.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/limits.h"
#include "os/socket.h"

namespace zc::wire {

namespace {

constexpr std::string_view kMagic = "zcc1";
constexpr std::size_t kLengthOffset = 8;
// A typical request or reply fits, so that one call receives it whole.
constexpr std::size_t kFirstReadBytes = std::size_t{48} << 10;

}  // namespace

FieldWriter::FieldWriter(Type type, std::size_t expected_bytes) {
  out_.reserve(kHeaderBytes + expected_bytes);
  out_.raw(kMagic);
  out_.u16(static_cast<std::uint16_t>(type));
  out_.u16(0);
  out_.u32(0);
}

void FieldWriter::field(std::uint16_t tag, ByteView bytes) {
  out_.u16(tag);
  out_.sized(bytes);
}

void FieldWriter::field(std::uint16_t tag, std::uint64_t value) {
  out_.u16(tag);
  out_.u32(sizeof value);
  out_.u64(value);
}

Result<std::string> FieldWriter::finish() {
  const std::size_t payload = out_.bytes().size() - kHeaderBytes;
  if (payload > limits::kFrameBytesMax) {
    return fail(Code::kInvalid, "a message is larger than a frame may be");
  }
  ByteWriter length;
  length.u32(static_cast<std::uint32_t>(payload));
  return out_.take().replace(kLengthOffset, sizeof(std::uint32_t), length.bytes());
}

std::uint64_t number_of(ByteView bytes) {
  if (bytes.size() != 8) {
    return 0;
  }
  ByteReader in(bytes);
  return in.u64();
}

Result<Header> decode_header(ByteView bytes) {
  ByteReader in(bytes);
  const ByteView magic = in.raw(kMagic.size());
  const std::uint16_t type = in.u16();
  in.u16();
  // The word that was skipped is zero today, and is not checked: a later version may use it.
  const std::uint32_t length = in.u32();
  if (in.bad() || magic != kMagic || length > limits::kFrameBytesMax) {
    return fail(Code::kCorrupt, "the peer does not speak this protocol");
  }
  return Header{.type = static_cast<Type>(type), .payload_bytes = length};
}

namespace {

// The bytes that one receive has taken from the budget.
class Share {
 public:
  explicit Share(ReceiveBudget* budget) : budget_(budget) {}
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  ~Share() {
    if (budget_ != nullptr) {
      budget_->give_back(bytes_);
    }
  }
  // To `bytes` in all, which is more than before. False: the budget has no room for it.
  bool grow_to(std::size_t bytes) {
    if (budget_ != nullptr && !budget_->take(bytes - bytes_)) {
      return false;
    }
    bytes_ = bytes;
    return true;
  }

 private:
  ReceiveBudget* budget_;
  std::size_t bytes_ = 0;
};

// Not zeroed: the kernel fills what arrives, and pages beyond are never touched.
void enlarge(std::string& buffer, std::size_t bytes) {
  buffer.resize_and_overwrite(bytes, [](char*, std::size_t n) { return n; });
}

}  // namespace

Result<> Connection::send(std::string_view frame, std::span<const int> fds, int timeout_ms) {
  return os::send_bytes(socket_.get(), frame, fds, timeout_ms);
}

bool Connection::wait(int timeout_ms) const {
  return !early_.empty() || os::wait_for_bytes(socket_.get(), timeout_ms);
}

// The length that the peer states takes no memory by itself: the buffer at most doubles what has
// arrived.
Result<> Connection::receive_rest(std::string& bytes, std::size_t& have, std::size_t want,
                                  const os::Deadline& deadline) {
  Share share(budget_);
  while (have < want) {
    if (deadline.passed()) {
      return fail(Code::kTimeout, "a message did not arrive whole in time");
    }
    // A full buffer doubles, so a frame is copied a few times at most.
    if (have == bytes.size()) {
      const std::size_t size = std::min(want, 2 * have);
      if (!share.grow_to(size)) {
        return fail(Code::kUnavailable, "too many large messages are arriving at once");
      }
      enlarge(bytes, size);
    }
    TRY_ASSIGN(const std::size_t n,
               os::receive_bytes(socket_.get(), bytes.data() + have, bytes.size() - have, fds_,
                                 deadline.left_ms()));
    if (n == 0) {
      return fail(Code::kUnavailable, "the peer has closed the connection");
    }
    have += n;
  }
  return {};
}

Result<Frame> Connection::receive(int timeout_ms, int rest_ms) {
  std::string bytes;
  enlarge(bytes, std::max(kFirstReadBytes, early_.size()));
  std::size_t have = early_.copy(bytes.data(), early_.size());
  early_.clear();
  if (have == 0) {
    TRY_ASSIGN(have,
               os::receive_bytes(socket_.get(), bytes.data(), bytes.size(), fds_, timeout_ms));
    if (have == 0) {
      return fail(Code::kUnavailable, "the peer has closed the connection");
    }
  }
  const os::Deadline deadline(rest_ms);
  TRY(receive_rest(bytes, have, kHeaderBytes, deadline));
  TRY_ASSIGN(const Header header, decode_header(ByteView(bytes).substr(0, kHeaderBytes)));
  const std::size_t want = kHeaderBytes + header.payload_bytes;
  TRY(receive_rest(bytes, have, want, deadline));
  Frame frame;
  frame.type = header.type;
  if (have > want) {
    // The kernel joins messages sent in a row, but never across a message with descriptors: the
    // descriptors that arrived belong to the last frame.
    early_ = bytes.substr(want, have - want);
  } else {
    frame.fds = std::exchange(fds_, {});
  }
  bytes.resize(want);
  bytes.erase(0, kHeaderBytes);
  frame.payload = std::move(bytes);
  return frame;
}

}  // namespace zc::wire
