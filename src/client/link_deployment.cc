#include "client/link_deployment.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"
#include "os/child.h"
#include "os/file.h"
#include "os/program_start.h"

namespace zc::client {

namespace {

// How the names of drivers and of linkers end, those of wrappers around them included: mpicc,
// ld.lld.
constexpr std::array<std::string_view, 8> kEndings = {"++",  "bfd",  "cc",  "clang",
                                                      "cxx", "gold", "lld", "mold"};

// As shells have it: the code of a command that a signal ended.
constexpr int kSignalled = 128;

bool links_by_its_name(std::string_view tool) {
  std::string_view name = base_name(tool);
  name = name.substr(0, name.find_last_not_of("0123456789.-") + 1);
  return name == "ld" || name.ends_with("-ld") ||
         std::ranges::any_of(kEndings, [&](std::string_view end) { return name.ends_with(end); });
}

std::string_view output_of(std::span<char* const> args) {
  constexpr std::string_view kLong = "--output=";
  std::string_view out = "a.out";
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view word = args[i];
    if ((word == "-o" || word == "--output") && i + 1 < args.size()) {
      out = args[++i];
    } else if (word.starts_with(kLong)) {
      out = word.substr(kLong.size());
    } else if (word.starts_with("-o") && word.size() > 2) {
      out = word.substr(2);
    }
  }
  return out;
}

// By the type in its header (elf(5)): what a compile leaves, or `ld -r`, is none.
bool is_program(const std::string& path) {
  constexpr std::size_t kTypeAt = 16;
  constexpr char kExecutable = 2;
  constexpr char kShared = 3;
  const Result<os::Fd> file = os::open_file(path, os::Open::kRead);
  std::array<char, kTypeAt + 2> head = {};
  const auto size = file ? os::read_at(file->get(), head.data(), head.size(), 0)
                         : Result<std::size_t>(std::unexpected(file.error()));
  if (!size || *size < head.size()) {
    return false;
  }
  const std::string_view bytes(head.data(), head.size());
  const char type = std::max(bytes[kTypeAt], bytes[kTypeAt + 1]);  // in either order of bytes
  return bytes.starts_with("MZ") || (bytes.starts_with("\x7f"
                                                       "ELF") &&
                                     (type == kExecutable || type == kShared));
}

}  // namespace

LinkDeployment::LinkDeployment(std::vector<std::string> words, std::string program)
    : words_(std::move(words)), program_(std::move(program)) {
  (void)os::stamp_at(os::kHere, program_.c_str(), os::LastLink::kFollow, before_);
}

std::optional<LinkDeployment> LinkDeployment::find(std::string_view command, std::string_view tool,
                                                   std::span<char* const> args) {
  std::vector<std::string> words = split_words(command, " \t");
  if (words.empty() || !links_by_its_name(tool)) {
    return std::nullopt;
  }
  return LinkDeployment(std::move(words), std::string(output_of(args)));
}

bool LinkDeployment::is_due() const {
  os::FileStamp now;
  return os::stamp_at(os::kHere, program_.c_str(), os::LastLink::kFollow, now) == 0 &&
         now.is_regular() && !now.same_content_as(before_) && is_program(program_);
}

int LinkDeployment::run() const {
  std::vector<std::string> words = words_;
  words.push_back(program_);
  const Result<os::ChildStatus> ended = os::run_on_path(os::exec_vector(words).data());
  const int code = !ended ? 1 : ended->signal != 0 ? kSignalled + ended->signal : ended->exit_code;
  if (code != 0) {
    (void)os::write_all(2, str_cat("zccache: ", kLinkDeployVariable, ": ", words_.front(),
                                   " exited with ", code, "\n"));
  }
  return code;
}

}  // namespace zc::client
