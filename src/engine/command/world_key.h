// World key: what may reach the result of any command, though no run shows it: the host's name,
// kernel and processor, the modes of new files, and what the loader and the C library read by
// themselves.
//
// Thread: any; no state.
#pragma once

#include <string_view>

#include "codec/digest.h"
#include "engine/observed/compile.h"
#include "wire/message.h"

namespace zc::engine::command {

void add_world(codec::KeyHasher& key, const ObservedCompile& compile,
               const wire::CompileRequest& request, std::string_view host_cpu);

}  // namespace zc::engine::command
