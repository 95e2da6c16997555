#include "engine/c/key.h"

#include "engine/observed/variables.h"
#include "wire/environment.h"

namespace zc::engine::c {

namespace {

void add_environment(codec::KeyHasher& key, const RequestEnvironment& env) {
  for (const auto& [name, value] : env.those_of(wire::kKeyVariables)) {
    key.field("env", name);
    key.field("value", value);
  }
}

}  // namespace

codec::Key manifest_key(const KeyParts& parts) {
  const compiler::c::Invocation& invocation = *parts.invocation;
  codec::KeyHasher key("zccache-manifest-4");
  key.field("toolchain", parts.toolchain->identity.view());
  key.field("driver", parts.driver_name);
  key.field("language", static_cast<std::uint64_t>(invocation.language));
  add_environment(key, *parts.env);
  add_silent_variables(key, *parts.env);
  for (const std::string& arg : invocation.key_args) {
    key.field("arg", arg);
  }
  for (const KeyFile& file : parts.files) {
    key.field("file", file.path);
    key.field("content", file.digest.view());
  }
  if (invocation.cwd_leaks) {
    // gcc takes the name of the directory from PWD when that leads to the same place.
    key.field("cwd", parts.cwd);
    key.field("pwd", parts.pwd);
  }
  if (invocation.output_name_leaks) {
    key.field("output", invocation.outputs.front().path);
  }
  if (invocation.native_cpu) {
    key.field("cpu", parts.host_cpu);
  }
  for (const compiler::c::OutputFile& output : invocation.outputs) {
    key.field("role", static_cast<std::uint64_t>(output.role));
  }
  // The depfile of a -MMD compile lists the user's own inputs only, so its sets serve no other
  // depfile.
  key.field("user-deps", std::uint64_t{invocation.dep.style == compiler::c::DepStyle::kUser});
  key.field("source", invocation.source);
  key.field("source-content", parts.source.view());
  return key.finish_key();
}

}  // namespace zc::engine::c
