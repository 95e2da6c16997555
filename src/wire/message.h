// The messages of a compile: the request, the three replies, and the report after a run.
//
// Decoded structs borrow from the payload they were decoded from (ByteView), so the frame must
// outlive them. Paths are as the user spelled them, relative to the client's cwd: only the client
// opens outputs; the daemon gets descriptors.
//
//   client                       daemon
//     kCompile  ------------------>
//               <------------------  kHit       done: the client writes the outputs
//   ( kDelivered ---------------->             … and reports their stamps, if the hit wants that )
//               <------------------  kBypass    the client execs the compiler, untouched
//               <------------------  kWait      (repeated) another client compiles the same thing
//               <------------------  kRunOrder  the client compiles …
//     kRunReport ----------------->             … and reports, with open descriptors
//               <------------------  kStored
//
// A command that has asked for the time or the like is run once more, under another clock:
//
//               <------------------  kRunOrder  in place of kStored
//     kRunReport ----------------->
//               <------------------  kStored    both have left the same
//               <------------------  kHit       they have not: what the first had left
//
// After the report of a run that verifies a hit, the reply is one of
//
//               <------------------  kHit          nothing is known
//               <------------------  kRunOrder     they differ: once more, and report again
//               <------------------  kStored       the run counts: as the hit, or never the same
//               <------------------  kWrongResult  the run counts: the stored result was wrong
//               <------------------  kError        nothing counts: the client execs the compiler
//
// Thread: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "os/world.h"
#include "wire/frame.h"

