// Failed compiles are results, too: how the report of one becomes a stored result, and how that is
// replayed.
//
// A failure has a key of its own (CacheableCompile::failure_key), with all that the command names
// and which of its outputs were there before it. So what the compiler did to these is replayed to
// the same old files: it wrote one (a depfile), removed one, or left it alone. All results under
// such a key are of exit code 1.

#include <algorithm>
#include <cerrno>

#include "base/limits.h"
#include "engine/engine.h"
#include "engine/result_builder.h"
#include "os/file_stamp.h"
#include "os/read_parts.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

// The exit code of a compiler that found an error in a source.
constexpr int kExitCode = 1;

std::unexpected<compiler::Bypass> failed(std::string_view why) {
  return bypass(Reason::kCompileFailed, std::string(why));
}

// What there was of an output before the run, and is now.
struct OutputPath {
  std::uint8_t role = 0;
  const std::string& path;
  const os::FileStamp& before;
};

std::vector<OutputPath> output_paths(const CacheableCompile& compile) {
  std::vector<OutputPath> out;
  for (const Product& product : compile.products) {
    out.push_back({.role = product.role, .path = product.path, .before = product.before});
  }
  if (compile.depfile) {
    out.push_back(
        {.role = kFailureDepfile, .path = *compile.depfile, .before = compile.depfile_before});
  }
  return out;
}

// An output that the run has written.
OrBypass<> take_written(const OutputPath& output, int fd, RunOutputs& out) {
  const Result<os::FileStamp> stamp = os::stat_fd(fd);
  if (!stamp || !stamp->is_regular() || stamp->size_bytes > limits::kTakenBytesMax ||
      stamp->same_content_as(output.before)) {
    return failed(output.path);
  }
  Result<std::string> bytes = os::read_whole(fd, stamp->size_bytes);
  const Result<os::FileStamp> after = os::stat_fd(fd);
  if (!bytes || !after || !after->same_content_as(*stamp)) {
    return bypass(Reason::kModifiedOutputFile, output.path);
  }
  out.outputs.push_back(
      {.role = output.role, .fd = fd, .stamp = *stamp, .bytes = *std::move(bytes)});
  return {};
}

// One that it has not written: is it as it was, or gone? Whether a file as young as the run was
// written once more does not show.
OrBypass<> take_unwritten(const os::FileSystem& fs, const CacheableCompile& compile,
                          const OutputPath& output, RunOutputs& out) {
  const bool was_there = output.before.ino != 0;
  os::FileStamp now;
  const int error = fs.stat_link(compile.directory.handle(), output.path.c_str(), now);
  if (error == ENOENT) {
    if (was_there) {
      out.removed.push_back(output.path);
    }
    return {};
  }
  const bool is_left_alone = error == 0 && was_there && now.same_content_as(output.before) &&
                             !is_too_new(now, compile.unread_ns());
  return is_left_alone ? OrBypass<>() : bypass(Reason::kModifiedOutputFile, output.path);
}

OrBypass<> take_effects(const os::FileSystem& fs, const CacheableCompile& compile,
                        const wire::RunReport& report, const std::vector<os::Fd>& fds,
                        RunOutputs& out) {
  const std::vector<OutputPath> paths = output_paths(compile);
  if (report.present.size() != paths.size()) {
    return bypass(Reason::kInternalError, "the report does not fit the request");
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!report.present[i]) {
      TRY(take_unwritten(fs, compile, paths[i], out));
    } else if (next == fds.size()) {
      return bypass(Reason::kInternalError, "the report lacks a descriptor");
    } else {
      TRY(take_written(paths[i], fds[next++].get(), out));
    }
  }
  return {};
}

Result<std::string> bytes_of(Result<store::Blob> blob) {
  if (!blob) {
    return std::unexpected(blob.error());
  }
  return blob->fd ? os::read_fd(blob->fd.get(), limits::kFrameBytesMax)
                  : Result<std::string>(std::move(blob->bytes));
}

std::optional<Product> product_of_failure(const CacheableCompile& compile,
                                          const store::Output& output) {
  if (output.role != kFailureDepfile) {
    return compile.product_of(output);
  }
  return compile.depfile ? std::optional(Product{.path = *compile.depfile,
                                                 .old_file = wire::OldFile::kRewritten})
                         : std::nullopt;
}

}  // namespace

OrBypass<> Engine::store_failure(CacheableCompile& compile, const wire::RunReport& report,
                                 const std::vector<os::Fd>& fds) {
  const std::optional<Digest> key = compile.failure_key();
  if (!key || report.signalled || report.exit_code != kExitCode || report.streams_too_large ||
      !report.out.empty()) {
    return bypass(Reason::kCompileFailed);
  }
  RunOutputs outputs;
  outputs.err = report.err;
  TRY(take_effects(fs_, compile, report, fds, outputs));
  TRY_ASSIGN(const InputList inputs, compile.learn_failure(outputs));
  ResultBuilder builder(fs_, store_, files_, compile, *key);
  TRY(builder.take(inputs));
  std::shared_ptr<InputTable> table = manifests_.table();
  TRY(builder.check_set(*table));
  TRY(builder.put_outputs(inputs, outputs, report, true));
  manifests_.put_first(*key, builder.commit(), std::move(table));
  return {};
}

// What no input shows may have been the reason after all, so a failure is not believed for ever.
std::optional<HitReply> Engine::assemble_failure(const CacheableCompile& compile,
                                                 const LoadedSet& set) {
  TRY_ASSIGN(const store::ResultRecord record, store_.result(set.result));
  const std::int64_t age_ns = fs_.now_ns() - record.stored_ns;
  const bool may_write_all =
      std::ranges::all_of(output_paths(compile),
                          [&](const OutputPath& output) { return compile.may_write(output.path); });
  if (age_ns < 0 || age_ns > limits::kFailureAgeNs || !may_write_all) {
    return std::nullopt;
  }
  HitReply reply;
  reply.compile_ns = record.compile_ns;
  reply.hit.exit_code = kExitCode;
  for (const store::Output& output : record.outputs) {
    if (output.role == store::kRemoved) {
      reply.hit.removed.push_back(reply.texts.emplace_back(output.name));
      continue;
    }
    Result<std::string> bytes = bytes_of(store_.blob(output.blob));
    if (!bytes) {
      return std::nullopt;
    }
    if (output.role == store::kStderr) {
      TRY_ASSIGN(std::string messages, compile.decode_messages(*std::move(bytes)));
      reply.hit.err = reply.texts.emplace_back(std::move(messages));
      continue;
    }
    const std::string& text = reply.texts.emplace_back(*std::move(bytes));
    TRY_ASSIGN(const Product product, product_of_failure(compile, output));
    reply.hit.files.push_back({.path = reply.texts.emplace_back(product.path),
                               .executable = output.executable,
                               .old_file = product.old_file,
                               .size_bytes = text.size(),
                               .bytes = text});
  }
  return reply;
}

}  // namespace zc::engine
