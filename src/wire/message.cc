#include "wire/message.h"

#include <utility>

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
  kShowsColour = 21,
  kMountNamespace = 22,
  kPidNamespace = 23,
  kUserNamespace = 24,
  kPersonality = 25,
  kRootMount = 26,
  kTightLimit = 27,
  kLimitsFiles = 28,
  kFilePath = 30,  // starts a new file; the following kFile fields belong to it
  kFileExecutable = 31,
  kFileHasFd = 32,
  kFileSize = 33,
  kFileBytes = 34,
  kOut = 35,
  kErr = 36,
  kForcedColour = 37,
  kFileKeepsMode = 38,
  kInject = 50,
  kPrivateDepfile = 51,
  kOutput = 53,
  kObserve = 54,
  kInjectAt = 55,
  kExitCode = 70,
  kSignalled = 71,
  kDurationNs = 72,
  kPresent = 73,
  kHasMemoryFile = 74,
  kStreamsTooLarge = 75,
  kReason = 90,
  kDetail = 91,
};

// Decodes a payload into a T, field by field.
template <class T, class Set>
std::optional<T> decode_fields(ByteView payload, T out, Set set) {
  if (!each_field(payload, [&](std::uint16_t tag, ByteView bytes) { set(out, tag, bytes); })) {
    return std::nullopt;
  }
  return out;
}

// A flag that is not set has no field.
void flag(FieldWriter& out, Tag tag, bool value) {
  if (value) {
    out.field(tag, std::uint64_t{1});
  }
}

}  // namespace

Result<std::string> encode(const CompileRequest& request) {
  FieldWriter out(Type::kCompile);
  out.field(kVersion, request.version);
  out.field(kTool, request.tool);
  out.field(kCwd, request.cwd);
  for (const ByteView arg : request.args) {
    out.field(kArg, arg);
  }
  for (const ByteView variable : request.env) {
    out.field(kEnv, variable);
  }
  out.field(kRootDev, request.root_id.dev);
  out.field(kRootIno, request.root_id.ino);
  out.field(kCwdDev, request.cwd_id.dev);
  out.field(kCwdIno, request.cwd_id.ino);
  out.field(kRootMount, request.world.root_mount);
  out.field(kMountNamespace, request.world.mount_namespace);
  out.field(kPidNamespace, request.world.pid_namespace);
  out.field(kUserNamespace, request.world.user_namespace);
  out.field(kPersonality, request.world.personality);
  if (!request.tight_limit.empty()) {
    out.field(kTightLimit, request.tight_limit);
  }
  flag(out, kLimitsFiles, request.limits_files);
  out.field(kStartNs, request.start_ns);
  flag(out, kHasNoStdin, request.has_no_stdin);
  flag(out, kHasTerminal, request.has_terminal);
  flag(out, kShowsColour, request.shows_colour);
  return out.finish();
}

namespace {

void set_world_field(os::World& world, std::uint16_t tag, std::uint64_t number) {
  switch (tag) {
    case kRootMount:
      world.root_mount = number;
      break;
    case kMountNamespace:
      world.mount_namespace = number;
      break;
    case kPidNamespace:
      world.pid_namespace = number;
      break;
    case kUserNamespace:
      world.user_namespace = number;
      break;
    case kPersonality:
      world.personality = number;
      break;
    default:
      break;
  }
}

}  // namespace

