#include "engine/compile.h"

#include <algorithm>
#include <cerrno>

#include "base/path.h"
#include "os/name.h"

namespace zc::engine {

// An output with a name of its own is none of the products: a frontend that stores such outputs
// finds them in its own version of this function.
std::optional<Product> CacheableCompile::product_of(const store::Output& output) const {
  const auto it = std::ranges::find(products, output.role, &Product::role);
  return it == products.end() || !output.name.empty() ? std::nullopt : std::optional(*it);
}

bool CacheableCompile::may_write(std::string_view output) const {
  const std::string path = join_path(cwd, output);
  const int error = os::check_right(path, os::Right::kWrite);
  return (error == 0 || error == ENOENT) &&
         os::check_right(std::string(dir_name(path)), os::Right::kWrite) == 0;
}

void CacheableCompile::add_failure(codec::KeyHasher& key) const {
  key.field("manifest", manifest_key.view());
  key.field("cwd", cwd);
  for (const Product& product : products) {
    key.field("output", product.path);
    key.field("is-there", std::uint64_t{product.before.ino != 0});
  }
  if (depfile) {
    key.field("depfile", *depfile);
    key.field("is-there", std::uint64_t{depfile_before.ino != 0});
  }
}

// The client opens the outputs in this order, and sort_report expects them so.
RunPlan CacheableCompile::make_plan() const {
  RunPlan out;
  plan(out);
  for (const Product& product : products) {
    out.run.outputs.push_back(out.texts.emplace_back(product.path));
  }
  if (depfile) {
    out.run.outputs.push_back(out.texts.emplace_back(*depfile));
  }
  return out;
}

}  // namespace zc::engine
