#include "engine/engine.h"

#include <utility>

#include "base/path.h"

namespace zc::engine {

Engine::Engine(const Dependencies& dependencies, Frontends frontends)
    : fs_(dependencies.fs),
      files_(dependencies.files),
      store_(dependencies.store),
      frontends_(std::move(frontends)),
      table_(std::make_shared<InputTable>(dependencies.store)) {}

CompileOrBypass Engine::claim(const wire::CompileRequest& request) {
  for (const auto& frontend : frontends_) {
    if (std::optional<CompileOrBypass> claimed = frontend->claim(request)) {
      return *std::move(claimed);
    }
  }
  return compiler::bypass(compiler::Reason::kUnsupportedCompiler,
                          std::string(base_name(request.tool)));
}

std::shared_ptr<InputTable> Engine::table() {
  const MutexLock lock(mutex_);
  return table_;
}

void Engine::forget() {
  const MutexLock lock(mutex_);
  manifests_.clear();
  manifest_bytes_ = 0;
  table_ = std::make_shared<InputTable>(store_);
}

}  // namespace zc::engine
