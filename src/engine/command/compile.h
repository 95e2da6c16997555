// Compile: any command that the user has declared, and that can be cached. It has no toolchain: all
// that it was seen to read is an input, and all that it was seen to write is an output.
//
// Thread: as CacheableCompile.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/c/driver.h"
#include "engine/command/options.h"
#include "engine/command/written_paths.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/compile.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/object_scans.h"
#include "engine/observed/output_text.h"
#include "engine/observed/young_words.h"

namespace zc::engine::command {

struct Compile : ObservedCompile {
  Compile(const Dependencies& ours, c::Drivers& known_drivers, ObjectScans& object_scans,
          const wire::CompileRequest& request, Options declared)
      : ObservedCompile(ours.fs, request),
        fs(ours.fs),
        files(ours.files),
        drivers(known_drivers),
        scans(object_scans),
        options(std::move(declared)),
        words(request.args) {
    toolchain = std::make_shared<const Toolchain>();
    is_unknown = true;
    replays_out = options.replays_out;
    replays_err = options.replays_err;
  }

  const os::FileSystem& fs;
  files::FileCache& files;
  c::Drivers& drivers;
  ObjectScans& scans;
  Options options;
  const std::vector<std::string_view> words;
  std::string standard_input;  // the file that it comes from; empty: nothing comes
  bool keeps_failures = true;
  // Of what the command inherits, some is in no key: it must not open that by its path.
  bool inherits_unknown = false;
  // Programs of these names make nothing of the times, owners and modes of the files that they look
  // at, but where these files have them compare times, as `compared_times` knows.
  std::vector<std::string> idle_lookers;
  ComparedTimes* compared_times = nullptr;

  // Only the declared ones are known before the run.
  std::string main_output_path() const override {
    return options.output_files.empty() ? std::string() : options.output_files.front();
  }
  void plan(RunPlan& out) const override {
    out.run.observe = true;
    out.run.not_before_ns =
        static_cast<std::uint64_t>(settled_at_ns(fs, directory.handle(), words));
  }
  // Codes above are of the shell: a command that was not found or not run, or a signal.
  bool keeps_exit_code(int code) const override {
    constexpr int kLastOwnCode = 125;
    return code == 0 || (takes_failures && keeps_failures && code <= kLastOwnCode);
  }
  compiler::OrBypass<std::vector<FurtherOutput>> find_outputs(const RunOutputs& outputs) override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<Product> product_of(const store::Output& output) const override;
  std::vector<std::string> new_paths() const override { return new_paths_; }
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
  // What is known of the programs of a run, or why its result is not kept.
  virtual compiler::OrBypass<std::unique_ptr<InputRules>> rules_for(const Trace& trace) const;
  // Whether the messages can be shown again, by the temporary files that they name.
  virtual compiler::OrBypass<> take_messages(const RunOutputs& outputs) {
    return check_messages(outputs, trace_);
  }
  // Of the run that was reported last.
  const Trace& trace() const { return trace_; }
  // During a run that writes its outputs, what was there before is what the run has shown.
  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override;

 private:
  void add_file(const std::string& path, InputList& list) const;
  compiler::OrBypass<> add_declared(InputList& list) const;
  compiler::OrBypass<> add_listed(const std::string& rules, InputList& list) const;

  Trace trace_;  // borrows from `observation`
  std::vector<std::string> new_paths_;
  std::unique_ptr<InputRules> rules_;
  WrittenPaths written_;
};

}  // namespace zc::engine::command
