#include "engine/engine.h"

#include <utility>

#include "base/path.h"
#include "engine/settings.h"

namespace zc::engine {

Engine::Engine(const Dependencies& dependencies, Frontends frontends)
    : fs_(dependencies.fs),
      files_(dependencies.files),
      store_(dependencies.store),
      frontends_(std::move(frontends)),
      manifests_(dependencies.store) {}

CompileOrBypass Engine::claim(const wire::CompileRequest& request) {
  for (const auto& frontend : frontends_) {
    if (std::optional<CompileOrBypass> claimed = frontend->claim(request)) {
      if (*claimed) {
        if (const auto taken = take_settings(files_, ***claimed); !taken) {
          return std::unexpected(taken.error());
        }
      }
      return *std::move(claimed);
    }
  }
  return compiler::bypass(compiler::Reason::kUnsupportedCompiler,
                          std::string(base_name(request.tool)));
}

}  // namespace zc::engine
