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

// Paths below a checkout whose place does not count are relative to it. Any other is as spelled.
class Paths {
 public:
  Paths(codec::KeyHasher& key, const PathRemap* remap) : key_(key), remap_(remap) {}

  void add(std::string_view tag, std::string_view path) {
    add(tag, remap_ == nullptr ? as_spelled(path) : below_checkout(*remap_, path));
  }
  void add_word(std::string_view word) {
    add("arg", remap_ == nullptr ? as_spelled(word) : below_checkout_in_word(*remap_, word));
  }

 private:
  static RootedPath as_spelled(std::string_view path) {
    return {.root = {}, .path = std::string(path)};
  }
  void add(std::string_view tag, const RootedPath& path) {
    if (!path.root.empty()) {
      key_.field("root", path.root);
    }
    key_.field(tag, path.path);
  }

  codec::KeyHasher& key_;
  const PathRemap* remap_;
};

// With its place, if that counts all the same.
void add_remap(codec::KeyHasher& key, const PathRemap& remap) {
  key.field("remapped", remap.is_bound ? std::string_view(remap.checkout) : ".");
  for (const std::string& map : remap.injected) {
    key.field("map", map.substr(0, map.find('=')));
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
  if (parts.remap != nullptr) {
    add_remap(key, *parts.remap);
  }
  Paths paths(key, parts.remap);
  for (const std::string& arg : invocation.key_args) {
    paths.add_word(arg);
  }
  for (const KeyFile& file : parts.files) {
    key.field("file", file.path);
    key.field("content", file.digest.view());
  }
  if (parts.remap != nullptr || invocation.cwd_leaks) {
    // gcc takes the name of the directory from PWD when that leads to the same place.
    paths.add("cwd", parts.cwd);
    paths.add("pwd", parts.pwd);
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
  paths.add("source", invocation.source);
  key.field("source-content", parts.source.view());
  return key.finish_key();
}

}  // namespace zc::engine::c
