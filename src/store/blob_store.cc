#include "store/blob_store.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/limits.h"
#include "base/path.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/name.h"
#include "os/read_parts.h"
#include "os/self.h"
#include "os/temporary_file.h"

namespace zc::store {

namespace {

// The daemon stores a result within seconds after it has put its blobs.
constexpr std::int64_t kPinMsMax = 10LL * 60 * 1000;

constexpr std::int64_t kDayNs = 24LL * 60 * 60 * 1'000'000'000;
constexpr std::int64_t kTemporaryAgeNsMax = kDayNs;
constexpr std::int64_t kQuarantineAgeNsMax = 7 * kDayNs;

// Errors: as os::read_parts.
Result<Digest> digest_file(int fd, std::uint64_t size_bytes) {
  codec::Hasher hasher;
  TRY(os::read_parts(fd, size_bytes, [&](std::string_view bytes) -> Result<> {
    hasher.update(bytes);
    return {};
  }));
  return hasher.finish();
}

// The digest of the bytes that are written. Errors: as os::read_parts and write_all.
Result<Digest> digest_while_copying(int from, int to, std::uint64_t size_bytes) {
  codec::Hasher hasher;
  TRY(os::read_parts(from, size_bytes, [&](std::string_view bytes) -> Result<> {
    hasher.update(bytes);
    return os::write_all(to, bytes);
  }));
  return hasher.finish();
}

// Errors: kInvalid unless it is a plain file of this size.
Result<> check_source(int fd, std::uint64_t size_bytes) {
  TRY_ASSIGN(const os::FileStamp stamp, os::stat_fd(fd));
  if (!stamp.is_regular() || stamp.size_bytes != size_bytes || size_bytes > limits::kBlobBytesMax) {
    return fail(Code::kInvalid, "the file to store is not what it was said to be");
  }
  return {};
}

// In a directory that is made when it is missing.
Result<os::TemporaryFile> make_temporary(const std::string& path) {
  constexpr std::uint32_t kReadOnly = 0400;
  Result<os::TemporaryFile> file = os::TemporaryFile::create(path, kReadOnly);
  if (!file && file.error().code == Code::kNotFound) {
    TRY(os::make_directories(std::string(dir_name(path))));
    return os::TemporaryFile::create(path, kReadOnly);
  }
  return file;
}

int rename_into(const std::string& from, const std::string& to) {
  const int err = os::rename_to(from, to);
  if (err != ENOENT) {
    return err;
  }
  if (const Result<> made = os::make_directories(std::string(dir_name(to))); !made) {
    return made.error().os_errno;
  }
  return os::rename_to(from, to);
}

void remove_older_than(const std::string& directory, std::int64_t age_ns,
                       std::int64_t os::FileStamp::* time) {
  const std::int64_t oldest = os::wall_ns() - age_ns;
  for (const std::string& name : os::names_in(directory)) {
    const std::string path = str_cat(directory, "/", name);
    const auto stamp = os::stat_path(path);
    if (stamp && stamp->is_regular() && (*stamp).*time < oldest) {
      os::remove_name(path);
    }
  }
}

// The digest whose file in shard `number` has this name.
std::optional<Digest> digest_of_name(unsigned number, std::string_view name) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  Digest out;
  if (name.size() != 2 * (out.bytes.size() - 1)) {
    return std::nullopt;
  }
  out.bytes[0] = static_cast<unsigned char>(number);
  for (std::size_t i = 1; i < out.bytes.size(); ++i) {
    const std::size_t high = kHexDigits.find(name[2 * i - 2]);
    const std::size_t low = kHexDigits.find(name[2 * i - 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return std::nullopt;
    }
    out.bytes[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return out;
}

}  // namespace

std::string BlobStore::temporary_path() {
  return str_cat(layout_.temporary(), "/", os::process_id(), "-", next_temporary_.fetch_add(1));
}

Result<Digest> BlobStore::put(int fd, std::uint64_t size_bytes) {
  TRY(check_source(fd, size_bytes));
  if (size_bytes <= limits::kInlineBlobBytesMax) {
    TRY_ASSIGN(const std::string bytes, os::read_whole(fd, size_bytes));
    return put_small(bytes);
  }
  TRY_ASSIGN(const os::TemporaryFile file, make_temporary(temporary_path()));
  // The digest is that of the stored bytes, not of a second read of the source. A clone shares its
  // blocks with the source, but a later write to the source does not change it.
  Digest digest;
  if (os::clone_fd(fd, file.fd().get())) {
    TRY_ASSIGN(digest, digest_file(file.fd().get(), size_bytes));
  } else {
    TRY_ASSIGN(digest, digest_while_copying(fd, file.fd().get(), size_bytes));
  }
  TRY_ASSIGN(const os::FileStamp stored, os::stat_fd(file.fd().get()));
  if (stored.size_bytes != size_bytes) {
    return fail(Code::kInvalid, "the file changed while it was stored");
  }
  return publish(file.path(), file.fd().get(), digest);
}

Result<Digest> BlobStore::put(std::string_view bytes) {
  if (bytes.size() <= limits::kInlineBlobBytesMax) {
    return put_small(bytes);
  }
  TRY_ASSIGN(const os::TemporaryFile file, make_temporary(temporary_path()));
  TRY(os::write_all(file.fd().get(), bytes));
  return publish(file.path(), file.fd().get(), codec::digest_of(bytes));
}

Result<Digest> BlobStore::put_small(std::string_view bytes) {
  const Digest digest = codec::digest_of(bytes);
  {
    const MutexLock lock(mutex_);
    pins_[digest] = {.put_ms = os::monotonic_ms()};
  }
  // Already pinned: the evictor cannot remove the blob between this check and the result.
  if (queue_.get(Table::kSmallBlobs, digest.view()) != bytes) {
    queue_.write({{Table::kSmallBlobs, std::string(digest.view()), std::string(bytes)}});
  }
  return digest;
}

// Gives a finished temporary file its name, unless that blob exists and is verified.
Result<Digest> BlobStore::publish(const std::string& temporary, int fd, const Digest& digest) {
  const std::string path = layout_.blob(digest);
  const MutexLock lock(mutex_);
  pins_[digest] = {.put_ms = os::monotonic_ms()};
  const Result<os::FileStamp> there = os::stat_path(path);
  // A file that was not read since start may be damaged: the new one takes its place.
  if (there && is_verified(digest, *there)) {
    return digest;
  }
  if (const int err = rename_into(temporary, path); err != 0) {
    return fail_errno(err, str_cat("cannot store the blob ", path));
  }
  if (there) {
    subtract_bytes(digest, there->size_bytes);
  }
  TRY_ASSIGN(const os::FileStamp stamp, os::stat_fd(fd));
  add_bytes(digest, stamp.size_bytes);
  remember(digest, stamp);
  return digest;
}

Result<Blob> BlobStore::get(const Digest& digest) {
  // A small blob has 4 KiB at most, so it is digested at each read.
  if (auto bytes = queue_.get(Table::kSmallBlobs, digest.view())) {
    if (codec::digest_of(*bytes) != digest) {
      queue_.write({{Table::kSmallBlobs, std::string(digest.view()), std::nullopt}});
      return fail(Code::kCorrupt, "a blob in the index does not match its digest");
    }
    const std::uint64_t size = bytes->size();
    return Blob{.bytes = *std::move(bytes), .fd = {}, .size_bytes = size};
  }
  TRY_ASSIGN(os::Fd fd, os::open_file(layout_.blob(digest), os::Open::kInspect));
  TRY_ASSIGN(const os::FileStamp stamp, os::stat_fd(fd.get()));
  TRY(verify(digest, fd.get(), stamp));
  return Blob{.bytes = {}, .fd = std::move(fd), .size_bytes = stamp.size_bytes};
}

Result<> BlobStore::verify(const Digest& digest, int fd, const os::FileStamp& stamp) {
  {
    const MutexLock lock(mutex_);
    if (is_verified(digest, stamp)) {
      return {};
    }
  }
  const Result<Digest> found = digest_file(fd, stamp.size_bytes);
  if (!found && found.error().code == Code::kIo) {
    return std::unexpected(found.error());
  }
  if (!found || *found != digest) {
    quarantine(digest, stamp);
    return fail(Code::kCorrupt, str_cat("the blob ", digest.hex(), " does not match its digest"));
  }
  const MutexLock lock(mutex_);
  remember(digest, stamp);
  return {};
}

void BlobStore::quarantine(const Digest& digest, const os::FileStamp& stamp) {
  const std::string path = layout_.blob(digest);
  const MutexLock lock(mutex_);
  // In the meantime another thread may have moved it, or put a good blob in its place.
  const Result<os::FileStamp> there = os::stat_path(path);
  if (!there || !there->same_file_as(stamp)) {
    return;
  }
  // Damaged indexes are directories, so whole trees go.
  if (rename_into(path, str_cat(layout_.quarantine(), "/", digest.hex())) != 0) {
    os::remove_name(path);
  }
  verified_.erase(digest);
  subtract_bytes(digest, there->size_bytes);
  ++quarantined_;
}

std::uint64_t BlobStore::file_bytes() const {
  const MutexLock lock(mutex_);
  return file_bytes_;
}

// Under the mutex, so that a blob that another thread puts at the same time is counted once.
void BlobStore::count_shard(unsigned number) {
  const MutexLock lock(mutex_);
  if (counted_[number]) {
    return;
  }
  for (const File& file : list_shard(number)) {
    file_bytes_ += file.size_bytes;
  }
  counted_[number] = true;
}

std::vector<BlobStore::File> BlobStore::list_shard(unsigned number) const {
  std::vector<File> out;
  const std::string directory = layout_.shard(number);
  for (const std::string& name : os::names_in(directory)) {
    const std::optional<Digest> digest = digest_of_name(number, name);
    const auto stamp = os::stat_path(str_cat(directory, "/", name));
    if (digest && stamp) {
      out.push_back({*digest, stamp->size_bytes, stamp->mtime_ns});
    }
  }
  return out;
}

void BlobStore::distrust(const Digest& digest) {
  const MutexLock lock(mutex_);
  verified_.erase(digest);
}

void BlobStore::note_recorded(const Digest& digest) {
  const MutexLock lock(mutex_);
  if (const auto it = pins_.find(digest); it != pins_.end()) {
    it->second.recorded = true;
  }
}

void BlobStore::unpin() {
  const std::int64_t now = os::monotonic_ms();
  const MutexLock lock(mutex_);
  std::erase_if(pins_, [&](const auto& entry) {
    return entry.second.recorded || now - entry.second.put_ms > kPinMsMax;
  });
}

std::uint64_t BlobStore::remove_unused(const Digest& digest) {
  const std::string path = layout_.blob(digest);
  const MutexLock lock(mutex_);
  if (pins_.contains(digest)) {
    return 0;
  }
  const Result<os::FileStamp> there = os::stat_path(path);
  // No file of that name: the blob is a small one, or has gone already.
  if (!there) {
    queue_.write({{Table::kSmallBlobs, std::string(digest.view()), std::nullopt}});
    return 0;
  }
  if (os::remove_name(path) != 0) {
    return 0;
  }
  verified_.erase(digest);
  subtract_bytes(digest, there->size_bytes);
  return there->size_bytes;
}

std::uint64_t BlobStore::clear() {
  std::uint64_t bytes = 0;
  for (unsigned number = 0; number < Layout::kShards; ++number) {
    const MutexLock lock(mutex_);
    for (const File& file : list_shard(number)) {
      if (os::remove_name(layout_.blob(file.digest)) == 0) {
        bytes += file.size_bytes;
        verified_.erase(file.digest);
        subtract_bytes(file.digest, file.size_bytes);
      }
    }
  }
  for (const std::string& name : os::names_in(layout_.quarantine())) {
    std::error_code ignored;
    std::filesystem::remove_all(str_cat(layout_.quarantine(), "/", name), ignored);
  }
  return bytes;
}

void BlobStore::tidy() {
  remove_older_than(layout_.temporary(), kTemporaryAgeNsMax, &os::FileStamp::mtime_ns);
  // By ctime, the time at which it was moved there.
  remove_older_than(layout_.quarantine(), kQuarantineAgeNsMax, &os::FileStamp::ctime_ns);
}

void BlobStore::remember(const Digest& digest, const os::FileStamp& stamp) {
  verified_.put(digest, stamp);
}

bool BlobStore::is_verified(const Digest& digest, const os::FileStamp& stamp) const {
  const os::FileStamp* verified = verified_.find(digest);
  return verified != nullptr && verified->same_content_as(stamp);
}

void BlobStore::add_bytes(const Digest& digest, std::uint64_t bytes) {
  if (counted_[digest.bytes[0]]) {
    file_bytes_ += bytes;
  }
}

void BlobStore::subtract_bytes(const Digest& digest, std::uint64_t bytes) {
  if (counted_[digest.bytes[0]]) {
    // Not below 0: another program may have changed the files.
    file_bytes_ -= std::min(bytes, file_bytes_);
  }
}

}  // namespace zc::store
