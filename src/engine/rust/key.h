// The manifest keys of Rust: which commands may share remembered input sets (engine/c/key.h). All
// that a run looks at besides is in the sets, as it was observed. The version in a key's domain
// changes with its recipe.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/key_file.h"
#include "engine/rust/command.h"
#include "engine/rust/compile.h"
#include "engine/rust/query.h"

namespace zc::engine::rust {

struct KeyParts {
  const Command& command;
  const Compile& compile;  // with everything but its key
  std::string_view host_cpu;
  std::vector<KeyFile> files;  // content of file-valued options, in their order
};

codec::Key compile_key(const KeyParts& parts);

// All words of the command count as they are, so none of them needs to be understood.
codec::Key query_key(const Command& command, const InformationQuery& query,
                     std::string_view host_cpu);

}  // namespace zc::engine::rust
