#include "compiler/rust_messages.h"

#include <algorithm>

#include "base/str.h"

namespace zc::compiler {

namespace {

constexpr std::string_view kHead = R"({"$message_type":"artifact","artifact":")";
constexpr std::string_view kMiddle = R"(","emit":")";
constexpr std::string_view kTail = "\"}\n";

// As rustc's JSON writer does it: DEL and everything beyond ASCII stands as it is.
void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  for (const char c : text) {
    const std::size_t at = kShort.find(c);
    if (at != std::string_view::npos) {
      str_append(out, '\\', kLetters[at]);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      str_append(out, "\\u00", to_hex(std::string_view(&c, 1)));
    } else {
      out += c;
    }
  }
}

// The output that `line` says was written, or null.
const RustOutput* output_of(std::string_view line, std::span<const RustOutput> outputs) {
  if (!line.starts_with(kHead)) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(outputs, [&](const RustOutput& output) {
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

std::vector<MessagePart> split_messages(std::string_view text,
                                        std::span<const RustOutput> outputs) {
  std::vector<MessagePart> parts;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    if (const RustOutput* output = output_of(line, outputs)) {
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
                                         std::span<const RustOutput> outputs) {
  std::string out;
  for (const MessagePart& part : parts) {
    if (!part.is_artifact) {
      out += part.text;
      continue;
    }
    const auto found = std::ranges::find_if(outputs, [&](const RustOutput& output) {
      return output.role == part.role && output.emit == part.emit;
    });
    if (found == outputs.end()) {
      return std::nullopt;
    }
    out += artifact_line(found->path, found->emit);
  }
  return out;
}

}  // namespace zc::compiler
