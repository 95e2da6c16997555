// Engine::lookup: is there a remembered set of inputs that holds now, and is its result whole?
//
// The newest set is compared first: after a change that stays, it is the one that holds. Older ones
// serve a user who goes back and forth, between branches for instance. A result is sent whole or
// not at all; if a blob is missing or was found damaged, the next set is tried.

#include "base/limits.h"
#include "engine/engine.h"
#include "engine/inputs/freshness.h"

namespace zc::engine {

namespace {

// A frame carries limits::kFrameFdsMax descriptors. Of a blob beyond them it carries the bytes, up
// to a mebibyte each, since a frame is bounded as well. False: then there is no hit.
bool fits_the_frame(const HitReply& reply, store::Blob& blob) {
  constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 20;
  if (!blob.fd || reply.fds.size() < limits::kFrameFdsMax) {
    return true;
  }
  Result<std::string> bytes = blob.size_bytes > kBytesMax
                                  ? Result<std::string>(fail(Code::kInvalid, {}))
                                  : os::read_fd(blob.fd.get(), kBytesMax);
  if (!bytes) {
    return false;
  }
  blob.bytes = *std::move(bytes);
  blob.fd.reset();
  return true;
}

wire::FileKind kind_for(store::FileKind kind) {
  switch (kind) {
    case store::FileKind::kPlain:
      return wire::FileKind::kPlain;
    case store::FileKind::kDirectory:
      return wire::FileKind::kDirectory;
    case store::FileKind::kSymlink:
      return wire::FileKind::kSymlink;
  }
  return wire::FileKind::kPlain;
}

// Of what a hit brings.
std::uint64_t output_bytes_of(const wire::Hit& hit) {
  std::uint64_t bytes = hit.out.size() + hit.err.size();
  for (const wire::HitFile& file : hit.files) {
    bytes += file.size_bytes;
  }
  return bytes;
}

// What no input shows may have been the reason after all, so a failure is not believed for ever.
bool may_replay_failure(const os::FileSystem& fs, const CacheableCompile& compile,
                        const store::ResultRecord& record) {
  const std::int64_t age_ns = fs.now_ns() - record.stored_ns;
  return compile.keeps_exit_code(record.exit_code) && age_ns >= 0 &&
         age_ns <= limits::kFailureAgeNs;
}

void add_depfile(const CacheableCompile& compile, std::string text, HitReply& reply) {
  wire::HitFile& file = reply.hit.files.emplace_back();
  file.path = *compile.depfile;
  file.old_file = wire::OldFile::kRewritten;
  file.bytes = reply.texts.emplace_back(std::move(text));
  file.size_bytes = file.bytes.size();
}

}  // namespace

std::optional<HitReply> Engine::lookup(const CacheableCompile& compile) {
  if (compile.recaches) {
    return std::nullopt;
  }
  if (std::optional<HitReply> reply = find(compile, compile.manifest_key, &Engine::assemble)) {
    return reply;
  }
  TRY_ASSIGN(const Digest failure, compile.failure_key());
  return find(compile, failure, &Engine::assemble_failure);
}

std::optional<HitReply> Engine::find(const CacheableCompile& compile, const Digest& key,
                                     Assemble make_reply) {
  const std::shared_ptr<const LoadedManifest> found = manifests_.find(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  Freshness freshness(fs_, files_, compile.known_looks());
  // The first set is compared by the stamps at which its files were verified last. Only if it does
  // not hold are the digests worth remembering: later sets name mostly the same files.
  SeenFiles seen;
  bool first = true;
  for (const std::shared_ptr<const LoadedSet>& set : found->sets) {
    if (freshness.holds(*set, compile, first ? nullptr : &seen)) {
      if (std::optional<HitReply> reply = (this->*make_reply)(compile, *set)) {
        reply->result = set->result;
        return reply;
      }
    }
    first = false;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Engine::note_use(const HitReply& reply) {
  return store_.touch(reply.result, output_bytes_of(reply.hit));
}

// Streams are sent as bytes even if the store keeps them in a file, because messages are decoded
// for this command. The depfile comes last, and is rewritten in place, as compilers do.
std::optional<HitReply> Engine::assemble(const CacheableCompile& compile, const LoadedSet& set) {
  TRY_ASSIGN(const store::ResultRecord record, store_.result(set.result));
  if (record.exit_code != 0 && !may_replay_failure(fs_, compile, record)) {
    return std::nullopt;
  }
  TRY_ASSIGN(HitReply reply, assemble_outputs(compile, record));
  if (compile.depfile) {
    add_depfile(compile, compile.generate_depfile(set), reply);
  }
  return reply;
}

std::optional<HitReply> Engine::assemble_outputs(const CacheableCompile& compile,
                                                 const store::ResultRecord& record) {
  HitReply reply;
  reply.compile_ns = record.compile_ns;
  reply.stored_ns = record.stored_ns;
  reply.hit.exit_code = record.exit_code;
  for (const store::Output& output : record.outputs) {
    Result<store::Blob> blob = store_.blob(output.blob);
    if (!blob) {
      return std::nullopt;
    }
    const bool is_stream = output.role == store::kStdout || output.role == store::kStderr;
    if (is_stream && !(output.role == store::kStdout ? compile.replays_out : compile.replays_err)) {
      continue;
    }
    if (is_stream) {
      if (blob->fd) {
        Result<std::string> text = os::read_fd(blob->fd.get(), limits::kFrameBytesMax);
        if (!text) {
          return std::nullopt;
        }
        blob->bytes = *std::move(text);
      }
      if (output.role == store::kStdout) {
        reply.hit.out = reply.texts.emplace_back(std::move(blob->bytes));
        continue;
      }
      TRY_ASSIGN(std::string text, compile.decode_messages(std::move(blob->bytes)));
      reply.hit.err = reply.texts.emplace_back(std::move(text));
      continue;
    }
    std::optional<Product> target = compile.product_of(output);
    if (!target || !fits_the_frame(reply, *blob)) {
      return std::nullopt;
    }
    reply.contents.push_back(output.blob);
    wire::HitFile& file = reply.hit.files.emplace_back();
    file.path = reply.texts.emplace_back(std::move(target->path));
    file.executable = output.executable;
    file.old_file = target->old_file;
    file.kind = kind_for(target->kind);
    file.mode = target->mode;
    file.size_bytes = blob->size_bytes;
    if (blob->fd) {
      file.has_fd = true;
      reply.fds.push_back(std::move(blob->fd));
    } else {
      file.bytes = reply.texts.emplace_back(std::move(blob->bytes));
    }
  }
  return reply;
}

// What a second run has left goes, and what the first had left comes back.
std::optional<HitReply> Engine::replay(const CacheableCompile& compile, const FirstRun& first) {
  TRY_ASSIGN(HitReply reply, assemble_outputs(compile, first.record));
  if (compile.depfile && first.depfile) {
    add_depfile(compile, *first.depfile, reply);
  }
  for (std::string& path : compile.new_paths()) {
    reply.hit.cleared.push_back(reply.texts.emplace_back(std::move(path)));
  }
  return reply;
}

}  // namespace zc::engine
