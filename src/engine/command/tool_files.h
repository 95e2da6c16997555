// Tool files: what a user, or we, declare of a program by its name, so that its commands are served
// without `zccache exec` (docs/manual.md, "Tools that you declare").
//
//   ours                                 tools/*.toml of the sources, part of the daemon
//   <config>/zccache/tools/*.toml        the user's; <config> is XDG_CONFIG_HOME or ~/.config
//   <directory>/.zccache/tools/*.toml    a project's, if a line of <config>/zccache/trusted names
//                                        that directory, which is the working one or above it
//
// The last that names a program counts. Files are read when a command needs them, and again when
// they have changed.
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "codec/digest.h"
#include "compiler/bypass.h"
#include "config/files.h"
#include "engine/command/options.h"
#include "engine/request_environment.h"
#include "os/file_system.h"

namespace zc::engine::command {

struct Tool {
  std::vector<std::string> names;  // without directory and version
  Options options;
  bool reads_standard_input = true;
  bool reads_file_times = true;  // and owners and modes
  // The word behind each of these, or behind its `=`, is a file that the command writes.
  std::vector<std::string> output_options;
  codec::Digest declaration;  // of the file's text
};

// One file. Errors: kInvalid, with the key that is wrong.
Result<Tool> parse_tool(std::string_view toml);

class ToolFiles {
 public:
  explicit ToolFiles(const os::FileSystem& fs);

  // The declaration for a program at this path; null: there is none. Errors: kBadToolFile, with the
  // file and what is wrong, if any file that could hold one cannot be read.
  compiler::OrBypass<std::shared_ptr<const Tool>> find(std::string_view program,
                                                       const RequestEnvironment& env,
                                                       const std::string& cwd);

 private:
  using Read = compiler::OrBypass<std::shared_ptr<const Tool>>;

  // Where files may lie, in the order in which they count.
  std::vector<std::string> directories(const RequestEnvironment& env, const std::string& cwd);
  Read read(const std::string& path);

  struct Known {
    os::FileStamp stamp;
    Read tool;
  };
  static constexpr std::size_t kFilesMax = 1'000;

  const os::FileSystem& fs_;
  config::Files config_;
  std::vector<std::shared_ptr<const Tool>> ours_;
  Mutex mutex_;
  BoundedMap<std::string, Known> known_ ZC_GUARDED_BY(mutex_){kFilesMax};
};

}  // namespace zc::engine::command
