#include "engine/command/world_key.h"

#include <cstdint>

#include "engine/observed/variables.h"
#include "os/machine.h"

namespace zc::engine::command {

void add_world(codec::KeyHasher& key, const ObservedCompile& compile,
               const wire::CompileRequest& request, std::string_view host_cpu) {
  key.field("umask", request.umask);
  key.field("inherited", request.inherited);
  key.field("cpu", host_cpu);
  key.field("machine", os::host_name());
  key.field("kernel", os::kernel_name());
  key.field("terminal", std::uint64_t{request.has_terminal});
  add_silent_variables(key, compile.env);
}

}  // namespace zc::engine::command
