// Engine::store_result: how the report of a run becomes a stored result.
//
// A result is stored only when every input is known, is older than the compile, and has not changed
// since; and when the finished input set holds at the end. Anything else is a reason not to store,
// never an error.

#include <algorithm>

#include "base/limits.h"
#include "engine/engine.h"
#include "engine/result_builder.h"
#include "engine/settings.h"
#include "os/change_watch.h"
#include "os/read_parts.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

// Reads what is small, and the depfile, while the client waits. `out` stays empty if the file is
// larger than `bytes_max`. Errors: kBadOutputFile, kModifiedOutputFile if it changes meanwhile.
OrBypass<> take_bytes(int fd, const std::string& path, std::uint64_t bytes_max,
                      std::optional<std::string>& out) {
  const Result<os::FileStamp> before = os::stat_fd(fd);
  if (!before || !before->is_regular()) {
    return bypass(Reason::kBadOutputFile, path);
  }
  if (before->size_bytes > bytes_max) {
    return {};
  }
  Result<std::string> bytes = os::read_whole(fd, before->size_bytes);
  const Result<os::FileStamp> after = os::stat_fd(fd);
  if (!bytes || !after || !after->same_content_as(*before)) {
    return bypass(Reason::kModifiedOutputFile, path);
  }
  out = *std::move(bytes);
  return {};
}

// Sorts the descriptors of a report by what they are: products in order, the user's depfile, then
// the memory file.
OrBypass<> sort_report(const CacheableCompile& compile, const wire::RunReport& report,
                       const std::vector<os::Fd>& fds, RunOutputs& out) {
  const std::size_t products = compile.products.size();
  if (report.present.size() != products + (compile.depfile ? 1 : 0)) {
    return bypass(Reason::kInternalError, "the report does not fit the request");
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < report.present.size(); ++i) {
    if (!report.present[i]) {
      continue;
    }
    if (next == fds.size()) {
      return bypass(Reason::kInternalError, "the report lacks a descriptor");
    }
    const int fd = fds[next++].get();
    if (i == products) {
      TRY(take_bytes(fd, *compile.depfile, limits::kDepfileBytesMax, out.depfile));
      continue;
    }
    const Product& product = compile.products[i];
    const Result<os::FileStamp> stamp = os::stat_fd(fd);
    if (!stamp || !stamp->is_regular()) {
      return bypass(Reason::kBadOutputFile, product.path);
    }
    if (stamp->same_content_as(product.before)) {
      if (is_too_new(product.before, compile.unread_ns())) {
        // Left alone, or written again within one unit of its time: the stamps do not show which.
        return bypass(Reason::kModifiedOutputFile, product.path);
      }
      continue;  // The compiler left it alone. (The client sees times, perhaps of whole seconds.)
    }
    RunOutputs::Output& output = out.outputs.emplace_back(
        RunOutputs::Output{.role = product.role, .fd = fd, .stamp = *stamp});
    TRY(take_bytes(fd, product.path, limits::kTakenBytesMax, output.bytes));
  }
  if (report.has_memory_file && next < fds.size()) {
    out.memory_file = fds[next].get();
  }
  // A query of a compiler about itself has messages only.
  if (compile.products.empty()) {
    return {};
  }
  const Product& main = compile.products.front();
  if (out.outputs.empty() || out.outputs.front().role != main.role ||
      (out.outputs.front().stamp.size_bytes == 0 && !main.may_be_empty)) {
    return bypass(Reason::kCompilerProducedNoOutput, main.path);
  }
  return {};
}

// From here on, what another process does to them is seen.
OrBypass<> open_found(std::vector<FurtherOutput> found, RunOutputs& out) {
  for (FurtherOutput& each : found) {
    RunOutputs::Output& output =
        out.outputs.emplace_back(RunOutputs::Output{.role = each.role, .stamp = {}, .bytes = {}});
    output.found = std::move(each);
    const std::string& path = output.found->path;
    if (output.found->kind != store::FileKind::kPlain) {
      continue;
    }
    Result<os::Fd> fd = os::open_file(path, os::Open::kInspect);
    const Result<os::FileStamp> stamp =
        fd ? os::stat_fd(fd->get()) : Result<os::FileStamp>(std::unexpected(fd.error()));
    if (!stamp || !stamp->is_regular()) {
      return bypass(Reason::kBadOutputFile, path);
    }
    output.fd = out.opened.emplace_back(*std::move(fd)).get();
    output.stamp = *stamp;
    TRY(take_bytes(output.fd, path, limits::kTakenBytesMax, output.bytes));
  }
  return {};
}

