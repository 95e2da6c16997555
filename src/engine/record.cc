// Engine::plan and record: what a run must bring, and how a result comes to be stored.
//
// A result is stored only when every input is known, is older than the compile, and has not changed
// since; and when the finished input set holds at the end. Anything else is a reason not to store,
// never an error.

#include <algorithm>

#include "engine/engine.h"
#include "engine/recording.h"
#include "os/read_lease.h"

namespace zc::engine {

using compiler::Bypass;
using compiler::Reason;

namespace {

// Sorts the descriptors of a report by what they are: products in order, the user's depfile, then
// the memory file.
std::optional<Bypass> sort_report(const Prepared& prepared, const wire::Done& done,
                                  const std::vector<os::Fd>& fds, Report& out) {
  const std::size_t products = prepared.products.size();
  if (done.present.size() != products + (prepared.depfile ? 1 : 0)) {
    return Bypass{Reason::kInternalError, "the report does not fit the request"};
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < done.present.size(); ++i) {
    if (!done.present[i]) {
      continue;
    }
    if (next == fds.size()) {
      return Bypass{Reason::kInternalError, "the report lacks a descriptor"};
    }
    const int fd = fds[next++].get();
    if (i == products) {
      out.depfile = fd;
      continue;
    }
    const Result<os::FileStamp> stamp = os::stat_fd(fd);
    if (!stamp || !stamp->is_regular()) {
      return Bypass{Reason::kBadOutputFile, prepared.products[i].path};
    }
    out.outputs.push_back({.role = prepared.products[i].role, .fd = fd, .stamp = *stamp});
  }
  if (done.has_memory_file && next < fds.size()) {
    out.memory_file = fds[next].get();
  }
  if (prepared.products.empty()) {
    return std::nullopt;
  }
  const Product& main = prepared.products.front();
  if (out.outputs.empty() || out.outputs.front().role != main.role ||
      (out.outputs.front().stamp.size_bytes == 0 && !main.may_be_empty)) {
    return Bypass{Reason::kCompilerProducedNoOutput, main.path};
  }
  return std::nullopt;
}

// While these are held, nobody can change what a run has written.
class OutputLeases {
 public:
  explicit OutputLeases(const Report& report) {
    for (const Report::Output& output : report.outputs) {
      leases_.emplace_back(output.fd);
    }
    if (report.depfile) {
      leases_.emplace_back(*report.depfile);
    }
    were_taken_ = are_held();
  }

  bool were_taken() const { return were_taken_; }
  bool are_held() const { return std::ranges::all_of(leases_, &os::ReadLease::is_held); }

 private:
  std::vector<os::ReadLease> leases_;
  bool were_taken_ = false;
};

}  // namespace

Plan Engine::plan(const Prepared& prepared) {
  Plan out;
  out.run.forced_colour = prepared.forces_colour;
  prepared.plan(out);
  for (const Product& product : prepared.products) {
    out.run.outputs.push_back(out.texts.emplace_back(product.path));
  }
  if (prepared.depfile) {
    out.run.outputs.push_back(out.texts.emplace_back(*prepared.depfile));
  }
  return out;
}

std::optional<Bypass> Engine::record(Prepared& prepared, const wire::Done& done,
                                     const std::vector<os::Fd>& fds,
                                     const std::function<void()>& on_taken) {
  if (done.signalled || done.exit_code != 0) {
    return Bypass{Reason::kCompileFailed, {}};
  }
  if (done.streams_too_large) {
    return Bypass{Reason::kMessagesTooLarge, {}};
  }
  Report report;
  report.out = done.out;
  report.err = done.err;
  if (auto bypass = sort_report(prepared, done, fds, report)) {
    return bypass;
  }
  const OutputLeases leases(report);
  if (leases.were_taken() && !prepared.inputs_may_vanish) {
    on_taken();
  }
  Recording recording(fs_, store_, files_, prepared);
  if (auto bypass = prepared.learn(report, recording)) {
    return bypass;
  }
  std::shared_ptr<InputTable> table = this->table();
  if (auto bypass = recording.check_set(*table)) {
    return bypass;
  }
  if (auto bypass = recording.put_outputs(report, done, leases.were_taken())) {
    return bypass;
  }
  if (leases.were_taken() && !leases.are_held()) {
    return Bypass{Reason::kModifiedOutputFile, prepared.source};
  }
  (void)manifest(prepared.manifest_key);  // loads the older sets, if there are any
  keep_recorded(prepared.manifest_key, recording.commit(), std::move(table));
  return std::nullopt;
}

}  // namespace zc::engine
