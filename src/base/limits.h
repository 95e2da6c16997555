// Bounds that more than one file must agree on, or a file and its tests, and the times of the
// protocol between client and daemon, which depend on each other; each with its reason. A bound
// that one file needs stands in that file.
//
// Thread: constants.
#pragma once

#include <cstddef>
#include <cstdint>

namespace zc::limits {

// A frame larger than this is garbage or an attack: the largest honest one is a request with an
// argv of ARG_MAX (2 MiB) and a few variables. Streams and objects travel as descriptors.
inline constexpr std::size_t kFrameBytesMax = 16U << 20;

// Descriptors passed with one frame. The kernel's own limit is 253 (SCM_MAX_FD); a compile has an
// object, a depfile, two streams and a few side outputs.
inline constexpr std::size_t kFrameFdsMax = 32;

// Blobs up to this size live in the index rather than in a file of their own: below it a file
// costs more in inode and open() than in bytes.
inline constexpr std::size_t kInlineBlobBytesMax = 4U << 10;

// Remembered input sets of one manifest: enough for a header that flips between branches.
inline constexpr std::size_t kInputSetsMax = 64;

// A source or header larger than this is not scanned or hashed for a hit; the compile runs
// uncached. The largest honest generated sources are a few tens of megabytes.
inline constexpr std::uint64_t kInputBytesMax = 1ULL << 30;

// A file of arguments (gcc's response files, those of rustc) larger than this is not read; the
// compile runs uncached. Build systems write kilobytes.
inline constexpr std::uint64_t kArgumentFileBytesMax = 16U << 20;

// Outputs up to this size are read while the client waits, which costs less than to watch whether
// somebody changes them.
inline constexpr std::uint64_t kTakenBytesMax = 100U << 10;

// A depfile larger than this is not understood.
inline constexpr std::uint64_t kDepfileBytesMax = 64U << 20;

// An output larger than this is not stored.
inline constexpr std::uint64_t kBlobBytesMax = 4ULL << 30;

// A file touched more recently than this before it is hashed may change again within the same
// timestamp: the coarsest kernel tick behind ext4, xfs, btrfs and tmpfs stamps is 10 ms (HZ=100).
inline constexpr std::int64_t kTimestampGranuleNs = 10'000'000;

// The same for file systems whose inodes have no room for fractions of a second (ext4 with inodes
// of 128 bytes, ext3).
inline constexpr std::int64_t kCoarseGranuleNs = 1'000'000'000;

// Threads that serve connections. Each compile in flight holds one, so this bounds `-j`.
inline constexpr std::size_t kServerThreadsMax = 256;

// While it owes an answer the daemon gives a sign of life at least this often; a client that has
// heard some and then hears nothing for kSilenceMs runs the compiler itself.
inline constexpr int kHeartbeatMs = 500;
inline constexpr int kSilenceMs = 2'500;
static_assert(kSilenceMs >= 4 * kHeartbeatMs);

// All that one compile may lose to a daemon of which no byte comes: connecting, sending, waiting,
// and replacing it count. A daemon that runs gives a sign of life in half of it.
inline constexpr int kPatienceMs = 1'000;
static_assert(kPatienceMs >= 2 * kHeartbeatMs);

// A peer that has not taken a message after this time is stopped or stuck.
inline constexpr int kSendMs = 30'000;

// Memory for messages that have arrived in part, of all connections together: several of the
// largest at once, or hundreds of the largest honest ones.
inline constexpr std::size_t kReceiveBytesMax = 64U << 20;
static_assert(kReceiveBytesMax >= 4 * kFrameBytesMax);

// So long a compile waits for an identical one of somebody else. Past it, theirs may be suspended
// or stuck, and two compiles are better than a hung build.
inline constexpr int kCoalesceMs = 30'000;
static_assert(kCoalesceMs > 10 * kHeartbeatMs);

// So long one thread may look at the files of a compiler before others no longer wait for it: a
// first look at a large one from a cold disk takes seconds, more means that the disk hangs.
inline constexpr int kIdentifyMs = 10'000;

// So long signs of life go on. What takes longer than everything that is bounded by itself hangs in
// a file system that does not answer, and the client had better go on alone.
inline constexpr int kAnswerMs = 40'000;
static_assert(kAnswerMs > kCoalesceMs && kAnswerMs > kIdentifyMs);

// sun_path holds 108 bytes with its NUL; a longer endpoint is hashed to a short one.
inline constexpr std::size_t kSocketPathBytesMax = 100;

}  // namespace zc::limits
