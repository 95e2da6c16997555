#include "history/spelled_out.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/path.h"
#include "compiler/detect.h"
#include "compiler/response_file.h"
#include "os/file.h"
#include "os/file_stamp.h"

namespace zc::history {

namespace {

constexpr std::size_t kBytesMax = std::size_t{256} << 10;

// The descriptors of another process are not ours; to read a pipe would take its content away.
std::optional<std::string> read_plain(const std::string& path) {
  const Result<os::FileStamp> stamp = os::stat_path(path);
  if (is_at_or_below(path, "/dev") || is_at_or_below(path, "/proc") || !stamp ||
      !stamp->is_regular()) {
    return std::nullopt;
  }
  const Result<std::string> text = os::read_path(path, kBytesMax);
  return text ? std::optional(*text) : std::nullopt;
}

}  // namespace

std::vector<std::string> spelled_out(const wire::CompileRequest& request) {
  const auto is_response_file = [](ByteView word) { return word.starts_with('@'); };
  const auto begin = request.args.begin() + (request.args.empty() ? 0 : 1);
  if (std::none_of(begin, request.args.end(), is_response_file)) {
    return {};
  }
  const auto detected = compiler::detect(request.tool);
  if (detected && compiler::is_of_rust(detected->tool)) {
    return {};
  }
  const std::vector<std::string> words(begin, request.args.end());
  auto out = compiler::expand_response_files(
      words, [&](std::string_view path) { return read_plain(join_path(request.cwd, path)); });
  const auto bytes = [](std::size_t sum, const std::string& word) { return sum + word.size(); };
  if (!out || std::accumulate(out->begin(), out->end(), std::size_t{0}, bytes) > kBytesMax) {
    return {};
  }
  return *std::move(out);
}

}  // namespace zc::history
