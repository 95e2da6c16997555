#include "compiler/rust/messages.h"

#include <algorithm>

#include "base/result.h"
#include "base/str.h"

namespace zc::compiler::rust {

namespace {

constexpr std::string_view kHead = R"({"$message_type":"artifact","artifact":")";
constexpr std::string_view kMiddle = R"(","emit":")";
constexpr std::string_view kTail = "\"}\n";

// As rustc's JSON writer does it: DEL and everything beyond ASCII stands as it is.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (append_escape(out, c, "\"\\\b\f\n\r\t", "\"\\bfnrt")) {
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      str_append(out, "\\u00", to_hex(std::string_view(&c, 1)));
    } else {
      out += c;
    }
  }
}

// The output that `line` says was written, or null.
const Output* output_of(std::string_view line, std::span<const Output> outputs) {
  if (!line.starts_with(kHead)) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(outputs, [&](const Output& output) {
    return line == artifact_line(output.path, output.emit);
  });
  return found == outputs.end() ? nullptr : &*found;
}

}  // namespace

std::string artifact_line(std::string_view path, std::string_view emit) {
  std::string out(kHead);
  append_escaped(out, path);
  out += kMiddle;
  append_escaped(out, emit);
  out += kTail;
  return out;
}

std::vector<MessagePart> split_messages(std::string_view text, std::span<const Output> outputs) {
  std::vector<MessagePart> parts;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    if (const Output* output = output_of(line, outputs)) {
      parts.push_back(
          {.is_artifact = true, .role = output->role, .emit = output->emit, .text = {}});
    } else if (!parts.empty() && !parts.back().is_artifact) {
      std::string_view& before = parts.back().text;
      before = std::string_view(before.data(), before.size() + line.size());
    } else {
      parts.push_back({.is_artifact = false, .emit = {}, .text = line});
    }
  }
  return parts;
}

std::optional<std::string> join_messages(std::span<const MessagePart> parts,
                                         std::span<const Output> outputs) {
  std::string out;
  for (const MessagePart& part : parts) {
    if (!part.is_artifact) {
      out += part.text;
      continue;
    }
    const auto found = std::ranges::find_if(outputs, [&](const Output& output) {
      return output.role == part.role && output.emit == part.emit;
    });
    if (found == outputs.end()) {
      return std::nullopt;
    }
    out += artifact_line(found->path, found->emit);
  }
  return out;
}

std::string pack_messages(std::span<const MessagePart> parts) {
  std::string out;
  for (const MessagePart& part : parts) {
    if (part.is_artifact) {
      str_append(out, 'A', static_cast<unsigned>(part.role), ' ', part.emit, '\n');
    } else {
      str_append(out, 'T', part.text.size(), '\n', part.text);
    }
  }
  return out;
}

namespace {

// Up to `end`, which goes as well. Nothing when there is none.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(at + 1);
  return out;
}

// The same of a number, in its one spelling. "07" is none: what is unpacked must be what
// pack_messages made.
std::optional<std::uint64_t> take_number(std::string_view& text, char end) {
  const auto digits = take_until(text, end);
  const auto number = digits ? parse_u64(*digits) : std::nullopt;
  return number && str_cat(*number) == *digits ? number : std::nullopt;
}

std::optional<MessagePart> take_artifact(std::string_view& packed) {
  TRY_ASSIGN(const std::uint64_t role, take_number(packed, ' '));
  TRY_ASSIGN(const std::string_view emit, take_until(packed, '\n'));
  if (role > 0xFF) {
    return std::nullopt;
  }
  return MessagePart{
      .is_artifact = true, .role = static_cast<Role>(role), .emit = std::string(emit), .text = {}};
}

std::optional<MessagePart> take_text(std::string_view& packed) {
  TRY_ASSIGN(const std::uint64_t size, take_number(packed, '\n'));
  if (size > packed.size()) {
    return std::nullopt;
  }
  MessagePart part = {.is_artifact = false, .emit = {}, .text = packed.substr(0, size)};
  packed.remove_prefix(size);
  return part;
}

}  // namespace

std::optional<std::vector<MessagePart>> unpack_messages(std::string_view packed) {
  std::vector<MessagePart> parts;
  while (!packed.empty()) {
    const char kind = packed.front();
    packed.remove_prefix(1);
    TRY_ASSIGN(MessagePart part, kind == 'A'   ? take_artifact(packed)
                                 : kind == 'T' ? take_text(packed)
                                               : std::nullopt);
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace zc::compiler::rust
