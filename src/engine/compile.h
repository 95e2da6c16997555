// CacheableCompile: a request that can be cached, with everything that look-up, run and builder
// need to know of it. What depends on the language, each frontend adds in a class of its own.
//
// Borrows from the frame of its request.
//
// Thread: one CacheableCompile belongs to one request.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "codec/digest.h"
#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/inputs/input_set.h"
#include "engine/inputs/request_context.h"
#include "engine/request_environment.h"
#include "os/fd.h"
#include "os/file_system.h"
#include "store/store.h"
#include "wire/message.h"

namespace zc::engine {

// A hit, ready to be sent. `hit` borrows from `texts`, a deque because its elements stay in place.
// `fds` are in the order of those files of `hit` that have one.
struct HitReply {
  wire::Hit hit;
  std::vector<os::Fd> fds;
  std::deque<std::string> texts;
  std::uint64_t compile_ns = 0;  // what the compile took when it was run: the hit saves this
  std::int64_t stored_ns = 0;    // when that was, since the epoch
  Digest result;                 // key of the stored result
  std::vector<Digest> contents;  // of the first files, as far as the store keeps them
};

// What the client must do on a miss. `run` borrows from `texts`.
struct RunPlan {
  wire::RunOrder run;
  std::deque<std::string> texts;
};

// A file that a run writes, and that a hit brings.
struct Product {
  std::uint8_t role = 0;  // under which the store keeps it; the frontend's numbers
  std::string path;       // as spelled
  wire::OldFile old_file = wire::OldFile::kReplaced;
  bool may_be_empty = false;
  store::FileKind kind = store::FileKind::kPlain;
  std::uint32_t mode = 0;     // as in store::Output
  os::FileStamp before = {};  // what was there when the request came
};

// What a run has brought. Descriptors belong to the frame of the report. What is small was taken
// while the client still waited, before the build could change it.
struct RunOutputs {
  struct Output {
    std::uint8_t role = 0;
    int fd = -1;  // none: a directory or a symlink
    os::FileStamp stamp;
    std::optional<std::string> bytes;         // all of them, when they are few
    std::optional<FurtherOutput> found = {};  // if only the run has named it
  };
  std::vector<Output> outputs;  // of the products, those that were written; then what was found
  std::vector<os::Fd> opened;   // of what was found
  std::optional<std::string> depfile;  // its text
  std::optional<int> memory_file;      // the private depfile
  std::vector<std::string> removed;    // of a run that failed: old outputs that are gone
  std::string_view out;
  std::string_view err;
  std::uint64_t duration_ns = 0;  // of the run
  int exit_code = 0;

  bool has_messages() const { return !out.empty() || !err.empty(); }
};

// A file on which a result depends because a setting says so.
struct ExtraFile {
  std::string path;  // absolute, or relative to the cwd
  os::FileStamp stamp;
};

// The role under which the store keeps the depfile of a compile that failed.
inline constexpr std::uint8_t kFailureDepfile = 90;

// The order of use on a miss: `plan`, then `learn`. On a hit only `product_of`, `decode_messages`
// and `generate_depfile`.
struct CacheableCompile : RequestContext {
  CacheableCompile(const os::FileSystem& fs, const wire::CompileRequest& request)
      : tool(request.tool),
        cwd(request.cwd),
        directory(fs),
        env(request.env),
        start_ns(static_cast<std::int64_t>(request.start_ns)),
        takes_failures(request.takes_failures) {}

  const std::string tool;
  const std::string cwd;
  os::OpenDirectory directory;  // the cwd, for relative paths
  const RequestEnvironment env;
  const std::int64_t start_ns;  // CLOCK_REALTIME; the compile cannot have read anything before
  const bool takes_failures;    // of the client

  // Filled by the frontend.
  std::string source;  // as spelled
  Digest source_digest;
  std::vector<Product> products;       // a run that succeeds writes the first, if there are any
  std::optional<std::string> depfile;  // the user's, which is generated for each command
  os::FileStamp depfile_before = {};   // what was there when the request came
  // The build tool may remove or change what the run has read, or has left beside its products,
  // once the client has ended; so the client waits until all is stored.
  bool client_waits = false;
  bool is_unknown = false;     // nothing is known of the programs that a run starts
  bool reads_outputs = false;  // of other commands, such as objects
  bool only_measures = false;  // a hit is counted, and the command is run as if there was none
  bool replays_out = true;     // whether a hit prints what the run has printed
  bool replays_err = true;
  Digest manifest_key;
  std::string key_fields;  // of that key, or of two that it is made of (codec::read_fields)

