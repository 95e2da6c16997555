#include "engine/observed/output_text.h"

#include <algorithm>
#include <string>

#include "base/path.h"
#include "base/str.h"
#include "binary/compressed_sections.h"
#include "os/file.h"

namespace zc::engine {

namespace {

// Whether `text` is somewhere in the file. Errors: kIo.
Result<bool> file_contains(int fd, std::string_view text) {
  constexpr std::size_t kPartBytes = std::size_t{1} << 20;
  std::string part(kPartBytes + text.size(), '\0');
  std::size_t kept = 0;  // of the part before, since `text` may lie across
  for (std::uint64_t offset = 0;;) {
    TRY_ASSIGN(const std::size_t n, os::read_at(fd, part.data() + kept, kPartBytes, offset));
    const std::string_view bytes(part.data(), kept + n);
    if (n == 0 || bytes.contains(text)) {
      return n != 0;
    }
    kept = std::min(bytes.size(), text.size() - 1);
    part.replace(0, kept, bytes.substr(bytes.size() - kept));
    offset += n;
  }
}

}  // namespace

Result<bool> is_in_an_output(const RunOutputs& outputs, std::string_view text) {
  for (const RunOutputs::Output& output : outputs.outputs) {
    if (output.fd < 0) {
      continue;
    }
    Result<bool> found =
        output.bytes ? Result<bool>(output.bytes->contains(text)) : file_contains(output.fd, text);
    if (!found || *found) {
      return found;
    }
  }
  return false;
}

bool may_hide_text(const RunOutputs& outputs) {
  return std::ranges::any_of(outputs.outputs, [](const RunOutputs::Output& output) {
    return output.fd >= 0 && binary::has_compressed_sections(output.fd);
  });
}

// By the last name alone: a program may spell the directory in another way.
compiler::OrBypass<> check_messages(const RunOutputs& outputs, const Trace& trace) {
  for (const std::string_view path : trace.passing) {
    const std::string_view name = base_name(path);
    if (outputs.out.contains(name) || outputs.err.contains(name)) {
      return compiler::bypass(compiler::Reason::kUnrepeatableInput,
                              str_cat("a message names ", path));
    }
  }
  return {};
}

}  // namespace zc::engine
