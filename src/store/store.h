// Store: what the daemon remembers on disk. Manifests (which inputs a compile had, several variants
// of them), results (what it produced), blobs (bytes by digest), and digests of known files.
//
// Everything here may be lost at any moment, which costs only misses. The store verifies records
// when it reads them and drops a bad one; it compares a blob with its digest at the first read
// after start (and again whenever the identity of its file has changed). Writes are queued to one
// writer thread that commits in groups; queued writes are visible to readers of this object at
// once.
//
// Thread: any. All functions may be called concurrently.
// Owns: the tree below `root` (names: store/layout.h). Directories 0700, files 0600.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/digest.h"
#include "os/fd.h"
#include "os/file.h"

namespace zc::store {

using codec::Digest;

// What an input is. The numbers are stored: append only (docs/formats/store.md).
enum class InputKind : std::uint8_t {
  kFile = 0,     // a file; its content
  kAbsence = 1,  // a path where no file may be
  // Facts: not the content of a file, but a value that each request has under a name. A fact
  // without a digest had no value.
  kVariable = 2,         // the value of an environment variable
  kTrackedVariable = 3,  // the same, and the depfile lists it
  kPathVariable = 4,     // the same, of one that holds a path, which may be in a root
  kEnvironment = 5,      // all variables but the uncounted ones
  kProgram = 6,          // where PATH leads for a program of this name
  kDirectory = 7,        // the path is a directory
  kNames = 8,            // the names in a directory
  kCrateNames = 9,       // those among them that are libraries of Rust crates
  kLink = 10,            // the text of a symlink
  kMetadata = 11,        // what stat returns for a path, and for what it leads to
  kRealPath = 12,        // a path without symlinks
  kListing = 13,         // names in a directory with their kinds, in the order of the directory
  kRoot = 14,            // where a root is
  kSpelledPaths = 15,    // how the command spells its directories, and where they are
  kPlainFile = 16,       // a file that is no symlink; its content
  kSameFiles = 17,       // which of some paths are there, one file, and of one time
  kTimeOfAccess = 18,    // when a file was read last
  kDepInfoForm = 19,     // always holds: the number of the form in which rustc wrote its dep-info
  kTerminal = 20,        // how messages look on standard error
  kAbsentName = 21,      // where no file may be, either: beside the absence before it in the set
  kOldOutput = 22,       // what is at a path that the command is going to write
  kFileTime = 23,        // when a file was changed last, in seconds
  kLocalDay = 24,        // that now is within a day: when it begins and ends, in seconds
  kOtherModule = 25,     // that no module file of Fortran with this checksum is at a path
};
inline constexpr InputKind kLastInputKind = InputKind::kOtherModule;

// One thing that a result depends on.
struct Input {
  InputKind kind = InputKind::kFile;
  // The directory that `name` is below, by a name that each request gives a directory of its own;
  // empty: none, and a path is as the compiler spelled it, relative ones against the cwd.
  std::string root;
  std::string name;  // a path, or what the fact is about
  std::optional<Digest> digest;
  bool operator==(const Input&) const = default;
};

// The index in the input table; equal inputs have equal ids while the store
// remembers them; no id is ever given to another input.
using InputId = std::uint32_t;
inline constexpr InputId kNoInput = 0;  // the id of none

// A variant of a manifest: all that one result depends on.
struct InputSet {
  std::vector<InputId> deps;    // files that the depfile lists, in its order
  std::vector<InputId> others;  // further files, absences and facts
  Digest result;                // key of the Result
};

struct Manifest {
  std::vector<InputSet> sets;  // newest first, at most limits::kInputSetsMax
};

// What a command was the last time that one about the same thing was seen: it tells what has
// changed since. It decides nothing.
struct KnownCommand {
  // A part of its manifest key, for people. The number of the kind belongs to the caller.
  struct Part {
    std::uint8_t kind = 0;
    std::string name;
    std::string value;
    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts;
  std::vector<Part> environment;  // of one that depends on all of it
  Digest manifest;
  std::optional<Digest> result;  // the one that it had
  std::string reason;            // why none was kept
  std::string place;             // for people: where the command ran
  std::int64_t seen_ns = 0;      // since the epoch
  bool operator==(const KnownCommand&) const = default;
};

enum class FileKind : std::uint8_t {
  kPlain = 0,
  kDirectory = 1,  // without what is in it
  kSymlink = 2,    // its text is the blob
};
inline constexpr FileKind kLastFileKind = FileKind::kSymlink;

// Part of a result: an output file or a captured stream. A role that the compiler did not write
// (an optional .dwo, say) has no Output.
struct Output {
  std::uint8_t role = 0;  // a role of the frontend, or kStdout / kStderr
  Digest blob;
  std::uint64_t size_bytes = 0;
  bool executable = false;
  std::string name;  // of the file, when its role alone does not say it
  FileKind kind = FileKind::kPlain;
  std::uint32_t mode = 0;     // permissions; 0: those that new files get, as `executable` says
  bool is_rewritten = false;  // an old file is written anew in its place
  bool operator==(const Output&) const = default;
};
inline constexpr std::uint8_t kStdout = 100;
inline constexpr std::uint8_t kStderr = 101;
inline constexpr std::uint8_t kRemoved = 102;  // no file: the one that `name` names was removed

struct ResultRecord {
  std::vector<Output> outputs;
  std::uint64_t compile_ns = 0;  // what the compile took: a hit saves this
  std::int64_t stored_ns = 0;    // of a result that was read: when it was stored, since the epoch
  std::uint8_t exit_code = 0;
};

// A blob to read: inline bytes, or an open descriptor of a file that holds exactly the blob.
struct Blob {
  std::string bytes;
  os::Fd fd;  // valid() when the blob is a file
  std::uint64_t size_bytes = 0;
};

// 0: no limit.
struct Options {
  std::uint64_t size_bytes_max = 0;  // blobs and index together; eviction starts above it
  std::uint64_t free_bytes_min = 0;  // of the file system; eviction starts below it
};

// Results and manifests count once they are recorded; `index_bytes` is that of what is committed,
// and blob files are counted in the background after start.
struct Usage {
  std::uint64_t results = 0;
  std::uint64_t manifests = 0;
  std::uint64_t blob_bytes = 0;  // blob files
  std::uint64_t index_bytes = 0;
  std::uint64_t evicted_results = 0;  // since start
  std::uint64_t quarantined_blobs = 0;
};

class Store {
 public:
  // Creates `root` if missing. Moves a damaged index aside and begins a new one (`warn` gets the
  // reason; any thread may call it later, too). May fork a child to check the index, so callers
  // should call it before they start threads. Errors: kInvalid if the store has a newer format or
  // other users may write to `root`; kUnavailable if another process has it open; kNoSpace, kIo.
  static Result<std::unique_ptr<Store>> open(const std::string& root, const Options& options,
                                             const std::function<void(const std::string&)>& warn);
  virtual ~Store() = default;

