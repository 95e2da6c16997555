#include "engine/engine.h"

#include "base/path.h"

namespace zc::engine {

Engine::Engine(const Dependencies& dependencies)
    : fs_(dependencies.fs),
      files_(dependencies.files),
      store_(dependencies.store),
      world_(dependencies.world),
      c_frontend_(dependencies),
      rust_frontend_(dependencies),
      table_(std::make_shared<InputTable>(dependencies.store)) {}

CompileOrBypass Engine::claim(const wire::CompileRequest& request) {
  for (Frontend* frontend : std::initializer_list<Frontend*>{&c_frontend_, &rust_frontend_}) {
    if (frontend->serves(request)) {
      if (const auto difference = os::difference_of(world_, request.world); !difference.empty()) {
        return compiler::Bypass{compiler::Reason::kDifferentWorld, std::string(difference)};
      }
      return frontend->claim(request);
    }
  }
  return compiler::Bypass{compiler::Reason::kUnsupportedCompiler,
                          std::string(base_name(request.tool))};
}

std::shared_ptr<InputTable> Engine::table() {
  const std::lock_guard lock(mutex_);
  return table_;
}

void Engine::forget() {
  const std::lock_guard lock(mutex_);
  manifests_.clear();
  manifest_bytes_ = 0;
  table_ = std::make_shared<InputTable>(store_);
}

}  // namespace zc::engine
