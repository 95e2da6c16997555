// nvcc, the driver of NVIDIA's compiler for CUDA: it has the shell start a compiler of C++,
// cudafe++, cicc, ptxas, fatbinary and nvlink, one after the other, with files of passing names
// between them.
//
// An object names one of these files, by the number of nvcc's process. The object of any run is
// right (ADR 30). What the programs ask for in each run and make nothing of, is known here; the
// rest is as of all observed runs. Examined: CUDA 13.5.
//
// Thread: values and pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/observed/compile.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine::driver {

bool is_tool_of_nvcc(std::string_view path);
// The shell, in which nvcc starts each of them.
bool is_shell_of_nvcc(std::string_view path);

// Why such a command is left alone: it starts what it has made, or reports on itself. Errors:
// kCalledForInformation, kNoInputFile.
compiler::OrBypass<> check_words_of_nvcc(const std::vector<std::string_view>& words);

class NvccRules final : public InputRules {
 public:
  // Borrows it.
  explicit NvccRules(const Trace& trace) : trace_(trace) {}

  bool is_passed_over(const PathAccess& seen) const override;
  bool is_idle_look(const MetadataQuery& look) const override;
  bool is_idle_question(const Query& question) const override;

 private:
  bool is_by_tool(const Query& query) const;
  bool is_cleaned_up(std::string_view directory) const;

  const Trace& trace_;
};

// nvcc.profile has nvcc put directories before those of PATH and of LD_LIBRARY_PATH, for the
// programs that it starts. Adds that none of these would find anything there that it has found
// elsewhere. Errors: kNotObserved, if the profile is of another kind or there is something.
compiler::OrBypass<> add_directories_of_nvcc(const os::FileSystem& fs,
                                             const ObservedCompile& compile, const Trace& trace,
                                             InputList& list);

}  // namespace zc::engine::driver