std::optional<CompileRequest> decode_compile(ByteView payload) {
  auto request =
      decode_fields(payload, CompileRequest{}, [](auto& out, std::uint16_t tag, ByteView bytes) {
        switch (tag) {
          case kVersion:
            out.version = bytes;
            break;
          case kTool:
            out.tool = bytes;
            break;
          case kCwd:
            out.cwd = bytes;
            break;
          case kArg:
            out.args.push_back(bytes);
            break;
          case kEnv:
            out.env.push_back(bytes);
            break;
          case kRootDev:
            out.root_id.dev = number_of(bytes);
            break;
          case kRootIno:
            out.root_id.ino = number_of(bytes);
            break;
          case kCwdDev:
            out.cwd_id.dev = number_of(bytes);
            break;
          case kCwdIno:
            out.cwd_id.ino = number_of(bytes);
            break;
          case kRootMount:
          case kMountNamespace:
          case kPidNamespace:
          case kUserNamespace:
          case kPersonality:
            set_world_field(out.world, tag, number_of(bytes));
            break;
          case kTightLimit:
            out.tight_limit = bytes;
            break;
          case kLimitsFiles:
            out.limits_files = number_of(bytes) != 0;
            break;
          case kStartNs:
            out.start_ns = number_of(bytes);
            break;
          case kHasNoStdin:
            out.has_no_stdin = number_of(bytes) != 0;
            break;
          case kHasTerminal:
            out.has_terminal = number_of(bytes) != 0;
            break;
          case kShowsColour:
            out.shows_colour = number_of(bytes) != 0;
            break;
          default:
            break;
        }
      });
  const bool whole =
      request && !request->args.empty() && !request->tool.empty() && !request->cwd.empty();
  return whole ? std::move(request) : std::nullopt;
}

Result<std::string> encode(const Hit& hit, ByteView version) {
  FieldWriter out(Type::kHit);
  out.field(kVersion, version);
  out.field(kOut, hit.out);
  out.field(kErr, hit.err);
  flag(out, kForcedColour, hit.forced_colour);
  for (const HitFile& file : hit.files) {
    out.field(kFilePath, file.path);
    flag(out, kFileExecutable, file.executable);
    flag(out, kFileKeepsMode, file.keeps_mode);
    flag(out, kFileHasFd, file.has_fd);
    out.field(kFileSize, file.size_bytes);
    out.field(kFileBytes, file.bytes);
  }
  return out.finish();
}

namespace {

// A field of a file; false when no file has been started.
bool decode_file_field(std::vector<HitFile>& files, std::uint16_t tag, ByteView bytes) {
  if (tag == kFilePath) {
    files.emplace_back().path = bytes;
    return true;
  }
  if (files.empty()) {
    return false;
  }
  HitFile& file = files.back();
  switch (tag) {
    case kFileExecutable:
      file.executable = number_of(bytes) != 0;
      break;
    case kFileKeepsMode:
      file.keeps_mode = number_of(bytes) != 0;
      break;
    case kFileHasFd:
      file.has_fd = number_of(bytes) != 0;
      break;
    case kFileSize:
      file.size_bytes = number_of(bytes);
      break;
    default:
      file.bytes = bytes;
      break;
  }
  return true;
}

}  // namespace

std::optional<Hit> decode_hit(ByteView payload) {
  Hit out;
  bool sound = true;
  const bool ok = each_field(payload, [&](std::uint16_t tag, ByteView bytes) {
    switch (tag) {
      case kOut:
        out.out = bytes;
        break;
      case kErr:
        out.err = bytes;
        break;
      case kForcedColour:
        out.forced_colour = number_of(bytes) != 0;
        break;
      case kFilePath:
      case kFileExecutable:
      case kFileKeepsMode:
      case kFileHasFd:
      case kFileSize:
      case kFileBytes:
        sound = decode_file_field(out.files, tag, bytes) && sound;
        break;
      default:
        break;
    }
  });
  if (!ok || !sound) {
    return std::nullopt;
  }
  return out;
}

Result<std::string> encode(const RunOrder& run, ByteView version) {
  FieldWriter out(Type::kRunOrder);
  out.field(kVersion, version);
  for (const ByteView arg : run.inject) {
    out.field(kInject, arg);
  }
  if (run.inject_at != 0) {
    out.field(kInjectAt, std::uint64_t{run.inject_at});
  }
  flag(out, kPrivateDepfile, run.private_depfile);
  flag(out, kObserve, run.observe);
  flag(out, kForcedColour, run.forced_colour);
  for (const ByteView path : run.outputs) {
    out.field(kOutput, path);
  }
  return out.finish();
}

