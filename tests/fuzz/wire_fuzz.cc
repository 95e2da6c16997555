// A frame as it comes from the socket: header, then the payload of any message.
#include <cstddef>
#include <cstdint>

#include "fuzz/require.h"
#include "wire/frame.h"
#include "wire/message.h"

namespace {

using namespace zc;

// What has been decoded is encoded again, and must decode to as much.
void round_trip(const wire::CompileRequest& request) {
  const auto frame = wire::encode(request);
  if (!frame) {
    return;
  }
  const auto again = wire::decode_compile(ByteView(*frame).substr(wire::kHeaderBytes));
  fuzz::require(again && again->args == request.args && again->env == request.env &&
                    again->tool == request.tool && again->start_ns == request.start_ns,
                "a compile request survives the wire");
}

void round_trip(const wire::Hit& hit) {
  const auto frame = wire::encode(hit, "1");
  if (!frame) {
    return;
  }
  const auto again = wire::decode_hit(ByteView(*frame).substr(wire::kHeaderBytes));
  fuzz::require(again && again->files.size() == hit.files.size() && again->err == hit.err,
                "a hit survives the wire");
}

void round_trip(const wire::Delivered& delivered) {
  const auto frame = wire::encode(delivered);
  if (!frame) {
    return;
  }
  const auto again = wire::decode_delivered(ByteView(*frame).substr(wire::kHeaderBytes));
  fuzz::require(again && again->files == delivered.files, "stamps survive the wire");
}

void round_trip(const wire::SessionStart& start) {
  const auto frame = wire::encode(start);
  if (!frame) {
    return;
  }
  const auto again = wire::decode_session_start(ByteView(*frame).substr(wire::kHeaderBytes));
  fuzz::require(again && again->cwd == start.cwd && again->owners == start.owners,
                "the begin of a session survives the wire");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(reinterpret_cast<const char*>(data), size);
  if (size < wire::kHeaderBytes || !wire::decode_header(bytes.substr(0, wire::kHeaderBytes))) {
    return 0;
  }
  const ByteView payload = bytes.substr(wire::kHeaderBytes);
  if (const auto request = wire::decode_compile(payload)) {
    round_trip(*request);
  }
  if (const auto hit = wire::decode_hit(payload)) {
    round_trip(*hit);
  }
  if (const auto delivered = wire::decode_delivered(payload)) {
    round_trip(*delivered);
  }
  if (const auto start = wire::decode_session_start(payload)) {
    round_trip(*start);
  }
  (void)wire::decode_run_order(payload);
  (void)wire::decode_bypass(payload);
  (void)wire::decode_run_report(payload);
  (void)wire::decode_plain(payload);
  return 0;
}
