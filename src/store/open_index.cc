#include "store/open_index.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/str.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/isolated.h"
#include "os/name.h"

namespace zc::store {

namespace {

using Warn = std::function<void(const std::string&)>;

constexpr std::uint64_t kSmallTextBytesMax = 4096;
// Bounds the memory of the child: a transaction keeps the pages that it has changed.
constexpr std::size_t kCopyBytesPerCommit = std::size_t{4} << 20;

// What the child found: its index is copied; or sound, without room for a copy; or damaged.
enum RebuildVerdict : std::uint8_t { kRebuilt, kSoundButNotCopied, kDamaged };

void remove_tree(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

// --- format ---

std::string format_text() {
  return str_cat(kFormatWord, kFormatVersion, "\n");
}

std::optional<std::uint64_t> version_in(std::string_view text) {
  if (!text.starts_with(kFormatWord) || !text.ends_with('\n')) {
    return std::nullopt;
  }
  text.remove_prefix(kFormatWord.size());
  text.remove_suffix(1);
  return parse_u64(text);
}

// Only the newest one is kept: an index may be large.
void quarantine_index(const Layout& layout, const Warn& warn, std::string_view why) {
  for (const std::string& name : os::names_in(layout.quarantine())) {
    if (name.starts_with("index-")) {
      remove_tree(str_cat(layout.quarantine(), "/", name));
    }
  }
  const std::string aside = str_cat(layout.quarantine(), "/index-", os::wall_ns());
  if (os::rename_to(layout.index(), aside) != 0) {
    remove_tree(layout.index());
  }
  warn(str_cat(why, "; the cache starts empty, the old index is in ", aside));
}

Result<> settle_format(const Layout& layout, const Warn& warn) {
  const Result<std::string> text = os::read_path(layout.format(), kSmallTextBytesMax);
  const std::optional<std::uint64_t> version =
      text ? version_in(*text) : std::optional<std::uint64_t>();
  if (version == kFormatVersion) {
    return {};
  }
  if (version && *version > kFormatVersion) {
    return fail(Code::kInvalid, str_cat("the cache in ", layout.root(), " has format ", *version,
                                        ", this program knows ", kFormatVersion,
                                        "; use the newer zccache, or another ZCCACHE_CACHE_DIR"));
  }
  if (os::stat_path(layout.index_data())) {
    quarantine_index(layout, warn,
                     version ? str_cat("the cache has the old format ", *version)
                             : std::string("the format of the cache cannot be told"));
  }
  return os::replace_file(layout.format(), format_text(), 0600);
}

// --- the marker of an orderly close ---

Result<std::string> describe(const std::string& data) {
  TRY_ASSIGN(const os::FileStamp stamp, os::stat_path(data));
  return str_cat(stamp.size_bytes, " ", stamp.mtime_ns, "\n");
}

// Whether the marker describes the index. Takes it away: from now on the index is in use.
bool take_marker(const Layout& layout) {
  const Result<std::string> marker = os::read_path(layout.clean(), kSmallTextBytesMax);
  const Result<std::string> now = describe(layout.index_data());
  const bool gone = os::remove_name(layout.clean()) == 0;
  return gone && marker && now && *marker == *now;
}

// --- rebuilding ---

// Copies every record, or at least reads it if there is no room for a copy.
class Copier {
 public:
  explicit Copier(Index* target) : target_(target) {}

  Result<> copy_table(const Index& source, Table table) {
    const auto damaged = source.scan(table, [&](auto key, auto value) {
      if (target_ != nullptr) {
        bytes_ += key.size() + value.size();
        writes_.push_back({table, std::string(key), std::string(value)});
        if (bytes_ > kCopyBytesPerCommit) {
          commit();
        }
      }
      return true;
    });
    if (!damaged) {
      return std::unexpected(damaged.error());
    }
    if (*damaged > 0) {
      return fail(Code::kCorrupt, "the index holds damaged records");
    }
    commit();
    return {};
  }

  bool has_copy() const { return target_ != nullptr; }

 private:
  void commit() {
    if (target_ != nullptr && !target_->commit(writes_)) {
      target_ = nullptr;
    }
    writes_.clear();
    bytes_ = 0;
  }

  Index* target_;  // null once it cannot be written
  std::vector<Write> writes_;
  std::size_t bytes_ = 0;
};

os::Verdict rebuild(const Layout& layout) {
  const auto source = Index::open(layout.index(), Index::Access::kSnapshot);
  if (!source) {
    return {.code = kDamaged, .text = source.error().message};
  }
  remove_tree(layout.rebuilt());
  std::unique_ptr<Index> target;
  if (os::make_directories(layout.rebuilt())) {
    if (auto opened = Index::open(layout.rebuilt(), Index::Access::kBulk)) {
      target = *std::move(opened);
    }
  }
  // Without a target (a full disk) the copier still reads and checks every record.
  Copier copier(target.get());
  for (std::size_t i = 0; i < kTables; ++i) {
    if (const Result<> done = copier.copy_table(**source, static_cast<Table>(i)); !done) {
      return {.code = kDamaged, .text = done.error().message};
    }
  }
  if (!copier.has_copy() || !target->close()) {
    return {.code = kSoundButNotCopied, .text = {}};
  }
  return {.code = kRebuilt, .text = {}};
}

// Afterwards the index is a fresh copy, or the old file that the child could read in full
// (kSoundButNotCopied), or not there.
void repair(const Layout& layout, const Warn& warn) {
  const std::optional<os::Verdict> verdict = os::run_isolated([&] { return rebuild(layout); });
  if (!verdict) {
    quarantine_index(layout, warn, "the index cannot be read without crashing");
  } else if (verdict->code == kDamaged) {
    quarantine_index(layout, warn, verdict->text);
  } else if (verdict->code == kRebuilt) {
    // In one step: a crash leaves the old file or the new one.
    if (os::rename_to(layout.rebuilt_data(), layout.index_data()) != 0) {
      quarantine_index(layout, warn, "the repaired index cannot be put in its place");
    }
  }
  remove_tree(layout.rebuilt());
}

}  // namespace

Result<OpenedIndex> open_index(const Layout& layout, const Warn& warn) {
  TRY(settle_format(layout, warn));
  const Result<os::FileStamp> data = os::stat_path(layout.index_data());
  const bool is_new = !data || data->size_bytes == 0;
  const bool was_clean = take_marker(layout) || is_new;
  if (!was_clean) {
    repair(layout, warn);
  }
  TRY(os::make_directories(layout.index()));
  auto index = Index::open(layout.index(), Index::Access::kReadWrite);
  if (!index && index.error().code == Code::kCorrupt) {
    quarantine_index(layout, warn, index.error().message);
    TRY(os::make_directories(layout.index()));
    index = Index::open(layout.index(), Index::Access::kReadWrite);
  }
  if (!index) {
    return std::unexpected(std::move(index).error());
  }
  return OpenedIndex{.index = *std::move(index), .was_clean = was_clean};
}

void close_index(const Layout& layout, std::unique_ptr<Index> index) {
  if (!index->close()) {
    return;
  }
  if (const Result<std::string> text = describe(layout.index_data())) {
    // Without the marker the next start takes longer, that is all.
    (void)os::replace_file(layout.clean(), *text, 0600);
  }
}

}  // namespace zc::store
