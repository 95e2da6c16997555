#include "wire/message.h"

#include <concepts>
#include <type_traits>
#include <utility>

#include "base/path.h"

namespace zc::wire {

namespace {

// One space of tags for all messages. Numbers are never reused; kVersion and kText never change.
enum Tag : std::uint16_t {
  kVersion = 1,
  kText = 2,
  kTool = 10,
  kCwd = 11,
  kArg = 12,
  kEnv = 13,
  kRootDev = 14,
  kRootIno = 15,
  kCwdDev = 16,
  kCwdIno = 17,
  kStartNs = 18,
  kHasNoStdin = 19,
  kHasTerminal = 20,
  kPidNamespace = 23,
  kUserNamespace = 24,
  kPersonality = 25,
  kRootMount = 26,
  kTightLimit = 27,
  kLimitsFiles = 28,
  kTakesFailures = 29,
  kFilePath = 30,  // starts a new file; the following kFile fields belong to it
  kFileExecutable = 31,
  kFileHasFd = 32,
  kFileSize = 33,
  kFileBytes = 34,
  kOut = 35,
  kErr = 36,
  kFileOldFile = 38,
  kFileKind = 40,
  kFileMode = 41,
  kRemoved = 39,
  kInject = 50,
  kPrivateDepfile = 51,
  kOutput = 53,
  kObserve = 54,
  kInjectAt = 55,
  kVerifies = 56,
  kCleared = 57,
  kNotBeforeNs = 58,
  kExitCode = 70,
  kSignalled = 71,
  kDurationNs = 72,
  kPresent = 73,
  kHasMemoryFile = 74,
  kStreamsTooLarge = 75,
  kTerminal = 80,
  kReason = 90,
  kDetail = 91,
  kDeclared = 100,
  kOption = 101,
  kInputList = 102,
  kUmask = 103,
  kEmptyStdin = 104,
  kStdinPath = 105,
  kStdinDev = 106,
  kStdinIno = 107,
  kOpenDescriptors = 108,
  kInherited = 109,
  kWantsStamps = 110,
  kDeliveredFile = 111,
  kHasPipedInput = 112,
  kPipedInput = 113,
  kOpenDescriptor = 114,
  kWantsStats = 120,
  kWantsProfile = 121,
  kHasLog = 122,
  kHasJournal = 123,
  kPrivate = 124,
  kOwner = 125,
};

// Six numbers, tag and length.
constexpr std::size_t kDeliveredFileBytes = 6 * 8 + 6;

// Writes the fields of a message to a frame.
class Writer {
 public:
  explicit Writer(FieldWriter out) : out_(std::move(out)) {}

  void field(Tag tag, ByteView bytes) { out_.field(tag, bytes); }
  void field(Tag tag, std::uint64_t value) { out_.field(tag, value); }
  void exit_code(Tag tag, int code) { out_.field(tag, static_cast<std::uint64_t>(code)); }
  // One that is missing has its default.
  template <class T>
  void enumerator(Tag tag, T value) {
    field_if_set(tag, static_cast<std::uint64_t>(value));
  }
  template <class T>
  void field_if_set(Tag tag, const T& value) {
    if (value != T{}) {
      field(tag, value);
    }
  }
  template <class T>
  void list(Tag tag, const std::vector<T>& values) {
    for (const T value : values) {
      field(tag, value);
    }
  }
  void files(const std::vector<HitFile>& files);

  Result<std::string> finish() { return out_.finish(); }

 private:
  FieldWriter out_;
};

// Puts one field that was received where it belongs in a message.
class Reader {
 public:
  Reader(std::uint16_t tag, ByteView bytes) : tag_(tag), bytes_(bytes) {}

  template <class T>
  void field(Tag tag, T& member) {
    if (is(tag)) {
      member = value<T>();
    }
  }
  // A process reports one byte.
  void exit_code(Tag tag, int& code) {
    if (is(tag)) {
      // As waitpid reports it, whatever the peer sends.
      code = static_cast<int>(number_of(bytes_) & 0xFF);
    }
  }
  void field_if_set(Tag tag, auto& member) { field(tag, member); }
  template <class T>
  void enumerator(Tag tag, T& member) {
    if (is(tag)) {
      member = static_cast<T>(number_of(bytes_));
    }
  }
  template <class T>
  void list(Tag tag, std::vector<T>& members) {
    if (is(tag)) {
      members.push_back(value<T>());
    }
  }
  void files(std::vector<HitFile>& files);

  // A field of a file came before any file.
  bool is_misplaced() const { return is_misplaced_; }

 private:
  bool is(Tag tag) {
    is_known_ |= tag == tag_;
    return tag == tag_;
  }
  template <class T>
  T value() const {
    if constexpr (std::same_as<T, ByteView>) {
      return bytes_;
    } else if constexpr (std::same_as<T, bool>) {
      return number_of(bytes_) != 0;
    } else {
      return number_of(bytes_);
    }
  }

