#include "engine/engine.h"

#include "base/path.h"
#include "compiler/detect.h"

namespace zc::engine {

Engine::Engine(const Dependencies& dependencies)
    : fs_(dependencies.fs),
      files_(dependencies.files),
      store_(dependencies.store),
      c_family_(dependencies),
      table_(std::make_shared<InputTable>(dependencies.store)) {}

PreparedOrBypass Engine::prepare(const wire::CompileRequest& request,
                                 const std::function<void()>& on_progress) {
  const std::string_view name = base_name(request.tool);
  const std::optional<compiler::Detection> detection = compiler::detect(name);
  if (!detection) {
    return compiler::Bypass{compiler::Reason::kUnsupportedCompiler, std::string(name)};
  }
  if (detection->tool != compiler::Tool::kCc) {
    return compiler::Bypass{compiler::Reason::kUnsupportedCompiler, std::string(name)};
  }
  return c_family_.prepare(*detection, request, on_progress);
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
