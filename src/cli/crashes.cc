#include "cli/crashes.h"

#include <algorithm>

#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/name.h"
#include "os/safe_directory.h"
#include "os/self.h"

namespace zc::cli {

namespace {

// A dump has a few kilobytes: a head, and a line for each of 64 frames.
constexpr std::uint64_t kDumpBytesMax = 64U << 10;

void print_dump(const std::string& path) {
  const Result<os::Fd> fd = os::open_file(path, os::Open::kInspect);
  const Result<std::string> text =
      fd ? os::read_fd(fd->get(), kDumpBytesMax) : std::unexpected(fd.error());
  print_out(str_cat(path, '\n', text ? *text : text.error().message, '\n'));
}

}  // namespace

std::vector<std::string> crash_dumps(const lifecycle::Locations& locations) {
  std::vector<std::string> names = os::names_in(locations.crashes());
  std::erase_if(names, [](const std::string& name) {
    return !name.starts_with("crash-") || !name.ends_with(".txt");
  });
  // The names contain the time in seconds, which has had ten digits since 2001.
  std::ranges::sort(names);
  return names;
}

int crashes(const lifecycle::Caller& caller, Args args) {
  const bool clear = !args.empty() && std::string_view(args[0]) == "--clear";
  if (args.size() > (clear ? 1U : 0U)) {
    return bad_argument("crashes", args[clear ? 1 : 0]);
  }
  const std::string path = caller.locations.crashes();
  const Result<os::Fd> directory = os::open_safe_directory(path, os::user_id(), os::Missing::kFail);
  if (!directory && directory.error().code != Code::kNotFound) {
    print_note(str_cat("failed to list crashes: ", directory.error().message));
    return kFailed;
  }
  const std::vector<std::string> names =
      directory ? crash_dumps(caller.locations) : std::vector<std::string>();
  std::size_t removed = 0;
  for (const std::string& name : names) {
    if (!clear) {
      print_dump(str_cat(path, '/', name));
    } else if (os::remove_name(str_cat(path, '/', name)) == 0) {
      ++removed;
    }
  }
  print_note(clear           ? str_cat("crash dumps removed: ", removed)
             : names.empty() ? std::string("no crashes")
                             : str_cat("crash dumps: ", names.size()));
  return removed == (clear ? names.size() : 0) ? kDone : kFailed;
}

}  // namespace zc::cli