  std::uint16_t tag_;
  ByteView bytes_;
  bool is_known_ = false;
  bool is_misplaced_ = false;
};

// The fields of each message, in the order in which they are sent; to be written, or to be read.
template <class M, class Message>
concept Is = std::same_as<std::remove_const_t<M>, Message>;

void fields(Is<CompileRequest> auto& request, auto& io) {
  io.field(kVersion, request.version);
  io.field(kTool, request.tool);
  io.field(kCwd, request.cwd);
  io.list(kArg, request.args);
  io.list(kEnv, request.env);
  io.field(kRootDev, request.root_id.dev);
  io.field(kRootIno, request.root_id.ino);
  io.field(kCwdDev, request.cwd_id.dev);
  io.field(kCwdIno, request.cwd_id.ino);
  io.field(kRootMount, request.world.root_mount);
  io.field(kPidNamespace, request.world.pid_namespace);
  io.field(kUserNamespace, request.world.user_namespace);
  io.field(kPersonality, request.world.personality);
  io.field_if_set(kTightLimit, request.tight_limit);
  io.field_if_set(kLimitsFiles, request.limits_files);
  io.field(kStartNs, request.start_ns);
  io.field_if_set(kHasNoStdin, request.has_no_stdin);
  io.field_if_set(kHasTerminal, request.has_terminal);
  io.field_if_set(kTerminal, request.terminal);
  io.field_if_set(kTakesFailures, request.takes_failures);
  io.field_if_set(kDeclared, request.is_declared);
  io.list(kOption, request.options);
  io.field_if_set(kInputList, request.input_list);
  io.field_if_set(kUmask, request.umask);
  io.field_if_set(kInherited, request.inherited);
  io.field_if_set(kEmptyStdin, request.has_empty_stdin);
  io.field_if_set(kStdinPath, request.stdin_path);
  io.field_if_set(kStdinDev, request.stdin_id.dev);
  io.field_if_set(kStdinIno, request.stdin_id.ino);
  io.field_if_set(kHasPipedInput, request.has_piped_input);
  io.field_if_set(kPipedInput, request.piped_input);
  io.field_if_set(kOpenDescriptors, request.has_open_descriptors);
  io.field_if_set(kOpenDescriptor, request.open_descriptor);
}

void fields(Is<HitFile> auto& file, auto& io) {
  io.field(kFilePath, file.path);
  io.field_if_set(kFileExecutable, file.executable);
  io.enumerator(kFileOldFile, file.old_file);
  io.field_if_set(kFileHasFd, file.has_fd);
  io.field(kFileSize, file.size_bytes);
  io.field(kFileBytes, file.bytes);
  io.enumerator(kFileKind, file.kind);
  io.field_if_set(kFileMode, file.mode);
}

void fields(Is<Hit> auto& hit, auto& io) {
  io.field(kOut, hit.out);
  io.field(kErr, hit.err);
  io.exit_code(kExitCode, hit.exit_code);
  io.list(kRemoved, hit.removed);
  io.list(kCleared, hit.cleared);
  io.field_if_set(kWantsStamps, hit.wants_stamps);
  io.files(hit.files);
}

void fields(Is<RunOrder> auto& run, auto& io) {
  io.list(kInject, run.inject);
  io.field_if_set(kInjectAt, run.inject_at);
  io.field_if_set(kPrivateDepfile, run.private_depfile);
  io.field_if_set(kObserve, run.observe);
  io.field_if_set(kVerifies, run.verifies);
  io.list(kOutput, run.outputs);
  io.list(kCleared, run.cleared);
  io.field_if_set(kNotBeforeNs, run.not_before_ns);
}

void fields(Is<RunReport> auto& done, auto& io) {
  io.exit_code(kExitCode, done.exit_code);
  io.field_if_set(kSignalled, done.signalled);
  io.field(kDurationNs, done.duration_ns);
  io.list(kPresent, done.present);
  io.field_if_set(kHasMemoryFile, done.has_memory_file);
  io.field_if_set(kStreamsTooLarge, done.streams_too_large);
  io.field(kOut, done.out);
  io.field(kErr, done.err);
}

void fields(Is<Bypass> auto& bypass, auto& io) {
  io.field(kReason, bypass.reason);
  io.field(kDetail, bypass.detail);
}

void fields(Is<SessionStart> auto& start, auto& io) {
  io.field(kVersion, start.version);
  io.field(kCwd, start.cwd);
  io.field_if_set(kWantsStats, start.wants_stats);
  io.field_if_set(kWantsProfile, start.wants_profile);
  io.field_if_set(kHasLog, start.has_log);
  io.field_if_set(kHasJournal, start.has_journal);
  io.field_if_set(kPrivate, start.is_private);
  io.list(kOwner, start.owners);
}

void fields(Is<Plain> auto& plain, auto& io) {
  io.field(kVersion, plain.version);
  io.field(kText, plain.text);
}

void Writer::files(const std::vector<HitFile>& files) {
  for (const HitFile& file : files) {
    fields(file, *this);
  }
}

void Reader::files(std::vector<HitFile>& files) {
  if (tag_ == kFilePath) {
    files.emplace_back();
  }
  HitFile none;
  is_known_ = false;
  fields(files.empty() ? none : files.back(), *this);
  is_misplaced_ = files.empty() && is_known_;
}

template <class Message>
Result<std::string> encode_fields(FieldWriter frame, const Message& message) {
  Writer out(std::move(frame));
  fields(message, out);
  return out.finish();
}

// Decodes a payload into `out`, which holds the defaults.
template <class Message>
std::optional<Message> decode_fields(ByteView payload, Message out = {}) {
  bool is_sound = true;
  const bool is_whole = each_field(payload, [&](std::uint16_t tag, ByteView bytes) {
    Reader in(tag, bytes);
    fields(out, in);
    is_sound &= !in.is_misplaced();
  });
  return is_whole && is_sound ? std::optional(std::move(out)) : std::nullopt;
}

FieldWriter begin_reply(Type type, ByteView version) {
  FieldWriter out(type);
  out.field(kVersion, version);
  return out;
}

}  // namespace

Result<std::string> encode(const CompileRequest& request) {
  return encode_fields(FieldWriter(Type::kCompile), request);
}

Result<std::string> encode(const Hit& hit, ByteView version) {
  return encode_fields(begin_reply(Type::kHit, version), hit);
}

Result<std::string> encode(const RunOrder& run, ByteView version) {
  return encode_fields(begin_reply(Type::kRunOrder, version), run);
}

Result<std::string> encode(const RunReport& done) {
  return encode_fields(FieldWriter(Type::kRunReport), done);
}

// Each file is one field, and the message takes no page of memory: it is part of each hit.
Result<std::string> encode(const Delivered& delivered) {
  FieldWriter out(Type::kDelivered, delivered.files.size() * kDeliveredFileBytes);
  for (const DeliveredFile& file : delivered.files) {
    ByteWriter bytes;
    for (const std::uint64_t number :
         {file.index, file.dev, file.ino, file.size_bytes, file.mtime_ns, file.ctime_ns}) {
      bytes.u64(number);
    }
    out.field(kDeliveredFile, bytes.take());
  }
  return out.finish();
}

Result<std::string> encode(const Bypass& bypass, ByteView version) {
  return encode_fields(begin_reply(Type::kBypass, version), bypass);
}

Result<std::string> encode(const SessionStart& start) {
  return encode_fields(FieldWriter(Type::kSessionStart), start);
}

Result<std::string> encode_plain(Type type, ByteView version) {
  return begin_reply(type, version).finish();
}

Result<std::string> encode_text(Type type, ByteView version, ByteView text) {
  return encode_fields(FieldWriter(type), Plain{.version = version, .text = text});
}

std::optional<CompileRequest> decode_compile(ByteView payload) {
  auto request = decode_fields<CompileRequest>(payload);
  const bool whole =
      request && !request->args.empty() && !request->tool.empty() && !request->cwd.empty();
  return whole ? std::move(request) : std::nullopt;
}

std::optional<Hit> decode_hit(ByteView payload) {
  return decode_fields<Hit>(payload);
}

std::optional<RunOrder> decode_run_order(ByteView payload) {
  return decode_fields<RunOrder>(payload);
}

std::optional<RunReport> decode_run_report(ByteView payload) {
  auto done = decode_fields(payload, RunReport{.exit_code = -1});
  return done && done->exit_code >= 0 ? std::move(done) : std::nullopt;
}

std::optional<Delivered> decode_delivered(ByteView payload) {
  Delivered out;
  bool is_sound = true;
  const bool is_whole = each_field(payload, [&](std::uint16_t tag, ByteView bytes) {
    if (tag != kDeliveredFile) {
      return;
    }
    ByteReader in(bytes);
    DeliveredFile& file = out.files.emplace_back();
    for (std::uint64_t* const number :
         {&file.index, &file.dev, &file.ino, &file.size_bytes, &file.mtime_ns, &file.ctime_ns}) {
      *number = in.u64();
    }
    is_sound &= !in.bad() && in.done();
  });
  return is_whole && is_sound ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Bypass> decode_bypass(ByteView payload) {
  return decode_fields<Bypass>(payload);
}

std::optional<SessionStart> decode_session_start(ByteView payload) {
  auto start = decode_fields<SessionStart>(payload);
  return start && is_absolute(start->cwd) ? std::move(start) : std::nullopt;
}

std::optional<Plain> decode_plain(ByteView payload) {
  return decode_fields<Plain>(payload);
}

}  // namespace zc::wire