  // Filled by the engine (engine/settings.h).
  std::vector<ExtraFile> extra_files;
  bool recaches = false;    // no look-up finds anything
  bool only_reads = false;  // a miss is not stored
  bool must_hit = false;    // a miss fails the command

  // Of a run that was observed: the observer's records (wire/observation.h), or why they are not
  // there.
  Result<std::string> observation;

  os::DirectoryHandle working_directory() const override { return directory.handle(); }

  // Nothing has been read before this, on the clock of file timestamps, which is behind by up to a
  // tick.
  std::int64_t unread_ns() const { return start_ns - limits::kTimestampGranuleNs; }

  // The output by which people know the command, as spelled; empty: it has none that is known
  // before the run.
  virtual std::string main_output_path() const {
    return products.empty() ? std::string() : products.front().path;
  }

  // Where a hit puts an output of a stored result. Nothing: this command has no such output, so the
  // result is not for it.
  virtual std::optional<Product> product_of(const store::Output& output) const;

  void set_key(codec::Key key) {
    manifest_key = key.digest;
    key_fields = std::move(key.fields);
  }

  // What a run must bring. The order of its outputs is that of RunReport::present: the products,
  // then the user's depfile.
  RunPlan make_plan() const;

  // Whether a run that exited by this is a result like one that succeeded.
  virtual bool keeps_exit_code(int code) const { return code == 0; }

  // What the client must add to the command, and how its run is watched. `out.run.outputs` is
  // filled by the caller.
  virtual void plan(RunPlan& out) const = 0;
  // The part of that which its outputs show: maps of paths. A run that is compared with a hit needs
  // them as well. `order` borrows them.
  virtual void add_maps(wire::RunOrder& /*order*/) const {}

  // What the run has written besides the products. Called before `learn`, while the client waits.
  virtual compiler::OrBypass<std::vector<FurtherOutput>> find_outputs(
      const RunOutputs& /*outputs*/) {
    return std::vector<FurtherOutput>();
  }

  // What the run depended on, or why that cannot be known. Called once, after the run, perhaps
  // while the client has gone on already.
  virtual compiler::OrBypass<InputList> learn(const RunOutputs& outputs) = 0;

  // Where the run has left something in place of nothing, as `find_outputs` has seen it: absolute
  // paths, a directory behind what is in it. Of a frontend whose runs may be repeated.
  virtual std::vector<std::string> new_paths() const { return {}; }
  // What of an output the next run must leave the same, if that is not all of it: its digest.
  virtual std::optional<Digest> repeated_part(const RunOutputs::Output& /*output*/) const {
    return std::nullopt;
  }

  // Under which a compile that fails is kept: with all that the command names, and which outputs
  // are there before it. Nothing: failures are not kept. And what such a run depended on, as
  // `learn`, or why it may not fail again: an error that is not of the sources.
  virtual std::optional<Digest> failure_key() const { return std::nullopt; }
  // A compiler that cannot write an output says so before all else.
  bool may_write(std::string_view output) const;
  // Of such a key, what all commands have.
  void add_failure(codec::KeyHasher& key) const;
  virtual compiler::OrBypass<InputList> learn_failure(const RunOutputs& /*outputs*/) {
    return compiler::bypass(compiler::Reason::kCompileFailed);
  }

  // The depfile that this very command would have got. `set` is one of its manifest, and holds.
  virtual std::string generate_depfile(const LoadedSet& set) const = 0;

  // Standard error, free of what only this request would say; and the reverse. Nothing: `kept` is
  // damaged, or names an output that this command does not have.
  virtual std::string encode_messages(std::string_view err) const { return std::string(err); }
  virtual std::optional<std::string> decode_messages(std::string kept) const { return kept; }
};

}  // namespace zc::engine
