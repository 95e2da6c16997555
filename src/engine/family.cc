#include "engine/family.h"

namespace zc::engine {

using compiler::Bypass;
using compiler::Reason;

std::optional<Bypass> enter_world(const os::FileSystem& fs, const wire::CompileRequest& request,
                                  Prepared& prepared) {
  os::FileStamp root;
  os::FileStamp cwd;
  const auto same = [](const os::FileStamp& stamp, const wire::FileId& id) {
    return stamp.dev == id.dev && stamp.ino == id.ino;
  };
  const bool seen =
      fs.stat(os::FileSystem::kNoDirectory, "/", root) == 0 && same(root, request.root_id) &&
      prepared.directory.open(os::FileSystem::kNoDirectory, prepared.cwd.c_str()) == 0 &&
      fs.stat_handle(prepared.directory.handle(), cwd) == 0 && same(cwd, request.cwd_id);
  if (!seen) {
    return Bypass{Reason::kDifferentWorld, prepared.cwd};
  }
  return std::nullopt;
}

std::optional<Bypass> check_outputs(const os::FileSystem& fs, const Prepared& prepared,
                                    const os::FileStamp& source) {
  const auto is_bad = [&](const std::string& path) {
    os::FileStamp stamp;
    return fs.stat_link(prepared.directory.handle(), path.c_str(), stamp) == 0 &&
           (!stamp.is_regular() || stamp.same_file_as(source));
  };
  for (const Product& product : prepared.products) {
    if (is_bad(product.path)) {
      return Bypass{Reason::kBadOutputFile, product.path};
    }
  }
  if (prepared.depfile && is_bad(*prepared.depfile)) {
    return Bypass{Reason::kBadOutputFile, *prepared.depfile};
  }
  return std::nullopt;
}

Bypass unreadable(const Error& error) {
  return Bypass{error.code == Code::kNotFound ? Reason::kNoInputFile : Reason::kUnreadableInput,
                error.message};
}

}  // namespace zc::engine
