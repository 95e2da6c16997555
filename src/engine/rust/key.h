// The manifest keys of Rust: which commands may share remembered input sets (key.h). All that a run
// looks at besides is in the sets, as it was observed.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/c/key.h"
#include "engine/rust/command.h"
#include "engine/rust/compile.h"
#include "engine/rust/query.h"

namespace zc::engine {

struct RustKeyParts {
  const RustCommand& command;
  const RustCompile& compile;  // with everything but its key
  std::string_view host_cpu;
  std::vector<KeyFile> files;  // content of file-valued options, in their order
};

Digest rust_compile_key(const RustKeyParts& parts);

Digest rust_query_key(const RustCommand& command, const RustQuery& query,
                      std::string_view host_cpu);

}  // namespace zc::engine
