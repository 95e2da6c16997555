// The manifest key: which compiles may share remembered input sets.
//
// Everything that can change the object, the side outputs, the streams or the list of inputs enters
// here, except the content of headers, which the input sets hold. The key's version changes with
// its recipe; a change needs a test that would catch its absence (CONTRIBUTING.md).
//
// Thread: any; pure.
#pragma once

#include <string_view>
#include <vector>

#include "codec/digest.h"
#include "compiler/c/invocation.h"
#include "engine/c/path_remaps.h"
#include "engine/key_file.h"
#include "engine/request_environment.h"
#include "engine/toolchain.h"

namespace zc::engine::c {

struct KeyParts {
  const compiler::c::Invocation* invocation = nullptr;
  const Toolchain* toolchain = nullptr;
  const RequestEnvironment* env = nullptr;
  std::string_view pwd;  // PWD, where it leads to `cwd`
  const PathRemap* remap = nullptr;
  std::string_view driver_name;  // gcc and g++ treat one file differently
  std::string_view cwd;
  std::string_view host_cpu;  // what -march=native stands for on this machine
  Digest source;
  std::vector<KeyFile> files;  // content of file-valued options, in their order
};

codec::Key manifest_key(const KeyParts& parts);

}  // namespace zc::engine::c
