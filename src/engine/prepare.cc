// Engine::prepare: from the words of a request to its manifest key, or to the reason why the
// compile is left alone.

#include <algorithm>
#include <cerrno>
#include <span>

#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "compiler/parse.h"
#include "engine/engine.h"
#include "engine/key.h"
#include "wire/environment.h"

namespace zc::engine {

namespace {

using compiler::Bypass;
using compiler::Reason;

constexpr std::uint64_t kResponseFileBytesMax = std::uint64_t{16} << 20;

std::optional<Bypass> check_environment(const RequestEnvironment& env) {
  for (const auto& [name, value] : env.all()) {
    const wire::EnvironmentVariable* variable = wire::find_variable(name);
    if (variable != nullptr && variable->use == wire::EnvironmentUse::kBypass) {
      return Bypass{Reason::kUnsupportedEnvironmentVariable, std::string(name)};
    }
  }
  return std::nullopt;
}

// The client's world must be ours: the same root, and its cwd where we see it.
std::optional<Bypass> check_world(const os::FileSystem& fs, const wire::CompileRequest& request,
                                  os::OpenDirectory& directory) {
  os::FileStamp root;
  os::FileStamp cwd;
  const auto same = [](const os::FileStamp& stamp, const wire::FileId& id) {
    return stamp.dev == id.dev && stamp.ino == id.ino;
  };
  const bool seen =
      fs.stat(os::FileSystem::kNoDirectory, "/", root) == 0 && same(root, request.root_id) &&
      directory.open(os::FileSystem::kNoDirectory, std::string(request.cwd).c_str()) == 0 &&
      fs.stat_handle(directory.handle(), cwd) == 0 && same(cwd, request.cwd_id);
  if (!seen) {
    return Bypass{Reason::kDifferentWorld, std::string(request.cwd)};
  }
  return std::nullopt;
}

// Outputs that exist must be plain files other than the source: a device is written in place, a
// symlink is followed by one compiler and replaced by another.
std::optional<Bypass> check_outputs(const os::FileSystem& fs, const Prepared& prepared,
                                    const os::FileStamp& source) {
  const auto is_bad = [&](const std::string& path) {
    os::FileStamp stamp;
    return fs.stat_link(prepared.directory.handle(), path.c_str(), stamp) == 0 &&
           (!stamp.is_regular() || stamp.same_file_as(source));
  };
  for (const compiler::OutputFile& output : prepared.invocation.outputs) {
    if (is_bad(output.path)) {
      return Bypass{Reason::kBadOutputFile, output.path};
    }
  }
  if (prepared.invocation.dep.style != compiler::DepStyle::kNone &&
      is_bad(prepared.invocation.dep.path)) {
    return Bypass{Reason::kBadOutputFile, prepared.invocation.dep.path};
  }
  return std::nullopt;
}

Bypass unreadable(const Error& error) {
  return Bypass{error.code == Code::kNotFound ? Reason::kNoInputFile : Reason::kUnreadableInput,
                error.message};
}

std::vector<std::string> locating_args(const compiler::Invocation& invocation) {
  std::vector<std::string> out;
  for (const std::string& arg : invocation.search_args) {
    if (arg.starts_with("-B")) {
      out.push_back(arg);
    }
  }
  return out;
}

}  // namespace

std::variant<std::unique_ptr<Prepared>, Bypass> Engine::prepare(
    const wire::CompileRequest& request, const std::function<void()>& on_progress) {
  auto prepared = std::make_unique<Prepared>(*fs_);
  prepared->tool = request.tool;
  prepared->cwd = request.cwd;
  prepared->env = RequestEnvironment(request.env);
  prepared->start_ns = static_cast<std::int64_t>(request.start_ns);

  const std::string_view driver = base_name(request.tool);
  const std::optional<compiler::Detection> detection = compiler::detect(driver);
  if (!detection || detection->tool != compiler::Tool::kCc) {
    return Bypass{Reason::kUnsupportedCompiler, std::string(driver)};
  }
  if (auto bypass = check_environment(prepared->env)) {
    return *std::move(bypass);
  }
  if (auto bypass = check_world(*fs_, request, prepared->directory)) {
    return *std::move(bypass);
  }
  if (auto bypass = parse_arguments(request, detection->is_cxx_driver, on_progress, *prepared)) {
    return *std::move(bypass);
  }
  if (auto bypass = make_key(driver, *prepared)) {
    return *std::move(bypass);
  }
  return prepared;
}

// The family decides how arguments are read, so the driver itself is identified first; with -B
// among the arguments, the parts it names come second.
std::optional<Bypass> Engine::parse_arguments(const wire::CompileRequest& request,
                                              bool is_cxx_driver,
                                              const std::function<void()>& on_progress,
                                              Prepared& prepared) {
  const auto identify = [&](const std::vector<std::string>& locating) -> std::optional<Bypass> {
    auto toolchain =
        toolchains_.identify(prepared.tool, locating, prepared.env, prepared.cwd, on_progress);
    if (!toolchain) {
      return Bypass{Reason::kCompilerCheckFailed, toolchain.error().message};
    }
    prepared.toolchain = *std::move(toolchain);
    return std::nullopt;
  };
  if (auto bypass = identify({})) {
    return bypass;
  }
  const std::vector<std::string> args(request.args.begin() + 1, request.args.end());
  const auto read_response = [&](std::string_view path) -> std::optional<std::string> {
    Result<os::StableFile> file =
        fs_->read(prepared.directory.handle(), std::string(path).c_str(), kResponseFileBytesMax);
    return file ? std::optional(std::move(file->bytes)) : std::nullopt;
  };
  auto parsed =
      compiler::parse(prepared.toolchain->family, is_cxx_driver, args, prepared.cwd, read_response);
  if (Bypass* bypass = std::get_if<Bypass>(&parsed)) {
    return std::move(*bypass);
  }
  prepared.invocation = std::get<compiler::Invocation>(std::move(parsed));
  const std::vector<std::string> locating = locating_args(prepared.invocation);
  return locating.empty() ? std::nullopt : identify(locating);
}

std::optional<Bypass> Engine::make_key(std::string_view driver, Prepared& prepared) {
  const auto look = [&](const std::string& path) {
    return files_->look(prepared.directory.handle(), path.c_str());
  };
  const Result<files::KnownFile> source = look(prepared.invocation.source);
  if (!source) {
    return unreadable(source.error());
  }
  prepared.source = source->digest;
  if (auto bypass = check_outputs(*fs_, prepared, source->stamp)) {
    return bypass;
  }
  KeyParts parts{.invocation = &prepared.invocation,
                 .toolchain = prepared.toolchain.get(),
                 .env = &prepared.env,
                 .driver_name = driver,
                 .cwd = prepared.cwd,
                 .host_cpu = host_cpu_,
                 .source = source->digest,
                 .files = {}};
  for (const std::string& path : prepared.invocation.key_files) {
    const Result<files::KnownFile> file = look(path);
    if (!file) {
      return unreadable(file.error());
    }
    parts.files.push_back({.path = path, .digest = file->digest});
  }
  prepared.manifest_key = manifest_key(parts);
  return std::nullopt;
}

}  // namespace zc::engine
