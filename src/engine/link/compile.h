// Compile: a link, or a command that makes or changes an archive or an object, that can be cached.
// Its words are its key; its inputs and outputs, its run shows.
//
// Thread: as CacheableCompile.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/c/driver.h"
#include "engine/link/quick_commands.h"
#include "engine/link/switch.h"
#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"
#include "os/change_watch.h"

namespace zc::engine::link {

struct Compile final : ObservedCompile {
  Compile(const Dependencies& ours, c::Drivers& known_drivers, ObjectScans& object_scans,
          QuickCommands& quick_commands, const wire::CompileRequest& request)
      : ObservedCompile(ours.fs, request),
        fs(ours.fs),
        files(ours.files),
        drivers(known_drivers),
        scans(object_scans),
        quick(quick_commands),
        umask(static_cast<std::uint32_t>(request.umask)),
        words(request.args) {
    toolchain = std::make_shared<const Toolchain>();
    // Only a run shows what it writes, so nothing can be watched while the client goes on.
    client_waits = true;
  }

  const os::FileSystem& fs;
  files::FileCache& files;
  c::Drivers& drivers;
  ObjectScans& scans;
  QuickCommands& quick;
  const std::uint32_t umask;
  const std::vector<std::string_view> words;
  Switch when = Switch::kAuto;
  std::string main_output;  // absolute; a build tool that finds it new finds everything else new
  std::map<std::string, std::int64_t> born_ns;  // of old outputs, by absolute path
  std::set<std::string> keyed;  // absolute paths, whose content before the run is in the key
  std::map<std::string, os::NameWatch> watches;  // of these

  // No word is added: the run shows all.
  void plan(RunPlan& out) const override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<Product> product_of(const store::Output& output) const override;
  std::string generate_depfile(const LoadedSet&) const override { return {}; }

 private:
  compiler::OrBypass<> check_rewritten(const Trace& trace) const;
  compiler::OrBypass<> check_is_slow(const InputList& list, const RunOutputs& outputs) const;
};

}  // namespace zc::engine::link
