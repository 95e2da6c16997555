#include "daemon/wrong_result.h"

#include <string_view>

#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/safe_directory.h"
#include "os/self.h"

namespace zc::daemon {

namespace {

constexpr std::size_t kReportsMax = 10;
constexpr std::uint32_t kOwnersOnly = 0600;

std::string text_of(const WrongResult& wrong) {
  std::string out = str_cat("tool: ", wrong.request.tool, "\ncwd: ", wrong.request.cwd, "\n");
  for (const ByteView arg : wrong.request.args) {
    str_append(out, "argument: ", arg, '\n');
  }
  for (const std::string& difference : wrong.differences) {
    str_append(out, "difference: ", difference, '\n');
  }
  return out;
}

// The number keeps apart files of one name in several directories.
std::string file_name(std::size_t number, std::string_view path) {
  return str_cat(number, '-', base_name(path));
}

Result<> keep_file(const std::string& path, int from) {
  TRY_ASSIGN(const os::FileStamp stamp, os::stat_fd(from));
  TRY_ASSIGN(const os::Fd to, os::open_file(path, os::Open::kRewrite));
  return os::copy_fd(from, to.get(), stamp.size_bytes);
}

Result<> keep_streams(const std::string& directory, ByteView out, ByteView err) {
  TRY(os::make_private_directory(directory, os::user_id()));
  TRY(os::replace_file(directory + "/stdout", out, kOwnersOnly));
  return os::replace_file(directory + "/stderr", err, kOwnersOnly);
}

Result<> keep_hit(const std::string& directory, const engine::HitReply& hit) {
  TRY(keep_streams(directory, hit.hit.out, hit.hit.err));
  std::size_t next_fd = 0;
  for (std::size_t i = 0; i < hit.hit.files.size(); ++i) {
    const wire::HitFile& file = hit.hit.files[i];
    const std::string path = join_path(directory, file_name(i, file.path));
    if (file.has_fd) {
      TRY(keep_file(path, hit.fds[next_fd++].get()));
    } else {
      TRY(os::replace_file(path, file.bytes, kOwnersOnly));
    }
  }
  return {};
}

Result<> keep_run(const std::string& directory, const WrongResult& wrong) {
  TRY(keep_streams(directory, wrong.report.out, wrong.report.err));
  std::size_t next_fd = 0;
  for (std::size_t i = 0; i < wrong.report.present.size(); ++i) {
    if (wrong.report.present[i]) {
      TRY(keep_file(join_path(directory, file_name(i, wrong.order.outputs[i])),
                    wrong.fds[next_fd++].get()));
    }
  }
  return {};
}

}  // namespace

Result<std::string> keep_report(const std::string& directory, const WrongResult& wrong) {
  TRY(os::make_private_directory(directory, os::user_id()));
  if (os::names_in(directory).size() >= kReportsMax) {
    return fail(Code::kInvalid, str_cat(directory, " holds ", kReportsMax, " reports already"));
  }
  const std::string key = wrong.hit.result.hex();
  std::string report = str_cat(directory, '/', os::wall_ns() / os::kSecondNs, '-',
                               std::string_view(key).substr(0, 16));
  TRY(os::make_private_directory(report, os::user_id()));
  TRY(os::replace_file(report + "/report.txt", text_of(wrong), kOwnersOnly));
  TRY(keep_hit(report + "/cached", wrong.hit));
  TRY(keep_run(report + "/compiled", wrong));
  return report;
}

}  // namespace zc::daemon
