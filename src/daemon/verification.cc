#include "daemon/verification.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "os/name.h"
#include "os/read_parts.h"

namespace zc::daemon {

namespace {

// Compilers exit by this if they refuse a source; by another number, or a signal, if they fail.
constexpr int kRefused = 1;

// In messages of a compile that failed for want of memory, of disk or of anything else that another
// run may have. gcc reports also the death of its parts in this way.
constexpr std::array<std::string_view, 8> kWants = {"signal terminated program",
                                                    "temporary file",
                                                    "out of memory",
                                                    "annot allocate memory",
                                                    "No space left on device",
                                                    "Disk quota exceeded",
                                                    "Too many open files",
                                                    "Resource temporarily unavailable"};

bool is_no_evidence(const wire::RunReport& report) {
  if (report.signalled || report.streams_too_large) {
    return true;
  }
  if (report.exit_code == 0) {
    return false;
  }
  return report.exit_code != kRefused || std::ranges::any_of(kWants, [&](std::string_view text) {
           return report.err.contains(text);
         });
}

std::optional<codec::Digest> digest_of_file(int fd, std::uint64_t size_bytes) {
  codec::Hasher hasher;
  const Result<> read = os::read_parts(fd, size_bytes, [&](std::string_view part) {
    hasher.update(part);
    return Result<>();
  });
  return read ? std::optional(hasher.finish()) : std::nullopt;
}

// Whether the mode is the run's, and not that of an older file. A file that brings its mode comes
// only where it is the same in both cases, unless it takes the mode over.
bool has_own_mode(const wire::HitFile* file) {
  return file == nullptr || file->old_file == wire::OldFile::kReplaced ||
         (file->old_file == wire::OldFile::kEither && file->mode != 0);
}

}  // namespace

Verification::Verification(const engine::CacheableCompile& compile, const engine::HitReply& hit)
    : compile_(compile), hit_(hit) {
  order_.verifies = true;
  compile.add_maps(order_);
  for (const wire::HitFile& file : hit.hit.files) {
    if (file.kind != wire::FileKind::kPlain) {
      continue;
    }
    outputs_.push_back({.file = &file});
    order_.outputs.push_back(file.path);
  }
  for (const engine::Product& product : compile.products) {
    if (std::ranges::find(order_.outputs, ByteView(product.path)) == order_.outputs.end()) {
      outputs_.push_back({.before = product.before});
      order_.outputs.emplace_back(product.path);
    }
  }
}

std::optional<Effects> Verification::of_hit() const {
  const wire::Hit& hit = hit_.hit;
  Effects out = {.out = std::string(hit.out), .err = std::string(hit.err), .files = {}};
  auto fd = hit_.fds.begin();
  for (const Output& output : outputs_) {
    if (output.file == nullptr) {
      out.files.emplace_back();
      continue;
    }
    if (output.file->has_fd && fd == hit_.fds.end()) {
      return std::nullopt;
    }
    TRY_ASSIGN(const codec::Digest content,
               output.file->has_fd ? digest_of_file((fd++)->get(), output.file->size_bytes)
                                   : std::optional(codec::digest_of(output.file->bytes)));
    out.files.emplace_back(Effects::File{
        .content = content, .executable = output.file->executable && has_own_mode(output.file)});
  }
  return out;
}

// A compiler that cannot write its outputs fails whatever its inputs are. The daemon sees the same
// files as the client, and is the same user.
bool Verification::can_write() const {
  return std::ranges::all_of(order_.outputs, [&](ByteView output) {
    const std::string path = join_path(compile_.cwd, output);
    const int err = os::check_right(path, os::Right::kWrite);
    return err == 0 ||
           (err == ENOENT && os::check_right(std::string(dir_name(path)), os::Right::kWrite) == 0);
  });
}

// The client sends no files of a run that failed.
std::optional<Effects> Verification::of_run(const wire::RunReport& report,
                                            const std::vector<os::Fd>& fds) const {
  if (is_no_evidence(report)) {
    return std::nullopt;
  }
  Effects out = {.exit_code = report.exit_code,
                 .out = std::string(report.out),
                 .err = std::string(report.err),
                 .files = std::vector<std::optional<Effects::File>>(outputs_.size())};
  if (report.exit_code != 0) {
    return can_write() ? std::optional(std::move(out)) : std::nullopt;
  }
  const std::size_t present = static_cast<std::size_t>(std::ranges::count(report.present, true));
  if (report.present.size() != outputs_.size() || present > fds.size()) {
    return std::nullopt;
  }
  auto fd = fds.begin();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (!report.present[i]) {
      continue;
    }
    const Output& output = outputs_[i];
    const Result<os::FileStamp> stamp = os::stat_fd(fd->get());
    if (!stamp) {
      return std::nullopt;
    }
    if (output.file != nullptr || !stamp->same_content_as(output.before)) {
      TRY_ASSIGN(const codec::Digest content, digest_of_file(fd->get(), stamp->size_bytes));
      out.files[i] = {.content = content,
                      .executable = has_own_mode(output.file) && (stamp->mode & 0100) != 0};
    }
    ++fd;
  }
  return out;
}

std::vector<std::string> Verification::differences(const Effects& of_hit,
                                                   const Effects& of_run) const {
  std::vector<std::string> out;
  if (of_hit.exit_code != of_run.exit_code) {
    out.push_back(
        str_cat("exit code: ", of_hit.exit_code, ", the compiler's is ", of_run.exit_code));
  }
  if (of_hit.out != of_run.out) {
    out.emplace_back("standard output: other bytes");
  }
  if (of_hit.err != of_run.err) {
    out.emplace_back("standard error: other bytes");
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const std::optional<Effects::File>& ours = of_hit.files[i];
    const std::optional<Effects::File>& theirs = of_run.files[i];
    if (ours == theirs) {
      continue;
    }
    std::string_view what = "another mode";
    if (!ours) {
      what = "written by the compiler only";
    } else if (!theirs) {
      what = "not written by the compiler";
    } else if (ours->content != theirs->content) {
      what = "other bytes";
    }
    out.push_back(str_cat(order_.outputs[i], ": ", what));
  }
  return out;
}

}  // namespace zc::daemon
