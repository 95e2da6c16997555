// CommandRecord: what came of one command, as the journal keeps it (docs/formats/journal.md).
//
// There is no environment in it: values of variables may be secrets.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "history/explanation.h"
#include "os/fd.h"

namespace zc::wire {
struct CompileRequest;
}

namespace zc::history {

enum class Outcome : std::uint8_t { kHit, kMiss, kError, kCachedError, kLinkHit, kLinkMiss };
// As in the journal: "hit", "cached_error".
std::string_view text_of(Outcome outcome);

// What the daemon took for the parts of one command, as it was measured.
struct Phases {
  std::uint64_t claim_ns = 0;   // reading the words, knowing the compiler, hashing the source
  std::uint64_t lookup_ns = 0;  // finding a set of inputs that holds, and opening its result
  std::uint64_t reply_ns = 0;   // sending the hit
  std::uint64_t store_ns = 0;   // hashing the inputs of a run, taking its outputs
  bool operator==(const Phases&) const = default;
};

struct CommandRecord {
  std::int64_t start_ns = 0;     // since the epoch
  std::uint64_t latency_ns = 0;  // from the request to the last reply
  Outcome outcome = Outcome::kMiss;
  std::string compiler;
  std::vector<std::string> args;  // without the program
  std::string cwd;
  std::string source;                // as spelled; empty: not known
  std::vector<std::string> outputs;  // as spelled
  std::optional<int> exit_code;      // nothing: the client became the compiler
  std::string session_id;            // empty: none
  std::int64_t client_pid = 0;

  // Of a hit: the stored result, when it was stored, and what the compiler took then. Of a miss:
  // what it took now, and the result if it was kept. Of a command that was left alone: the time
  // from the reply to its end; 0 if that was not seen.
  std::string result;
  std::int64_t stored_ns = 0;
  std::uint64_t compiler_ns = 0;
  std::uint64_t output_bytes = 0;
  bool is_verified = false;  // the compiler ran as well, to prove it
  // Of a miss whose result had been evicted: so much more room would have made it a hit.
  std::uint64_t missing_room_bytes = 0;
  // Of a hit: a cache of this size would surely have had the result, too, as far as it is known.
  std::uint64_t needed_room_bytes = 0;

  // Why no result was kept, or why the command was left alone: compiler::text_of(Reason).id.
  std::string reason;
  std::string detail;
  std::optional<Explanation> why;  // of a miss

  // Of a session that profiles: the crate, the kind of its output, and times.
  std::string crate_name;
  std::string crate_type;
  std::string output_ext;
  std::optional<Phases> phases;

  // The log that the client of a command without a session has opened (ZCCACHE_EPHEMERAL_LOG).
  std::shared_ptr<const os::Fd> log;

  // One of the words of the spec: what a miss is about. Empty for all else.
  std::string_view miss_reason() const;
  // A miss of a command that was never looked up.
  bool was_left_alone() const { return outcome == Outcome::kMiss && !exit_code; }
};

// From the request to the end of the command. Of one that was left alone and whose time is not
// known, to the reply.
std::uint64_t duration_ns(const CommandRecord& record);

// Whether a file is known that the command is about: an output, or its source.
bool has_subject(const CommandRecord& record);

// What the command is about: its first output, else its source, below its directory; of one that
// was not understood, what looks like these; else the program.
std::string subject_of(const CommandRecord& record);

// In a few words, why it was no hit: the first change, or the reason. Empty of a hit.
std::string cause_of(const CommandRecord& record);

// ZCCACHE_SESSION_ID of the request; empty: it has none.
std::string_view session_of(const wire::CompileRequest& request);

// Takes program, words unless there are some, directory and session from the payload of the request
// (wire::decode_compile).
void fill_from_request(std::string_view request, CommandRecord& record);

// One line for a log: "hit /w/a.o: result 0123456789ab", "miss /w/a.o: the word -O2 is now -O3".
std::string summary_of(const CommandRecord& record);

// One line of JSON, without its end.
std::string encode(const CommandRecord& record);
// Errors: kCorrupt for what is no such line. Unknown members are passed over.
Result<CommandRecord> decode(std::string_view line);

}  // namespace zc::history
