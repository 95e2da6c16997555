#include "store/index.h"

#include <lmdb.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/str.h"
#include "codec/digest.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/name.h"

namespace zc::store {

namespace {

constexpr std::array<const char*, kTables> kNames = {
    "meta",  "results", "manifests",   "inputs",   "input_ids",
    "files", "access",  "small_blobs", "commands", "evicted"};

// Of the 32 bytes of the digest: a seal finds damage, and names nothing.
constexpr std::size_t kSealBytes = 8;

// One slot for each thread that may read at once, and for tools.
constexpr unsigned kReadersMax = 1022;

// Address space, not memory or disk. Where it is limited (ulimit -v, sanitizers) less will do.
constexpr std::array<std::uint64_t, 5> kMapBytes = {64ULL << 30, 16ULL << 30, 4ULL << 30,
                                                    1ULL << 30, 256ULL << 20};

std::unexpected<Error> fail_index(int rc, std::string_view what) {
  const std::string message = str_cat(what, ": ", std::string_view(::mdb_strerror(rc)));
  switch (rc) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case MDB_MAP_FULL:
      return fail(Code::kNoSpace, message, rc > 0 ? rc : 0);
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    // Deeper than a sound tree can be, and a page that leads nowhere.
    case MDB_CURSOR_FULL:
    case MDB_NOTFOUND:
      return fail(Code::kCorrupt, message);
    default:
      return fail(Code::kIo, message, rc > 0 ? rc : 0);
  }
}

MDB_val val_of(std::string_view bytes) {
  return {.mv_size = bytes.size(), .mv_data = const_cast<char*>(bytes.data())};
}

std::string_view view_of(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

std::string checksum(Table table, std::string_view key, std::string_view value) {
  // The length of the key is enough: with it, no byte can move from the key to the value. Keys have
  // at most 40 bytes.
  const std::array<char, 2> prefix = {static_cast<char>(table), static_cast<char>(key.size())};
  codec::Hasher hasher;
  hasher.update({prefix.data(), prefix.size()});
  hasher.update(key);
  hasher.update(value);
  return std::string(hasher.finish().view().substr(0, kSealBytes));
}

std::optional<std::string_view> unseal(Table table, std::string_view key, std::string_view sealed) {
  if (sealed.size() < kSealBytes) {
    return std::nullopt;
  }
  const std::string_view value = sealed.substr(kSealBytes);
  if (checksum(table, key, value) != sealed.substr(0, kSealBytes)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

struct Index::Env {
  MDB_env* env = nullptr;
  std::array<MDB_dbi, kTables> tables{};
  std::span<char> map;  // empty when it could not be found out

  // Idle read transactions: beginning one takes a slot in the lock file, renewing one does not.
  Mutex mutex;
  std::vector<MDB_txn*> idle ZC_GUARDED_BY(mutex);

  ~Env() {
    for (MDB_txn* txn : idle) {
      ::mdb_txn_abort(txn);
    }
    if (env != nullptr) {
      ::mdb_env_close(env);
    }
  }

  MDB_dbi dbi(Table table) const { return tables[static_cast<std::size_t>(table)]; }

  int open(const std::string& directory, unsigned flags, std::uint64_t map_bytes);
  int open_tables(bool create);
};

namespace {

// A snapshot; its transaction returns to the idle ones at the end.
template <class Env>
class Snapshot {
 public:
  explicit Snapshot(Env& env) : env_(env) {
    {
      const MutexLock lock(env_.mutex);
      if (!env_.idle.empty()) {
        txn_ = env_.idle.back();
        env_.idle.pop_back();
      }
    }
    rc_ = txn_ != nullptr ? ::mdb_txn_renew(txn_)
                          : ::mdb_txn_begin(env_.env, nullptr, MDB_RDONLY, &txn_);
    if (rc_ != 0 && txn_ != nullptr) {
      ::mdb_txn_abort(txn_);
      txn_ = nullptr;
    }
  }
  ~Snapshot() {
    if (txn_ != nullptr) {
      ::mdb_txn_reset(txn_);
      const MutexLock lock(env_.mutex);
      env_.idle.push_back(txn_);
    }
  }
  Snapshot(const Snapshot&) = delete;

  int rc() const { return rc_; }
  MDB_txn* txn() const { return txn_; }

 private:
  Env& env_;
  MDB_txn* txn_ = nullptr;
  int rc_ = 0;
};

struct Abort {
  void operator()(MDB_txn* txn) const { ::mdb_txn_abort(txn); }
};
// A transaction that is undone unless it was committed.
using WriteTxn = std::unique_ptr<MDB_txn, Abort>;

int begin(MDB_env* env, WriteTxn& out) {
  MDB_txn* txn = nullptr;
  const int rc = ::mdb_txn_begin(env, nullptr, 0, &txn);
  out.reset(txn);
  return rc;
}

struct Close {
  void operator()(MDB_cursor* cursor) const { ::mdb_cursor_close(cursor); }
};

// An access to a mapped page behind the end of the file would end the process.
bool is_shorter_than_it_says(MDB_env* env, const std::string& data) {
  MDB_envinfo info = {};
  MDB_stat stat = {};
  const Result<os::FileStamp> file = os::stat_path(data);
  if (!file || ::mdb_env_info(env, &info) != 0 || ::mdb_env_stat(env, &stat) != 0) {
    return true;
  }
  // A new file holds its two first pages only once something has been written.
  const std::uint64_t pages = info.me_last_pgno + 1;
  return pages > file->size_bytes / stat.ms_psize;
}

// Where a file is mapped, which LMDB does not report. A line of maps: "7f00-7fff r--s 0 fe:00
// <inode> <path>".
std::span<char> find_map(const std::string& data) {
  constexpr std::uint64_t kMapsBytesMax = 16U << 20;
  const Result<os::FileStamp> file = os::stat_path(data);
  const Result<std::string> maps = os::read_path("/proc/self/maps", kMapsBytesMax);
  if (!file || !maps) {
    return {};
  }
  const std::string inode = str_cat(" ", file->ino, " ");
  for (const std::string_view line : split(*maps, '\n')) {
    if (!line.ends_with("/data.mdb") || line.find(inode) == std::string_view::npos) {
      continue;
    }
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    const char* const last = line.data() + line.size();
    const auto parsed = std::from_chars(line.data(), last, begin, 16);
    if (parsed.ec == std::errc() && parsed.ptr + 1 < last &&
        std::from_chars(parsed.ptr + 1, last, end, 16).ec == std::errc() && begin < end) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): an address that the kernel has printed
      return {reinterpret_cast<char*>(begin), end - begin};
    }
  }
  return {};
}

}  // namespace

int Index::Env::open(const std::string& directory, unsigned flags, std::uint64_t map_bytes) {
  int rc = ::mdb_env_create(&env);
  rc = rc != 0 ? rc : ::mdb_env_set_maxdbs(env, kTables);
  rc = rc != 0 ? rc : ::mdb_env_set_maxreaders(env, kReadersMax);
  rc = rc != 0 ? rc : ::mdb_env_set_mapsize(env, map_bytes);
  rc = rc != 0 ? rc : ::mdb_env_open(env, directory.c_str(), flags, 0600);
  // LMDB's manual: after a failed mdb_env_open the handle must be closed all the same.
  if (rc != 0 && env != nullptr) {
    ::mdb_env_close(std::exchange(env, nullptr));
  }
  return rc;
}

int Index::Env::open_tables(bool create) {
  MDB_txn* txn = nullptr;
  int rc = ::mdb_txn_begin(env, nullptr, create ? 0 : MDB_RDONLY, &txn);
  if (rc != 0) {
    return rc;
  }
  for (std::size_t i = 0; i < kTables && rc == 0; ++i) {
    rc = ::mdb_dbi_open(txn, kNames[i], create ? MDB_CREATE : 0, &tables[i]);
  }
  if (rc != 0) {
    ::mdb_txn_abort(txn);
    return rc;
  }
  return ::mdb_txn_commit(txn);
}

Index::Index(std::string directory, std::shared_ptr<Env> env)
    : directory_(std::move(directory)), env_(std::move(env)) {}
Index::~Index() = default;

std::shared_ptr<Index::Env> Index::env() const {
  const MutexLock lock(mutex_);
  return env_;
}

Result<std::unique_ptr<Index>> Index::open(const std::string& directory, Access access) {
  TRY_ASSIGN(std::shared_ptr<Env> env, open_env(directory, access));
  return std::unique_ptr<Index>(new Index(directory, std::move(env)));
}

Result<std::shared_ptr<Index::Env>> Index::open_env(const std::string& directory, Access access) {
  // By LMDB's manual (mdb_env_open): MDB_NOTLS ties a snapshot to its object instead of its thread,
  // so that idle ones can be shared; MDB_NORDAHEAD, because look-ups go all over the file;
  // MDB_NOMETASYNC and MDB_NOSYNC say what a commit syncs; MDB_NOLOCK does without the
  // lock file.
  unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
  switch (access) {
    case Access::kReadWrite:
      flags |= MDB_NOMETASYNC;
      break;
    case Access::kBulk:
      flags |= MDB_NOSYNC;
      break;
    case Access::kSnapshot:
      flags |= MDB_RDONLY | MDB_NOLOCK;
      break;
  }
  auto env = std::make_shared<Env>();
  int rc = ENOMEM;
  for (std::size_t i = 0; i < kMapBytes.size() && rc == ENOMEM; ++i) {
    rc = env->open(directory, flags, kMapBytes[i]);
  }
  if (rc != 0) {
    return fail_index(rc, str_cat("cannot open the index ", directory));
  }
  if (is_shorter_than_it_says(env->env, directory + "/data.mdb")) {
    return fail(Code::kCorrupt, str_cat("the index ", directory, " is truncated"));
  }
  if (access == Access::kReadWrite) {
    // Slots of killed readers would keep old pages from being reused.
    int dead = 0;
    ::mdb_reader_check(env->env, &dead);
  }
  if (rc = env->open_tables(access != Access::kSnapshot); rc != 0) {
    return fail_index(rc, str_cat("cannot open the tables of the index ", directory));
  }
  env->map = find_map(directory + "/data.mdb");
  return env;
}

std::optional<std::string> Index::get(Table table, std::string_view key) const {
  const std::shared_ptr<Env> env = this->env();
  const Snapshot snapshot(*env);
  MDB_val k = val_of(key);
  MDB_val v = {};
  if (snapshot.rc() != 0 || ::mdb_get(snapshot.txn(), env->dbi(table), &k, &v) != 0) {
    return std::nullopt;
  }
  TRY_ASSIGN(const std::string_view value, unseal(table, key, view_of(v)));
  return std::string(value);
}

Result<std::uint64_t> Index::scan(Table table, const Visit& visit) const {
  const std::shared_ptr<Env> env = this->env();
  const Snapshot snapshot(*env);
  MDB_stat stat = {};
  int rc = snapshot.rc();
  if (rc == 0) {
    rc = ::mdb_stat(snapshot.txn(), env->dbi(table), &stat);
  }
  if (rc != 0) {
    return fail_index(rc, "cannot read the index");
  }
  MDB_cursor* opened = nullptr;
  rc = ::mdb_cursor_open(snapshot.txn(), env->dbi(table), &opened);
  const std::unique_ptr<MDB_cursor, Close> cursor(opened);
  MDB_val k = {};
  MDB_val v = {};
  std::string previous;
  std::uint64_t seen = 0;
  std::uint64_t damaged = 0;
  for (; rc == 0; ++seen) {
    rc = ::mdb_cursor_get(cursor.get(), &k, &v, MDB_NEXT);
    if (rc != 0) {
      break;
    }
    // Strictly ascending keys also mean that no page is walked twice.
    if (seen > 0 && view_of(k) <= previous) {
      return fail(Code::kCorrupt, "the index is out of order");
    }
    previous = view_of(k);
    const std::optional<std::string_view> value = unseal(table, view_of(k), view_of(v));
    if (!value) {
      ++damaged;
    } else if (!visit(view_of(k), *value)) {
      return damaged;
    }
  }
  if (rc != MDB_NOTFOUND) {
    return fail_index(rc, "cannot walk the index");
  }
  if (seen != stat.ms_entries) {
    return fail(Code::kCorrupt, "the index has lost records");
  }
  return damaged;
}

Result<> Index::commit(std::span<const Write> writes) {
  const std::shared_ptr<Env> env = this->env();
  WriteTxn txn;
  int rc = begin(env->env, txn);
  for (std::size_t i = 0; i < writes.size() && rc == 0; ++i) {
    const Write& write = writes[i];
    const MDB_dbi dbi = env->dbi(write.table);
    MDB_val k = val_of(write.key);
    if (!write.value) {
      rc = ::mdb_del(txn.get(), dbi, &k, nullptr);
      rc = rc == MDB_NOTFOUND ? 0 : rc;
      continue;
    }
    MDB_val v = {.mv_size = kSealBytes + write.value->size(), .mv_data = nullptr};
    // Room in the page itself, so that seal and value are not first joined elsewhere.
    rc = ::mdb_put(txn.get(), dbi, &k, &v, MDB_RESERVE);
    if (rc == 0) {
      char* at = static_cast<char*>(v.mv_data);
      std::memcpy(at, checksum(write.table, write.key, *write.value).data(), kSealBytes);
      std::memcpy(at + kSealBytes, write.value->data(), write.value->size());
    }
  }
  if (rc == 0) {
    rc = ::mdb_txn_commit(txn.release());
  }
  if (rc != 0) {
    return fail_index(rc, "cannot write the index");
  }
  return {};
}

// Where there is no room for a new file, the old one is emptied and keeps its size.
Result<> Index::drop_all() {
  if (begin_anew()) {
    return {};
  }
  const std::shared_ptr<Env> env = this->env();
  WriteTxn txn;
  int rc = begin(env->env, txn);
  for (std::size_t i = 0; i < kTables && rc == 0; ++i) {
    if (static_cast<Table>(i) != Table::kMeta) {
      rc = ::mdb_drop(txn.get(), env->tables[i], 0);
    }
  }
  if (rc == 0) {
    rc = ::mdb_txn_commit(txn.release());
  }
  if (rc != 0) {
    return fail_index(rc, "cannot empty the index");
  }
  return {};
}

// The new file is complete before it takes the name of the old one. The old one is closed, and
// thereby removed, when its last reader has ended.
Result<> Index::begin_anew() {
  std::vector<Write> kept;
  TRY(scan(Table::kMeta, [&](auto key, auto value) {
    kept.push_back({Table::kMeta, std::string(key), std::string(value)});
    return true;
  }));
  const std::string fresh = directory_ + ".new";
  std::error_code ignored;
  std::filesystem::remove_all(fresh, ignored);
  TRY(os::make_directories(fresh));
  {
    TRY_ASSIGN(const std::unique_ptr<Index> filled, open(fresh, Access::kBulk));
    TRY(filled->commit(kept));
    TRY(filled->close());
  }
  // The locks belong to the old file; the new one makes its own.
  for (const char* name : {"/data.mdb", "/lock.mdb"}) {
    if (const int err = os::rename_to(directory_ + name, fresh + name + ".old"); err != 0) {
      return fail_errno(err, str_cat("cannot replace ", directory_, name));
    }
  }
  // A crash between these renames leaves no index: the next start begins an empty one, as was
  // wanted.
  if (const int err = os::rename_to(fresh + "/data.mdb", directory_ + "/data.mdb"); err != 0) {
    return fail_errno(err, str_cat("cannot replace the index in ", directory_));
  }
  TRY_ASSIGN(std::shared_ptr<Env> env, open_env(directory_, Access::kReadWrite));
  std::filesystem::remove_all(fresh, ignored);
  const MutexLock lock(mutex_);
  env_ = std::move(env);
  return {};
}

Index::Stats Index::stats() const {
  Stats out;
  const std::shared_ptr<Env> env = this->env();
  const Snapshot snapshot(*env);
  if (snapshot.rc() != 0) {
    return out;
  }
  for (std::size_t i = 0; i < kTables; ++i) {
    MDB_stat stat = {};
    if (::mdb_stat(snapshot.txn(), env->tables[i], &stat) == 0) {
      out.entries[i] = stat.ms_entries;
      out.used_bytes += (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
                        std::uint64_t{stat.ms_psize};
    }
  }
  return out;
}

void Index::release_pages() const {
  const std::shared_ptr<Env> env = this->env();
  if (!env->map.empty()) {
    os::drop_pages(env->map);
  }
}

Result<> Index::close() {
  const MutexLock lock(mutex_);
  // The last commits have not synced their root page, or nothing at all (kBulk).
  const int rc = ::mdb_env_sync(env_->env, 1);
  env_.reset();
  if (rc != 0) {
    return fail_index(rc, "cannot sync the index");
  }
  return {};
}

}  // namespace zc::store
