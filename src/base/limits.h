// Bounds that more than one file must agree on, or a file and its tests, and the times of the
// protocol between client and daemon, which depend on each other; each with its reason. A bound
// that one file needs stands in that file.
//
// Thread: constants.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zc::limits {

// A frame larger than this is garbage or an attack: the largest legitimate one is a request with an
// argv of ARG_MAX (2 MiB) and a few variables. Streams and objects travel as descriptors.
inline constexpr std::size_t kFrameBytesMax = 16U << 20;

// Descriptors passed with one frame. The kernel's own limit is 253 (SCM_MAX_FD); a compile has an
// object, a depfile, two streams and a few side outputs.
inline constexpr std::size_t kFrameFdsMax = 32;

// Blobs up to this size live in the index rather than in a file of their own: below it a file
// costs more in inode and open() than in bytes.
inline constexpr std::size_t kInlineBlobBytesMax = 4U << 10;

// A stored failure of a compiler serves this long: a day.
inline constexpr std::int64_t kFailureAgeNs = 24LL * 60 * 60 * 1'000'000'000;

// Input sets that one manifest remembers: enough for a header that changes with the branch.
inline constexpr std::size_t kInputSetsMax = 64;

// The daemon does not scan or hash a source or header larger than this; the compile runs uncached.
// The largest generated sources in practice have a few tens of megabytes.
inline constexpr std::uint64_t kInputBytesMax = 1ULL << 30;

// A file of arguments (gcc's response files, those of rustc) larger than this is not read; the
// compile runs uncached. Build systems write kilobytes.
inline constexpr std::uint64_t kArgumentFileBytesMax = 16U << 20;

// The daemon reads outputs up to this size while the client waits, which costs less than to watch
// whether another process changes them.
inline constexpr std::uint64_t kTakenBytesMax = 100U << 10;

// A source that comes through a pipe is not larger, or is not known: half of what a pipe can hold.
inline constexpr std::size_t kPipedInputBytesMax = 32U << 10;

// The daemon does not parse a depfile larger than this.
inline constexpr std::uint64_t kDepfileBytesMax = 64U << 20;

// The daemon does not store an output larger than this.
inline constexpr std::uint64_t kBlobBytesMax = 4ULL << 30;

// A file touched more recently than this before it is hashed may change again within the same
// timestamp: the coarsest kernel tick behind ext4, xfs, btrfs and tmpfs stamps is 10 ms (HZ=100).
inline constexpr std::int64_t kTimestampGranuleNs = 10'000'000;

// The same for file systems whose inodes have no room for fractions of a second (ext4 with inodes
// of 128 bytes, ext3).
inline constexpr std::int64_t kCoarseGranuleNs = 1'000'000'000;

// Threads that serve connections. Each compile in flight holds one, so this bounds `-j`.
inline constexpr std::size_t kServerThreadsMax = 256;

// While a client waits for a reply the daemon sends a sign of life at least this often. A client
// that has received one and then receives nothing for kSilenceMs runs the compiler itself.
inline constexpr int kHeartbeatMs = 500;
inline constexpr int kSilenceMs = 2'500;
static_assert(kSilenceMs >= 4 * kHeartbeatMs);

// The time that one compile may lose if the daemon sends no byte: connecting, sending, waiting, and
// replacing the daemon count. A daemon that runs sends a sign of life in half of it.
inline constexpr int kPatienceMs = 1'000;
static_assert(kPatienceMs >= 2 * kHeartbeatMs);

// A peer that has not received a message after this time is stopped or hangs.
inline constexpr int kSendMs = 30'000;

// Memory for messages that have arrived in part, of all connections together: several of the
// largest at once, or hundreds of the largest legitimate ones.
inline constexpr std::size_t kReceiveBytesMax = 64U << 20;
static_assert(kReceiveBytesMax >= 4 * kFrameBytesMax);

// A compile waits this long for an identical one of another client. After that the other may be
// suspended or hang, and two compiles are better than a hung build.
inline constexpr int kCoalesceMs = 30'000;
static_assert(kCoalesceMs > 10 * kHeartbeatMs);

// Other threads wait this long for a thread that examines the files of a compiler: a first look at
// a large one on a cold disk takes seconds; a longer one means that the disk hangs.
inline constexpr int kIdentifyMs = 10'000;

// Signs of life go on this long. While a request waits for its reply, the daemon waits for no other
// thread and no single program that long, so a request that takes longer most likely hangs in a
// file system or waits for the disk, and the client should go on without the daemon.
inline constexpr int kReplyMs = 40'000;
static_assert(kReplyMs > kCoalesceMs && kReplyMs > kIdentifyMs);

// sun_path holds 108 bytes with its NUL; a longer endpoint is hashed to a short one.
inline constexpr std::size_t kSocketPathBytesMax = 100;

}  // namespace zc::limits
