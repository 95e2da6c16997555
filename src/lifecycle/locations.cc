#include "lifecycle/locations.h"

#include <cstdint>
#include <optional>

#include "base/fnv1a.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "lifecycle/colocation.h"
#include "os/safe_directory.h"

namespace zc::lifecycle {

namespace {

std::string hex64(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) {
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(value >> (56 - 8 * i));
  }
  return to_hex(bytes);
}

// An empty variable counts as unset.
std::string_view value_of(const Environment& env, const char* name) {
  return view_or_empty(env(name));
}

// In /tmp whatever TMPDIR says: all programs of the user must find the same place.
std::string temporary_root(std::uint32_t uid) {
  return str_cat("/tmp/zccache-", static_cast<std::uint64_t>(uid));
}

std::string top_root(const Environment& env, std::string_view cwd, std::uint32_t uid) {
  if (const std::string_view dir = value_of(env, "ZCCACHE_CACHE_DIR"); !dir.empty()) {
    std::string out = join_path(cwd, dir);
    while (out.size() > 1 && out.ends_with('/')) {
      out.pop_back();
    }
    return out;
  }
  if (const std::string_view home = value_of(env, "HOME"); is_absolute(home)) {
    std::optional<std::string> colocated;
    if (is_truthy(value_of(env, "ZCCACHE_COLOCATE"))) {
      colocated = usable_colocated_root(home, cwd);
    }
    return colocated ? *std::move(colocated) : join_path(home, ".zccache");
  }
  return temporary_root(uid) + "/cache";
}

Result<std::string> endpoint(const Environment& env, const std::string& state,
                             std::string_view version, std::string_view cwd, std::uint32_t uid) {
  if (const std::string_view given = value_of(env, "ZCCACHE_ENDPOINT"); !given.empty()) {
    std::string path = join_path(cwd, given);
    if (path.size() > limits::kSocketPathBytesMax) {
      return fail(Code::kInvalid,
                  str_cat("ZCCACHE_ENDPOINT is longer than ", limits::kSocketPathBytesMax,
                          " bytes; choose a shorter socket path: ", path));
    }
    return path;
  }
  std::string path = str_cat(state, "/daemon-v", version, ".sock");
  if (path.size() > limits::kSocketPathBytesMax) {
    // The hash keeps two cache roots of one user apart.
    path = str_cat(temporary_root(uid), '/', path_hash(state), "-v", version, ".sock");
  }
  return path;
}

}  // namespace

std::string path_hash(std::string_view text) {
  return hex64(fnv1a(text));
}

Result<std::string> sanitise_namespace(std::string_view text) {
  constexpr std::size_t kNamespaceBytesMax = 32;
  const std::string_view trimmed = trim(text);
  if (trimmed == "." || trimmed == "..") {
    return fail(Code::kInvalid,
                "ZCCACHE_DAEMON_NAMESPACE must not be '.' or '..'; choose a plain name");
  }
  std::string out(trimmed);
  for (char& c : out) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    if (!plain) {
      c = '_';
    }
  }
  if (out.size() > kNamespaceBytesMax) {
    out.resize(kNamespaceBytesMax);
    // Half of the 16 digits: two names that begin alike stay two.
    str_append(out, '-', std::string_view(path_hash(trimmed)).substr(8));
  }
  return out;
}

std::string Locations::lifecycle_log() const {
  return daemon_namespace.empty() ? logs() + "/daemon-lifecycle.log"
                                  : str_cat(logs(), "/daemon-lifecycle-", daemon_namespace, ".log");
}

Result<> make_directories(const Locations& at, std::uint32_t uid) {
  for (const std::string& directory : {at.state, at.logs(), at.runtime_binaries()}) {
    TRY(os::make_private_directory(directory, uid));
  }
  TRY(os::open_safe_directory(std::string(dir_name(at.endpoint)), uid, os::Missing::kMake));
  return {};
}

Result<> check_directories(const Locations& at, std::uint32_t uid) {
  for (const std::string& directory :
       {at.state, at.logs(), at.runtime_binaries(), std::string(dir_name(at.endpoint))}) {
    const Result<os::Fd> safe = os::open_safe_directory(directory, uid, os::Missing::kFail);
    if (!safe && safe.error().code != Code::kNotFound) {
      return std::unexpected(safe.error());
    }
  }
  return {};
}

Result<Locations> locate(const Environment& env, std::string_view version, std::string_view cwd,
                         std::uint32_t uid) {
  Locations out;
  TRY_ASSIGN(out.daemon_namespace, sanitise_namespace(value_of(env, "ZCCACHE_DAEMON_NAMESPACE")));
  out.top_root = top_root(env, cwd, uid);
  out.root = str_cat(out.top_root, "/v", version);
  if (const std::string_view given = value_of(env, "ZCCACHE_DAEMON_STATE_DIR"); !given.empty()) {
    out.state_root = join_path(cwd, given);
  }
  out.state = out.state_root.empty() ? out.root : str_cat(out.state_root, "/v", version);
  if (!out.daemon_namespace.empty()) {
    str_append(out.state, "/daemon-state/", out.daemon_namespace);
  }
  TRY_ASSIGN(out.endpoint, endpoint(env, out.state, version, cwd, uid));
  out.lock = out.endpoint + ".lock";
  return out;
}

}  // namespace zc::lifecycle
