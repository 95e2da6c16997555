// Change: one thing in which a command differs from the last time, or from the most similar one:
// what people get as the reason of a miss.
//
// Values of variables stand for themselves only if they are known to be harmless; of all others,
// and of contents, the first digits of the digest are shown.
//
// Thread: values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "codec/digest.h"

namespace zc::history {

// What has changed. The numbers are stored: append only.
enum class ChangeKind : std::uint8_t {
  kWord = 0,       // a word of the command
  kCompiler = 1,   // the programs and libraries that make it up
  kProgram = 2,    // the name under which it was called
  kSource = 3,     // the path of the source
  kFile = 4,       // the content of a file: the source, a header, any input
  kNewFile = 5,    // where the compiler had looked in vain
  kVariable = 6,   // of the environment
  kDirectory = 7,  // the working directory
  kOutput = 8,     // the name of an output
  kOldOutput = 9,  // what was there before it
  kForm = 10,      // how the command was understood
  kProcessor = 11,
  kMachine = 12,
  kInherited = 13,  // umask, limits and the like
  kTerminal = 14,
  kRoot = 15,   // a directory that the command names, and all below it
  kCrate = 16,  // a crate or directory of crates
  kProgramOnPath = 17,
  kPath = 18,      // whether a path leads to a directory, and where it leads
  kNames = 19,     // the names in a directory
  kMetadata = 20,  // mode, owner, size or times
  kEnvironment = 21,
  kDeclared = 22,  // what the user declared of the command
  kOther = 23,
  kDate = 24,
};
inline constexpr std::size_t kChangeKinds = 25;

struct Change {
  ChangeKind kind = ChangeKind::kOther;
  std::string name;                   // of the thing; empty where there is but one
  std::optional<std::string> before;  // nothing: it was not there
  std::optional<std::string> after;
  std::int64_t changed_ns = 0;  // of a file: its time, since the epoch; 0: not known
  bool operator==(const Change&) const = default;
};

// As in the journal: "word", "new_file".
std::string_view id_of(ChangeKind kind);
std::optional<ChangeKind> kind_of(std::string_view id);

// Whether values of this kind say nothing to people: they are digests of several things together.
bool is_opaque(ChangeKind kind);

// A sentence without a full stop: "the word -O2 is now -O3".
std::string text_of(const Change& change);

// The first digits of a digest, as they are shown.
std::string short_text(const codec::Digest& digest);

}  // namespace zc::history
