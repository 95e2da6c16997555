#include "lifecycle/version.h"

#include <optional>

#include "base/version_order.h"
#include "lifecycle/connect.h"
#include "wire/message.h"

namespace zc::lifecycle {

VersionCheck check_daemon_version(const std::string& endpoint, std::string_view own_version,
                                  int reply_ms) {
  Result<wire::Connection> connection = connect_daemon(endpoint);
  if (!connection) {
    return {.state = DaemonState::kUnreachable};
  }
  const Result<std::string> request = wire::encode_plain(wire::Type::kStatus, own_version);
  const Result<> sent =
      request ? connection->send(*request, {}, reply_ms) : std::unexpected(request.error());
  if (!sent) {
    return {.state = DaemonState::kCommError, .timed_out = sent.error().code == Code::kTimeout};
  }
  const Result<wire::Frame> reply = connection->receive(reply_ms);
  if (!reply) {
    return {.state = DaemonState::kCommError, .timed_out = reply.error().code == Code::kTimeout};
  }
  const std::optional<wire::Plain> plain = wire::decode_plain(reply->payload);
  if (reply->type != wire::Type::kStatusReply || !plain) {
    return {.state = DaemonState::kCommError};
  }
  switch (compare_versions(plain->version, own_version)) {
    case VersionOrder::kSame:
      return {.state = DaemonState::kOk};
    case VersionOrder::kDaemonNewer:
      return {.state = DaemonState::kNewer};
    case VersionOrder::kDaemonOlder:
      break;
  }
  return {.state = DaemonState::kOlder, .daemon_version = std::string(plain->version)};
}

}  // namespace zc::lifecycle
