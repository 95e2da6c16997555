#include "engine/rust/path_remaps.h"

#include "base/path.h"
#include "base/str.h"
#include "engine/observed/checkout.h"

namespace zc::engine::rust {

namespace {

void remap(Compile& compile, std::string name, std::string_view from, std::string_view to) {
  while (from.ends_with('/')) {
    from.remove_suffix(1);
  }
  // rustc takes the last equals sign for the one between the two, so `from` may contain others.
  if (is_absolute(from) && is_utf8(from)) {
    compile.injected.push_back(str_cat("--remap-path-prefix=", from, '=', to));
    compile.remapped.push_back(name);
    compile.roots.add(std::move(name), from);
  }
}

}  // namespace

void remap_paths(const os::FileSystem& fs, Compile& compile) {
  if (compile.env.get("ZCCACHE_PATH_REMAP") != "auto") {
    return;
  }
  if (compile.invocation.caps_lints) {
    remap(compile, "out", compile.env.get("OUT_DIR"), "OUT_DIR");
  } else {
    remap(compile, "checkout", checkout_of(fs, compile.env, compile.cwd), ".");
  }
}

}  // namespace zc::engine::rust
