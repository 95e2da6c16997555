#include "client/stream_capture.h"

#include "os/file.h"

namespace zc::client {

namespace {

// In bytes. A larger stream is shown but not stored; both together fit in a frame with room to
// spare.
constexpr std::size_t kStreamBytesMax = std::size_t{1} << 20;

}  // namespace

void StreamCapture::on_stdout(std::string_view bytes) {
  keep(out_, bytes);
  if (is_shown_) {
    (void)os::write_all(1, bytes);
  }
}

void StreamCapture::on_stderr(std::string_view bytes) {
  keep(err_, bytes);
  if (is_shown_) {
    (void)os::write_all(2, bytes);
  }
}

void StreamCapture::keep(std::string& stream, std::string_view bytes) {
  if (stream.size() + bytes.size() > kStreamBytesMax) {
    show();
    too_large_ = true;
    return;
  }
  stream.append(bytes);
}

void StreamCapture::show() {
  if (!is_shown_) {
    is_shown_ = true;
    (void)os::write_all(1, out_);
    (void)os::write_all(2, err_);
  }
}

}  // namespace zc::client
