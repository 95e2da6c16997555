#include "engine/settings.h"

#include <string>
#include <string_view>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

OrBypass<> take_extra_files(files::FileCache& files, std::string_view paths,
                            CacheableCompile& compile, codec::KeyHasher& key) {
  for (const std::string& path : split_words(paths, ":")) {
    const Result<files::KnownFile> file = files.look(compile.directory.handle(), path.c_str());
    if (!file) {
      return bypass(Reason::kUnreadableInput, str_cat("extra file ", path));
    }
    compile.extra_files.push_back({.path = path, .stamp = file->stamp});
    // Where it is does not matter: another checkout has its own.
    key.field("file", base_name(path));
    key.field("content", file->digest.view());
  }
  return {};
}

}  // namespace

OrBypass<> take_settings(files::FileCache& files, CacheableCompile& compile) {
  const RequestEnvironment& env = compile.env;
  compile.recaches = is_truthy(env.get("ZCCACHE_RECACHE"));
  compile.only_reads = is_truthy(env.get("ZCCACHE_READ_ONLY"));
  compile.must_hit = is_truthy(env.get("ZCCACHE_TERMINATE_ON_MISS"));
  const std::string_view word = env.get("ZCCACHE_CACHE_BUSTER");
  const std::string_view paths = env.get("ZCCACHE_EXTRA_FILES");
  if (word.empty() && paths.empty()) {
    return {};
  }
  codec::KeyHasher key("zccache-settings-1");
  key.field("command", compile.manifest_key.view());
  key.field("word", word);
  TRY(take_extra_files(files, paths, compile, key));
  const codec::Key key_of_all = key.finish_key();
  compile.manifest_key = key_of_all.digest;
  compile.key_fields += key_of_all.fields;
  return {};
}

OrBypass<> check_extra_files(const os::FileSystem& fs, const CacheableCompile& compile) {
  for (const ExtraFile& file : compile.extra_files) {
    os::FileStamp now;
    if (fs.stat(compile.directory.handle(), file.path.c_str(), now) != 0 ||
        !now.same_content_as(file.stamp) ||
        files::last_change_ns(file.stamp) >= compile.unread_ns()) {
      return bypass(Reason::kModifiedInputFile, file.path);
    }
  }
  return {};
}

}  // namespace zc::engine
