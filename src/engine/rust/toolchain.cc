#include "engine/rust/toolchain.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine::rust {

namespace {

// rustup lies beside the names that it goes by.
bool is_rustup(const os::FileSystem& fs, const std::string& program) {
  os::FileStamp one;
  os::FileStamp other;
  const std::string rustup = str_cat(dir_name(program), "/rustup");
  return fs.stat(os::FileSystem::kNoDirectory, program.c_str(), one) == 0 &&
         fs.stat(os::FileSystem::kNoDirectory, rustup.c_str(), other) == 0 &&
         one.same_file_as(other);
}

class Probe final : public ToolchainProbe {
 public:
  Probe(const os::FileSystem& fs, files::FileCache& files, os::CommandRunner& runner,
        const ToolchainRequest& request, const RustTool& tool)
      : ToolchainProbe(fs, files, runner, request, "zccache-rust-toolchain-1"), tool_(tool) {}

  Result<std::shared_ptr<const Toolchain>> run();

 private:
  Result<> add_choices_of_rustup();
  Result<> add_choice(const std::string& path);
  std::string real_program(const std::string& program) const;
  Result<> add_libraries(const std::string& target);

  const RustTool& tool_;
  std::string sysroot_;  // the directory of the toolchain; `run` fills it first
};

// A file by which rustup chooses counts by its stamp, and by its absence: what it leads to is in
// the identity already.
Result<> Probe::add_choice(const std::string& path) {
  os::FileStamp stamp;
  if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0) {
    add_absence(path);
    return {};
  }
  return add_stamp(path);
}

Result<> Probe::add_choices_of_rustup() {
  const std::string_view home = request_.env.get("RUSTUP_HOME");
  TRY(add_choice(home.empty() ? str_cat(request_.env.get("HOME"), "/.rustup/settings.toml")
                              : str_cat(home, "/settings.toml")));
  for (std::string_view directory = request_.cwd;; directory = dir_name(directory)) {
    TRY(add_choice(join_path(directory, "rust-toolchain")));
    TRY(add_choice(join_path(directory, "rust-toolchain.toml")));
    if (directory == "/" || directory == ".") {
      return {};
    }
  }
}

// The program of this name in the toolchain that is used.
std::string Probe::real_program(const std::string& program) const {
  return is_rustup(fs_, program) ? str_cat(sysroot_, "/bin/", base_name(program)) : program;
}

// What rustc finds by itself for a target: all that lies in its directory. The stamp of the
// directory stands for the names in it. A target that is not installed is an absence: the compile
// fails until it is there.
Result<> Probe::add_libraries(const std::string& target) {
  const std::string directory = str_cat(sysroot_, "/lib/rustlib/", target, "/lib");
  if (has(directory)) {
    return {};
  }
  os::FileStamp stamp;
  if (fs_.stat(os::FileSystem::kNoDirectory, directory.c_str(), stamp) != 0) {
    add_absence(directory);
    return {};
  }
  TRY(add_stamp(directory));
  TRY_ASSIGN(std::vector<std::string> names,
             fs_.list(os::FileSystem::kNoDirectory, directory.c_str()));
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const std::string path = str_cat(directory, '/', name);
    if (is_file(path)) {
      TRY(add_file(path));
    }
  }
  return {};
}

// "host: x86_64-unknown-linux-gnu", a line of `rustc -vV`.
std::string host_of(std::string_view version) {
  constexpr std::string_view kHost = "host: ";
  for (const std::string_view line : split(version, '\n')) {
    if (line.starts_with(kHost)) {
      return std::string(line.substr(kHost.size()));
    }
  }
  return {};
}

Result<std::shared_ptr<const Toolchain>> Probe::run() {
  const auto ask_rustc = [&](std::initializer_list<const char*> args) {
    std::vector<std::string> words;
    if (!tool_.chosen.empty()) {
      words.push_back(tool_.chosen);
    }
    words.insert(words.end(), args.begin(), args.end());
    return query(tool_.compiler, words);
  };
  // Before rustc runs, so that a change that comes in between is seen later.
  if (is_rustup(fs_, tool_.path) || is_rustup(fs_, tool_.compiler)) {
    TRY(add_choices_of_rustup());
  }
  TRY_ASSIGN(const std::string sysroot, ask_rustc({"--print", "sysroot"}));
  TRY_ASSIGN(toolchain_.version, ask_rustc({"-vV"}));
  sysroot_ = trim(sysroot);
  const std::string host = host_of(toolchain_.version);
  if (!is_absolute(sysroot_) || host.empty()) {
    return fail(Code::kInvalid, str_cat(tool_.compiler, " does not say that it is rustc"));
  }
  key_.field("version", toolchain_.version);
  // Of a program that is rustup's, both count: the one that runs, and rustup, which chose it.
  for (const std::string& program : {tool_.path, tool_.compiler}) {
    const std::string real = real_program(program);
    TRY(refuse_script(real));
    TRY(add_program(real));
    if (real != program) {
      TRY(add_file(program));
    }
  }
  TRY(add_libraries(host));
  if (!tool_.target.empty()) {
    TRY(add_libraries(tool_.target));
  }
  return finish();
}

}  // namespace

Result<std::shared_ptr<const Toolchain>> Toolchains::identify(const ToolchainRequest& request,
                                                              const RustTool& tool) {
  // What rustup decides by, and what the loader does: the same program with another of these may be
  // another compiler.
  std::string memo = str_cat(tool.path, '\0', tool.compiler, '\0', tool.chosen, '\0', tool.target);
  if (is_rustup(fs_, tool.compiler)) {
    str_append(memo, '\0', request.cwd);
  }
  for (const char* name :
       {"RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "HOME", "LD_LIBRARY_PATH", "LD_PRELOAD"}) {
    str_append(memo, '\0', request.env.get(name));
  }
  return cache_.find(memo, [&] { return Probe(fs_, files_, runner_, request, tool).run(); });
}

}  // namespace zc::engine::rust
