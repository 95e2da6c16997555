#include "engine/observed/variables.h"

namespace zc::engine {

void add_silent_variables(codec::KeyHasher& key, const RequestEnvironment& env) {
  for (const auto& [name, value] : env.those_of(kSilentVariables)) {
    key.field("env", name);
    key.field("value", value);
  }
  for (const auto& [name, value] : env.all()) {
    if (name.starts_with("LC_")) {
      key.field("env", name);
      key.field("value", value);
    }
  }
}

}  // namespace zc::engine
