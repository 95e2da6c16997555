#include "engine/c/special_inputs.h"

#include <unordered_map>
#include <vector>

#include "engine/c/include_walk.h"

namespace zc::engine::c {

namespace {

// What is at a path. A directory counts as nothing, since compilers pass over it.
enum class Kind : std::uint8_t { kNothing, kPlain, kSpecial };

// The files that the compiler can reach from those added, each examined once. A name is searched as
// the compiler does; the first file of that name ends the search.
class Reach {
 public:
  Reach(const os::FileSystem& fs, ScanCache& scans, const compiler::c::SearchPath& search,
        os::DirectoryHandle cwd)
      : fs_(fs), scans_(scans), search_(search), cwd_(cwd) {}

  // Returns whether a file is there; what it leads to comes later.
  bool add(const std::string& path) {
    const auto [it, is_new] = known_.emplace(path, Kind::kNothing);
    if (is_new) {
      it->second = kind_of(path);
      if (it->second == Kind::kPlain) {
        pending_.push_back(path);
      } else if (it->second == Kind::kSpecial && !special_) {
        special_ = path;
      }
    }
    return it->second != Kind::kNothing;
  }

  void add_included(std::string_view includer, const compiler::c::IncludeProbe& probe) {
    walk_include(search_, includer, probe, [&](const std::string& path) { return add(path); });
  }

  std::optional<std::string> find() {
    while (!special_ && !pending_.empty()) {
      const std::string path = std::move(pending_.back());
      pending_.pop_back();
      const Result<ScannedFile> file = scans_.look(cwd_, path.c_str());
      if (!file) {
        continue;  // Not readable for the compiler either, or changing: then nothing is stored.
      }
      for (const compiler::c::IncludeProbe& probe : file->facts->probes) {
        add_included(path, probe);
      }
    }
    return std::move(special_);
  }

 private:
  Kind kind_of(const std::string& path) const {
    os::FileStamp stamp;
    if (fs_.stat(cwd_, path.c_str(), stamp) != 0 || stamp.is_directory()) {
      return Kind::kNothing;
    }
    return stamp.is_regular() ? Kind::kPlain : Kind::kSpecial;
  }

  const os::FileSystem& fs_;
  ScanCache& scans_;
  const compiler::c::SearchPath& search_;
  const os::DirectoryHandle cwd_;
  std::unordered_map<std::string, Kind> known_;
  std::vector<std::string> pending_;
  std::optional<std::string> special_;
};

}  // namespace

std::optional<std::string> find_special_input(const os::FileSystem& fs, ScanCache& scans,
                                              const compiler::c::SearchPath& search,
                                              os::DirectoryHandle cwd,
                                              std::span<const std::string> read,
                                              std::span<const std::string> forced) {
  Reach reach(fs, scans, search, cwd);
  for (const std::string& path : read) {
    reach.add(path);
  }
  for (const std::string& name : forced) {
    // -include looks in the working directory first, not beside the source.
    reach.add_included("command-line",
                       {.name = name, .kind = compiler::c::IncludeKind::kQuote, .next = false});
  }
  return reach.find();
}

}  // namespace zc::engine::c
