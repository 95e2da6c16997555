// Frontend: links by gcc and clang, linkers themselves, and what makes or changes archives and
// objects: ar, ranlib, strip, objcopy. And whatever else gcc and clang do that is no compile of one
// source: they preprocess, check, compile several sources, make precompiled headers. And all that
// gfortran, nvcc and clang-cl do.
//
// Little of the words is known; a run shows the rest, as of any declared command. Unlike there, the
// programs are known: what they make of the time, or of an output of an earlier run, is known, too.
//
// Comes after the frontends of compilers, which leave links to it, and before that of wrappers.
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>

#include "engine/c/driver.h"
#include "engine/frontend.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/object_scans.h"
#include "engine/remembered_keys.h"

namespace zc::engine::driver {

struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  bool is_link(const wire::CompileRequest& request, bool is_cxx_driver,
               const Compile& compile) const;
  std::optional<compiler::Bypass> left_alone(const wire::CompileRequest& request,
                                             const Compile& compile) const;
  CompileOrBypass understand(const wire::CompileRequest& request, std::unique_ptr<Compile> compile);

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
  ComparedTimes times_;
  RememberedKeys quick_;
};

}  // namespace zc::engine::driver