// The large outputs of a run, watched from now on (ADR 18). The small ones have been read already.
// Borrows the descriptors.
class OutputWatches {
 public:
  OutputWatches(os::ChangeWatcher& watcher, const RunOutputs& outputs) {
    for (const RunOutputs::Output& output : outputs.outputs) {
      if (output.bytes || output.fd < 0) {
        continue;
      }
      if (std::optional<os::ChangeWatcher::Watch> watch = watcher.watch(output.fd)) {
        watches_.push_back(*std::move(watch));
      } else {
        are_complete_ = false;
      }
    }
  }

  // Whether every change is seen, so that the client may go on.
  bool are_complete() const { return are_complete_; }
  bool saw_no_change() const {
    return std::ranges::all_of(watches_, &os::ChangeWatcher::Watch::is_unchanged);
  }

 private:
  std::vector<os::ChangeWatcher::Watch> watches_;
  bool are_complete_ = true;
};

std::vector<store::Output> compared(const CacheableCompile& compile, const RunOutputs& outputs,
                                    const ResultBuilder& builder) {
  std::vector<store::Output> out = builder.result().outputs;
  for (std::size_t i = 0; i < outputs.outputs.size(); ++i) {
    out.at(i).blob = compile.repeated_part(outputs.outputs[i]).value_or(out[i].blob);
  }
  return out;
}

// What was not there before the run must not be there before the next.
FirstRun first_run(const CacheableCompile& compile, const InputList& inputs,
                   const RunOutputs& outputs, const ResultBuilder& builder) {
  return {.result = builder.result_key(),
          .record = builder.result(),
          .compared = compared(compile, outputs, builder),
          .doubt = inputs.doubts.front(),
          .added_words = inputs.added_words,
          .depfile = outputs.depfile,
          .cleared = compile.new_paths()};
}

bool is_the_same(const FirstRun& first, const ResultBuilder& second,
                 const std::vector<store::Output>& outputs) {
  return first.result == second.result_key() &&
         first.record.exit_code == second.result().exit_code && first.compared == outputs;
}

}  // namespace

StoredOrFirst Engine::store_result(CacheableCompile& compile, const wire::RunReport& report,
                                   const std::vector<os::Fd>& fds,
                                   const std::function<void()>& on_taken, const FirstRun* first) {
  TRY(check_extra_files(fs_, compile));
  if (first != nullptr && (report.signalled || report.exit_code != first->record.exit_code)) {
    // An error of the words that were added comes again.
    if (!report.signalled && !first->added_words.empty()) {
      unrepeatable_.add(first->result);
    }
    return bypass(Reason::kUnrepeatableInput, first->doubt);
  }
  if (report.signalled || !compile.keeps_exit_code(report.exit_code)) {
    const OrBypass<> stored = store_failure(compile, report, fds);
    return stored ? StoredOrFirst() : bypass(Reason::kCompileFailed, stored.error().detail);
  }
  if (report.streams_too_large) {
    return bypass(Reason::kMessagesTooLarge);
  }
  RunOutputs outputs;
  outputs.out = report.out;
  outputs.err = report.err;
  outputs.duration_ns = report.duration_ns;
  outputs.exit_code = report.exit_code;
  TRY(sort_report(compile, report, fds, outputs));
  TRY_ASSIGN(std::vector<FurtherOutput> found, compile.find_outputs(outputs));
  TRY(open_found(std::move(found), outputs));
  // Before the client may end: a change after that must be reported.
  const OutputWatches watches(watcher_, outputs);
  const bool client_waits = compile.client_waits || !watches.are_complete();
  if (!client_waits) {
    on_taken();
  }
  TRY_ASSIGN(const InputList inputs, compile.learn(outputs));
  ResultBuilder builder(fs_, store_, files_, compile);
  TRY(builder.take(inputs));
  std::shared_ptr<InputTable> table = manifests_.table();
  TRY(builder.check_set(*table));
  TRY(builder.put_outputs(inputs, outputs, report, client_waits));
  // The last look at the outputs: what has been read so far is what they held all the time.
  if (!watches.saw_no_change()) {
    return bypass(Reason::kModifiedOutputFile, compile.source);
  }
  if (first == nullptr && !inputs.doubts.empty()) {
    if (unrepeatable_.has(builder.result_key())) {
      return bypass(Reason::kUnrepeatableInput, inputs.doubts.front());
    }
    return first_run(compile, inputs, outputs, builder);
  }
  if (first != nullptr && !is_the_same(*first, builder, compared(compile, outputs, builder))) {
    if (first->result == builder.result_key()) {
      unrepeatable_.add(first->result);
    }
    return bypass(Reason::kUnrepeatableInput, first->doubt);
  }
  manifests_.put_first(compile.manifest_key, builder.commit(), std::move(table));
  return std::nullopt;
}

}  // namespace zc::engine
