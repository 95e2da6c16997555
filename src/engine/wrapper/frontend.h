// Frontend: wrappers of gcc and clang, which are scripts or programs that start a driver with words
// of their own (those of Nix, Spack, Yocto, Conan and MPI are of this kind).
//
// A wrapper may do anything with its words, so a command is cached under these, exactly as they are
// spelled, and nothing is added to them. Its words are read as a driver would read them, only to
// know what the command writes; all else is observed. If the wrapper writes something else, nothing
// is stored. The daemon never runs a wrapper; which driver it starts, the run shows.
//
// A program of such a name that has started no driver is a compiler of its own. It is known for as
// long as the daemon runs, and left to the frontend of unknown ones.
//
// Comes after the frontends that know compilers by their names.
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

namespace zc::engine::wrapper {

struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand(const wire::CompileRequest& request, bool is_cxx_driver,
                             std::unique_ptr<Compile> compile);

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
  ComparedTimes times_;
  RememberedKeys compilers_;  // that were taken for wrappers, and have started none
};

}  // namespace zc::engine::wrapper
