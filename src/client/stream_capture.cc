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
    write(1, bytes);
  }
}

void StreamCapture::on_stderr(std::string_view bytes) {
  keep(err_, bytes);
  if (is_shown_) {
    write(2, bytes);
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
    write(1, out_);
    write(2, err_);
  }
}

void StreamCapture::write(int fd, std::string_view bytes) {
  has_lost_ |= !os::write_all(fd, bytes);
}

}  // namespace zc::client