  // Nothing: no such manifest, or it did not decode.
  virtual std::optional<Manifest> manifest(const Digest& key) = 0;
  // Expands ids; nothing for an id that is not known (a damaged index): treat the set as absent.
  virtual std::optional<Input> input(InputId id) = 0;
  // The id of an equal input, making one if needed; kNoInput if all numbers are used up. A set that
  // holds kNoInput is not stored.
  virtual InputId intern(const Input& input) = 0;

  // Puts `set` in front of the manifest, dropping an older set with equal inputs and the oldest
  // above the limit; and the result. Blobs must have been put before.
  virtual void put_result(const Digest& manifest_key, InputSet set, ResultRecord result) = 0;

  // Nothing: no such result, or it did not decode. Its blobs may have gone all the same.
  virtual std::optional<ResultRecord> result(const Digest& key) = 0;
  // Removes a result that was found to be wrong, and the sets of the manifest that lead to it. Its
  // blobs are compared with their digests anew before they are used again.
  virtual void remove_result(const Digest& manifest_key, const Digest& result_key) = 0;
  // Remembers that the result, whose outputs have so many bytes, was used now, for eviction.
  // Returns a room in which a store would surely have it still, as far as results go by their age:
  // that of all uses since its own last one. Nothing: that is not known.
  virtual std::optional<std::uint64_t> touch(const Digest& result_key,
                                             std::uint64_t output_bytes) = 0;

  // Stores `size_bytes` from descriptor `fd`, offset 0 (the descriptor's own offset may move).
  // Equal content is stored once. The caller must ensure that no process writes to the file
  // meanwhile. Errors: kNoSpace, kIo, kInvalid if it is not a plain file or has another size.
  virtual Result<Digest> put_blob(int fd, std::uint64_t size_bytes) = 0;
  virtual Result<Digest> put_blob(std::string_view bytes) = 0;
  // Errors: kNotFound; kCorrupt, once the blob has been moved to quarantine.
  virtual Result<Blob> blob(const Digest& digest) = 0;

  // Digest of a file's content by its identity.
  // Nothing: not remembered, or forgotten by the evictor.
  virtual std::optional<Digest> file_digest(const os::FileStamp& stamp) = 0;
  // `stamp` must not be racy (files/file_cache.h): the store does not check it.
  virtual void remember_file(const os::FileStamp& stamp, const Digest& digest) = 0;

  // What is remembered of a command, by a name that the caller has made of what it is about; the
  // evictor forgets all of them when they are many. Nothing: nothing, or it did not decode.
  virtual std::optional<KnownCommand> known_command(const Digest& name) = 0;
  virtual void remember_command(const Digest& name, const KnownCommand& command) = 0;

  // Of a result that has just been stored: how much more room the store would have needed to have
  // it still. Nothing: it was never evicted, or that is forgotten. Says so once.
  virtual std::optional<std::uint64_t> take_missing_room(const Digest& result_key) = 0;

  // Removes every result, manifest and blob. Returns how many results and bytes it removed.
  struct Cleared {
    std::uint64_t results = 0;
    std::uint64_t bytes = 0;
  };
  // Errors: kNoSpace, kIo; then some of it may be left.
  virtual Result<Cleared> clear() = 0;

  // Another limit than that of Options, from now on.
  virtual void set_size_bytes_max(std::uint64_t bytes) = 0;

  // As of now; cheap enough for a status request, too slow for each compile.
  virtual Usage usage() = 0;
  // Waits until all queued writes are committed. Errors: kNoSpace, kIo: the last commit failed.
  virtual Result<> flush() = 0;
};

}  // namespace zc::store
