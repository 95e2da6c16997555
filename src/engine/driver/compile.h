// Compile: a link, a command that makes or changes an archive or an object, or one of a compiler
// that is no compile of one source, or of which no words are known. Its words are its key; its
// inputs and outputs, its run shows.
//
// Thread: as CacheableCompile.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/c/driver.h"
#include "engine/command/written_paths.h"
#include "engine/driver/switch.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/compile.h"
#include "engine/observed/foreign_code.h"
#include "engine/observed/object_scans.h"
#include "engine/observed/temporary_names.h"
#include "engine/remembered_keys.h"
#include "os/change_watch.h"

namespace zc::engine::driver {

struct Compile final : ObservedCompile {
  Compile(const Dependencies& ours, c::Drivers& known_drivers, ObjectScans& object_scans,
          ComparedTimes& compared_times, RememberedKeys& quick_commands,
          const wire::CompileRequest& request)
      : ObservedCompile(ours.fs, request),
        fs(ours.fs),
        files(ours.files),
        drivers(known_drivers),
        scans(object_scans),
        times(compared_times),
        quick(quick_commands),
        umask(static_cast<std::uint32_t>(request.umask)),
        words(request.args) {
    toolchain = std::make_shared<const Toolchain>();
    // Only a run shows what it writes, so nothing can be watched while the client goes on.
    client_waits = true;
    reads_outputs = true;
  }

  const os::FileSystem& fs;
  files::FileCache& files;
  c::Drivers& drivers;
  ObjectScans& scans;
  ComparedTimes& times;
  RememberedKeys& quick;  // took less time than a hit would, by their words_key
  Digest words_key;       // of the command, whatever settings add
  const std::uint32_t umask;
  const std::vector<std::string_view> words;
  Switch when = Switch::kAuto;
  bool is_link = true;         // else a command of a compiler that only its run explains
  bool is_script = false;      // a plain one (plain_script.h)
  bool is_nvcc = false;        // by nvcc, or a plain script that starts it
  bool is_fortran = false;     // by gfortran, which compares modules with those of an earlier run
  std::string known_as;        // an archive, or an object that is changed; empty: the main output
  std::string main_output;     // absolute; a build tool that finds it new finds everything else new
  std::string standard_input;  // a script that it comes from; empty: it is not read
  std::map<std::string, std::int64_t> born_ns;  // of old outputs, by absolute path
  std::set<std::string> keyed;  // absolute paths, whose content before the run is in the key
  std::map<std::string, os::NameWatch> watches;  // of these

  // A link fails by this, if it is for what it links.
  bool keeps_exit_code(int code) const override {
    return code == 0 || (takes_failures && code == 1);
  }
  // No word is added: the run shows all.
  std::string main_output_path() const override {
    return known_as.empty() ? main_output : known_as;
  }
  void plan(RunPlan& out) const override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<Product> product_of(const store::Output& output) const override;
  // Of a run that has made modules, what it has found at their places.
  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override;
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
  std::string encode_messages(std::string_view err) const override;
  std::optional<std::string> decode_messages(std::string kept) const override;

 private:
  compiler::OrBypass<InputList> learn_run(const RunOutputs& outputs);
  ForeignCode::IsTool tools_of(const Trace& trace) const;
  compiler::OrBypass<command::WrittenPaths> find_written(const Trace& trace) const;
  compiler::OrBypass<> add_own_inputs(const Trace& trace, InputList& list);
  compiler::OrBypass<> take_modules(const Trace& trace, InputList& list);
  compiler::OrBypass<> take_messages(const RunOutputs& outputs, const Trace& trace,
                                     InputList& list);
  compiler::OrBypass<> check_failure(const RunOutputs& outputs, const Trace& trace) const;
  bool is_named(std::string_view path) const;
  void add_absent_outputs(const Trace& trace, InputList& list) const;
  compiler::OrBypass<> check_rewritten(const Trace& trace) const;
  compiler::OrBypass<> check_is_slow(const InputList& list, const RunOutputs& outputs) const;

  TemporaryNames temporary_;                          // that the messages of the run name
  std::set<std::string, std::less<>> other_modules_;  // names of facts
};

}  // namespace zc::engine::driver