std::optional<RunOrder> decode_run_order(ByteView payload) {
  return decode_fields(payload, RunOrder{}, [](auto& out, std::uint16_t tag, ByteView bytes) {
    switch (tag) {
      case kInject:
        out.inject.push_back(bytes);
        break;
      case kInjectAt:
        out.inject_at = number_of(bytes);
        break;
      case kPrivateDepfile:
        out.private_depfile = number_of(bytes) != 0;
        break;
      case kObserve:
        out.observe = number_of(bytes) != 0;
        break;
      case kForcedColour:
        out.forced_colour = number_of(bytes) != 0;
        break;
      case kOutput:
        out.outputs.push_back(bytes);
        break;
      default:
        break;
    }
  });
}

Result<std::string> encode(const RunReport& done) {
  FieldWriter out(Type::kRunReport);
  out.field(kExitCode, static_cast<std::uint64_t>(done.exit_code));
  flag(out, kSignalled, done.signalled);
  out.field(kDurationNs, done.duration_ns);
  for (const bool present : done.present) {
    out.field(kPresent, std::uint64_t{present});
  }
  flag(out, kHasMemoryFile, done.has_memory_file);
  flag(out, kStreamsTooLarge, done.streams_too_large);
  out.field(kOut, done.out);
  out.field(kErr, done.err);
  return out.finish();
}

std::optional<RunReport> decode_run_report(ByteView payload) {
  // A report without an exit code is refused: 0 would be taken for a success.
  RunReport empty;
  empty.exit_code = -1;
  auto done =
      decode_fields(payload, std::move(empty), [](auto& out, std::uint16_t tag, ByteView bytes) {
        switch (tag) {
          case kExitCode:
            // As waitpid reports it, whatever the peer sends.
            out.exit_code = static_cast<int>(number_of(bytes) & 0xFF);
            break;
          case kSignalled:
            out.signalled = number_of(bytes) != 0;
            break;
          case kDurationNs:
            out.duration_ns = number_of(bytes);
            break;
          case kPresent:
            out.present.push_back(number_of(bytes) != 0);
            break;
          case kHasMemoryFile:
            out.has_memory_file = number_of(bytes) != 0;
            break;
          case kStreamsTooLarge:
            out.streams_too_large = number_of(bytes) != 0;
            break;
          case kOut:
            out.out = bytes;
            break;
          case kErr:
            out.err = bytes;
            break;
          default:
            break;
        }
      });
  return done && done->exit_code >= 0 ? std::move(done) : std::nullopt;
}

Result<std::string> encode(const Bypass& bypass, ByteView version) {
  FieldWriter out(Type::kBypass);
  out.field(kVersion, version);
  out.field(kReason, bypass.reason);
  out.field(kDetail, bypass.detail);
  return out.finish();
}

std::optional<Bypass> decode_bypass(ByteView payload) {
  return decode_fields(payload, Bypass{}, [](auto& out, std::uint16_t tag, ByteView bytes) {
    if (tag == kReason) {
      out.reason = bytes;
    } else if (tag == kDetail) {
      out.detail = bytes;
    }
  });
}

Result<std::string> encode_plain(Type type, ByteView version) {
  FieldWriter out(type);
  out.field(kVersion, version);
  return out.finish();
}

Result<std::string> encode_text(Type type, ByteView version, ByteView text) {
  FieldWriter out(type);
  out.field(kVersion, version);
  out.field(kText, text);
  return out.finish();
}

std::optional<Plain> decode_plain(ByteView payload) {
  return decode_fields(payload, Plain{}, [](auto& out, std::uint16_t tag, ByteView bytes) {
    if (tag == kVersion) {
      out.version = bytes;
    } else if (tag == kText) {
      out.text = bytes;
    }
  });
}

}  // namespace zc::wire