namespace zc::wire {

// A file, by device and inode.
struct FileId {
  std::uint64_t dev = 0;
  std::uint64_t ino = 0;
  bool operator==(const FileId&) const = default;
};

// What the client sends about one command.
struct CompileRequest {
  ByteView version;            // of the client
  ByteView tool;               // path of the real compiler, as it will be executed
  ByteView cwd;                // getcwd
  std::vector<ByteView> args;  // argv, args[0] as the compiler will see it
  std::vector<ByteView> env;   // NAME=VALUE of the variables that matter, in no order
  FileId root_id;              // of "/" and of the cwd: both must see the same world
  FileId cwd_id;
  os::World world;              // the same, as far as no file shows it
  ByteView tight_limit;         // of the caller: no run of ours fits under it; empty: none
  bool limits_files = false;    // it is the one of file sizes: no hit can be delivered, either
  std::uint64_t start_ns = 0;   // CLOCK_REALTIME before the compile could have started
  bool has_no_stdin = false;    // standard input is the null device: nothing can come from there
  bool has_terminal = false;    // one of the standard descriptors: messages may be as wide as that
  ByteView terminal;            // of standard error, how it differs from others; empty: it is none
  bool takes_failures = false;  // a hit may be a compile that failed
  // Of `zccache exec`: any command, with what the user declares of it.
  bool is_declared = false;
  std::vector<ByteView> options;  // as they were typed
  ByteView input_list;            // of --input-file-stdin
  std::uint64_t umask = 0;        // of the client
  ByteView inherited;             // ... and what else it passes on to the command (os/inherited.h)
  bool has_empty_stdin = false;   // nothing comes from standard input
  ByteView stdin_path;            // of the plain file from whose beginning it comes
  FileId stdin_id;
  bool has_piped_input = false;  // of a compiler that may have its source there: all of it
  ByteView piped_input;
  bool has_open_descriptors = false;  // above the standard ones
  ByteView open_descriptor;           // the first of them, for people
};

// What the compiler does with a file that is where it puts an output.
enum class OldFile : std::uint8_t {
  kReplaced,   // a new file takes its place
  kRewritten,  // it gets other content; its mode, its owner and its other names stay
  kEither,     // which of the two, we do not know
};

// Of a file that a hit brings.
enum class FileKind : std::uint8_t { kPlain = 0, kDirectory = 1, kSymlink = 2 };

// An output of a hit: bytes in the message, or the next descriptor of the frame.
struct HitFile {
  ByteView path;
  bool executable = false;
  OldFile old_file = OldFile::kReplaced;
  bool has_fd = false;
  std::uint64_t size_bytes = 0;
  ByteView bytes;  // when there is no descriptor; the text of a symlink
  FileKind kind = FileKind::kPlain;
  std::uint64_t mode = 0;  // permissions; 0: those that new files get
};

// The reply that delivers a stored result.
struct Hit {
  std::vector<HitFile> files;  // the main output first, which takes its place last
  ByteView out;                // standard output, then standard error
  ByteView err;
  int exit_code = 0;              // with which the client exits
  std::vector<ByteView> removed;  // what a compile that failed has removed
  std::vector<ByteView> cleared;  // what must go before, as in a RunOrder
  bool wants_stamps = false;      // the client reports what the kernel says of the files
};

// What the kernel says of a file that a hit has brought (os::FileStamp), at a moment at which it
// had the content of the hit for certain, and from which on each change shows.
struct DeliveredFile {
  std::uint64_t index = 0;  // in Hit::files
  std::uint64_t dev = 0;
  std::uint64_t ino = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t mtime_ns = 0;  // since the epoch
  std::uint64_t ctime_ns = 0;
  bool operator==(const DeliveredFile&) const = default;
};

// After a hit, if it asks for that. No reply follows: the client ends at once.
struct Delivered {
  std::vector<DeliveredFile> files;  // those of which that is certain
};

// The reply on a miss: the client must run the compiler, and report.
struct RunOrder {
  std::vector<ByteView> inject;  // arguments to put in
  std::size_t inject_at = 0;     // behind so many of the user's (which follow argv[0])
  bool private_depfile = false;  // also inject -MD -MF <memory file>, and report it
  bool observe = false;          // run under the observer; its connection is the frame's descriptor
  // There is a hit, and it is to be compared with what the compiler does: show nothing before the
  // next reply, and report outputs however old they are.
  bool verifies = false;
  std::vector<ByteView> outputs;    // to open after the compile, in this order
  std::uint64_t not_before_ns = 0;  // CLOCK_REALTIME: an input is too young to be read earlier
  // Files and empty directories that the run must not find: a first run has left them.
  std::vector<ByteView> cleared;
};

// After a run. Descriptors of the frame: the present outputs in order, then the memory file
// with the private depfile.
struct RunReport {
  int exit_code = 0;  // 0..255
  bool signalled = false;
  std::uint64_t duration_ns = 0;
  std::vector<bool> present;  // parallel to RunOrder::outputs
  bool has_memory_file = false;
  bool streams_too_large = false;  // `out` and `err` are incomplete: do not store
  ByteView out;
  ByteView err;
};

// The reply that makes the client become the compiler, untouched.
struct Bypass {
  ByteView reason;  // stable id, compiler::Reason
  ByteView detail;
};

// Begins a session: a build to which its commands belong by ZCCACHE_SESSION_ID. Descriptors of the
// frame: its log, then its journal, both open for appending. The reply is a kSessionReply, as to
// the other messages about sessions, which are a Plain: kSessionStats and kSessionEnd with an id,
// kReleaseHandles with a path.
struct SessionStart {
  ByteView version;  // of the client
  ByteView cwd;      // absolute
  bool wants_stats = false;
  bool wants_profile = false;
  bool has_log = false;
  bool has_journal = false;
  // Of a daemon that ends with the processes that own it.
  bool is_private = false;
  std::vector<std::uint64_t> owners;  // pids
};

// Whole frames, as Connection::send takes them. `version` is the daemon's; each reply starts with
// it. Descriptors are no part of a frame's bytes: the caller passes them to Connection::send, in
// the order of the fields that announce them. Errors: kInvalid above limits::kFrameBytesMax.
Result<std::string> encode(const CompileRequest& request);
Result<std::string> encode(const Hit& hit, ByteView version);
Result<std::string> encode(const RunOrder& run, ByteView version);
Result<std::string> encode(const Bypass& bypass, ByteView version);
Result<std::string> encode(const RunReport& done);
Result<std::string> encode(const Delivered& delivered);
Result<std::string> encode(const SessionStart& start);
// kWait, kStored, kShutdown…: a frame with nothing but the version.
Result<std::string> encode_plain(Type type, ByteView version);
// kStatusReply, kClearReply, kSessionReply, kError, kWrongResult: version and text (JSON for the
// first three); kSessionStats, kSessionEnd and kReleaseHandles.
Result<std::string> encode_text(Type type, ByteView version, ByteView text);

// Nothing if the payload does not decode: the caller treats the peer as broken. Results borrow from
// `payload`. A descriptor that a message announces may be missing: its user counts those of the
// frame.
std::optional<CompileRequest> decode_compile(ByteView payload);
std::optional<Hit> decode_hit(ByteView payload);
std::optional<RunOrder> decode_run_order(ByteView payload);
std::optional<Bypass> decode_bypass(ByteView payload);
std::optional<RunReport> decode_run_report(ByteView payload);
std::optional<Delivered> decode_delivered(ByteView payload);
std::optional<SessionStart> decode_session_start(ByteView payload);

// Of any reply: the daemon's version ("" if absent) and its text field.
struct Plain {
  ByteView version;
  ByteView text;
};
std::optional<Plain> decode_plain(ByteView payload);

}  // namespace zc::wire
