#include "lifecycle/version.h"

#include <optional>

#include "base/version_order.h"
#include "lifecycle/connect.h"
#include "wire/message.h"

namespace zc::lifecycle {

Result<std::string> daemon_version(wire::Connection& connection, std::string_view own_version,
                                   int reply_ms) {
  TRY_ASSIGN(const std::string request, wire::encode_plain(wire::Type::kStatus, own_version));
  TRY(connection.send(request, {}, reply_ms));
  TRY_ASSIGN(const wire::Frame reply, connection.receive(reply_ms));
  const std::optional<wire::Plain> plain = wire::decode_plain(reply.payload);
  if (reply.type != wire::Type::kStatusReply || !plain) {
    return fail(Code::kCorrupt, "the reply could not be decoded");
  }
  return std::string(plain->version);
}

VersionCheck check_daemon_version(const std::string& endpoint, std::string_view own_version,
                                  int reply_ms) {
  Result<wire::Connection> connection = connect_daemon(endpoint);
  if (!connection) {
    return {.state = DaemonState::kUnreachable};
  }
  Result<std::string> version = daemon_version(*connection, own_version, reply_ms);
  if (!version) {
    return {.state = DaemonState::kCommError, .timed_out = version.error().code == Code::kTimeout};
  }
  switch (compare_versions(*version, own_version)) {
    case VersionOrder::kSame:
      return {.state = DaemonState::kOk};
    case VersionOrder::kDaemonNewer:
      return {.state = DaemonState::kNewer};
    case VersionOrder::kDaemonOlder:
      break;
  }
  return {.state = DaemonState::kOlder, .daemon_version = *std::move(version)};
}

}  // namespace zc::lifecycle
