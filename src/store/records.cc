#include "store/records.h"

#include <cstring>

#include "base/limits.h"
#include "schema/store_generated.h"

namespace zc::store {

namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Bytes = flatbuffers::Vector<std::uint8_t>;

// --- encoding ---

schema::Hash256 hash_of(const Digest& digest) {
  return schema::Hash256(
      flatbuffers::span<const std::uint8_t, sizeof(Digest::bytes)>(digest.bytes));
}

flatbuffers::Offset<Bytes> bytes_of(Builder& builder, std::string_view bytes) {
  return builder.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

template <class Table>
std::string finish(Builder& builder, flatbuffers::Offset<Table> root) {
  builder.Finish(root);
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

flatbuffers::Offset<schema::InputSet> add_set(Builder& builder, const InputSet& set) {
  const auto deps = bytes_of(builder, encode_ids(set.deps));
  const auto others = bytes_of(builder, encode_ids(set.others));
  const schema::Hash256 result = hash_of(set.result);
  return schema::CreateInputSet(builder, deps, others, &result);
}

// --- decoding ---

std::string_view view_of(const Bytes* bytes) {
  return {reinterpret_cast<const char*>(bytes->Data()), bytes->size()};
}

Digest digest_of_hash(const schema::Hash256& hash) {
  Digest out;
  std::memcpy(out.bytes.data(), hash.bytes()->Data(), out.bytes.size());
  return out;
}

// A verified root of `bytes`; null when they are not one.
template <class Table>
const Table* root_of(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size());
  return verifier.VerifyBuffer<Table>(nullptr) ? flatbuffers::GetRoot<Table>(data) : nullptr;
}

std::optional<InputSet> read_set(const schema::InputSet& from) {
  InputSet out;
  TRY_ASSIGN(out.deps, decode_ids(view_of(from.deps())));
  TRY_ASSIGN(out.others, decode_ids(view_of(from.others())));
  out.result = digest_of_hash(*from.result());
  return out;
}

// FlatBuffers reads in place and wants 8-byte alignment; a page of the index promises 2.
class Aligned {
 public:
  explicit Aligned(std::string_view bytes) : view_(bytes) {
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) {
      copy_.assign((bytes.size() + 7) / 8, 0);
      std::memcpy(copy_.data(), bytes.data(), bytes.size());
      view_ = {reinterpret_cast<const char*>(copy_.data()), bytes.size()};
    }
  }
  std::string_view view() const { return view_; }

 private:
  std::vector<std::uint64_t> copy_;
  std::string_view view_;
};

}  // namespace

std::string encode_ids(const std::vector<InputId>& ids) {
  std::string out;
  out.reserve(ids.size() * 2);
  std::int64_t previous = 0;
  for (const InputId id : ids) {
    const std::int64_t step = std::int64_t{id} - previous;
    previous = id;
    // Zigzag: 0, -1, 1, -2 become 0, 1, 2, 3, so that a small step in either direction is one byte.
    std::uint64_t rest =
        (static_cast<std::uint64_t>(step) << 1U) ^ static_cast<std::uint64_t>(step >> 63U);
    while (rest >= 0x80) {
      out.push_back(static_cast<char>(rest | 0x80U));
      rest >>= 7U;
    }
    out.push_back(static_cast<char>(rest));
  }
  return out;
}

std::optional<std::vector<InputId>> decode_ids(std::string_view bytes) {
  constexpr unsigned kShiftMax = 28;  // 33 bits in five groups of seven
  std::vector<InputId> out;
  out.reserve(bytes.size());
  std::int64_t previous = 0;
  std::uint64_t number = 0;
  unsigned shift = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) != 0) {
      shift += 7;
      if (shift > kShiftMax) {
        return std::nullopt;
      }
      continue;
    }
    const auto step = static_cast<std::int64_t>((number >> 1U) ^ (~(number & 1U) + 1));
    previous += step;
    if (previous < 0 || previous > std::int64_t{UINT32_MAX}) {
      return std::nullopt;
    }
    out.push_back(static_cast<InputId>(previous));
    number = 0;
    shift = 0;
  }
  return shift == 0 ? std::optional(std::move(out)) : std::nullopt;
}

std::string encode(const Input& input) {
  Builder builder;
  const auto root =
      input.root.empty() ? flatbuffers::Offset<Bytes>() : bytes_of(builder, input.root);
  const auto name = bytes_of(builder, input.name);
  const schema::Hash256 hash = hash_of(input.digest.value_or(Digest{}));
  return finish(builder, schema::CreateInput(builder, static_cast<std::uint8_t>(input.kind), root,
                                             name, input.digest ? &hash : nullptr));
}

std::string encode(const StoredResult& result) {
  Builder builder;
  std::vector<flatbuffers::Offset<schema::Output>> outputs;
  for (const Output& output : result.record.outputs) {
    const schema::Hash256 blob = hash_of(output.blob);
    const auto name =
        output.name.empty() ? flatbuffers::Offset<Bytes>() : bytes_of(builder, output.name);
    outputs.push_back(
        schema::CreateOutput(builder, output.role, &blob, output.size_bytes, output.executable,
                             name, static_cast<std::uint8_t>(output.kind),
                             static_cast<std::uint16_t>(output.mode), output.is_rewritten));
  }
  const auto list = builder.CreateVector(outputs);
  return finish(builder, schema::CreateStoredResult(builder, list, result.record.compile_ns,
                                                    result.stored_ns, result.record.exit_code));
}

std::string encode(const Manifest& manifest) {
  Builder builder;
  std::vector<flatbuffers::Offset<schema::InputSet>> sets;
  for (const InputSet& set : manifest.sets) {
    const auto added = add_set(builder, set);
    if (!sets.empty() && builder.GetSize() > kManifestBytesMax) {
      break;  // What was added last stays behind, unreferenced; one set alone is always kept.
    }
    sets.push_back(added);
  }
  const auto list = builder.CreateVector(sets);
  return finish(builder, schema::CreateManifest(builder, list));
}

std::optional<Input> decode_input(std::string_view bytes) {
  const Aligned aligned(bytes);
  const auto* root = root_of<schema::Input>(aligned.view());
  if (root == nullptr || root->kind() > static_cast<std::uint8_t>(kLastInputKind)) {
    return std::nullopt;
  }
  Input out = {.kind = static_cast<InputKind>(root->kind()),
               .root = root->root() == nullptr ? std::string() : std::string(view_of(root->root())),
               .name = std::string(view_of(root->name())),
               .digest = {}};
  if (root->digest() != nullptr) {
    out.digest = digest_of_hash(*root->digest());
  }
  // A file always has a content, an absence never.
  const bool fits = out.kind == InputKind::kFile || out.kind == InputKind::kPlainFile
                        ? out.digest.has_value()
                    : out.kind == InputKind::kAbsence ? !out.digest.has_value()
                                                      : true;
  return fits ? std::optional(std::move(out)) : std::nullopt;
}

std::string encode(const KnownCommand& command) {
  Builder builder;
  const auto optional_bytes = [&](const std::string& bytes) {
    return bytes.empty() ? flatbuffers::Offset<Bytes>() : bytes_of(builder, bytes);
  };
  const auto vector_of = [&](const std::vector<KnownCommand::Part>& parts) {
    std::vector<flatbuffers::Offset<schema::CommandPart>> out;
    for (const KnownCommand::Part& part : parts) {
      const auto name = optional_bytes(part.name);
      const auto value = optional_bytes(part.value);
      out.push_back(schema::CreateCommandPart(builder, part.kind, name, value));
    }
    return builder.CreateVector(out);
  };
  const auto parts = vector_of(command.parts);
  const auto environment = vector_of(command.environment);
  const schema::Hash256 manifest = hash_of(command.manifest);
  const schema::Hash256 result = hash_of(command.result.value_or(Digest{}));
  const auto reason = optional_bytes(command.reason);
  const auto place = bytes_of(builder, command.place);
  return finish(builder, schema::CreateKnownCommand(builder, parts, &manifest,
                                                    command.result ? &result : nullptr, reason,
                                                    place, command.seen_ns, environment));
}

std::optional<StoredResult> decode_result(std::string_view bytes) {
  const Aligned aligned(bytes);
  const auto* root = root_of<schema::StoredResult>(aligned.view());
  if (root == nullptr || root->outputs()->size() > kOutputsMax) {
    return std::nullopt;
  }
  StoredResult out;
  for (const schema::Output* output : *root->outputs()) {
    if (output->kind() > static_cast<std::uint8_t>(kLastFileKind)) {
      return std::nullopt;
    }
    out.record.outputs.push_back(
        {.role = output->role(),
         .blob = digest_of_hash(*output->blob()),
         .size_bytes = output->size_bytes(),
         .executable = output->executable(),
         .name = output->name() == nullptr ? std::string() : std::string(view_of(output->name())),
         .kind = static_cast<FileKind>(output->kind()),
         .mode = output->mode(),
         .is_rewritten = output->is_rewritten()});
  }
  out.record.compile_ns = root->compile_ns();
  out.stored_ns = root->stored_ns();
  out.record.exit_code = root->exit_code();
  return out;
}

std::optional<Manifest> decode_manifest(std::string_view bytes) {
  const Aligned aligned(bytes);
  const auto* root = root_of<schema::Manifest>(aligned.view());
  // The bound also keeps a forged record from naming one long set over and over.
  if (root == nullptr || root->sets()->size() > limits::kInputSetsMax) {
    return std::nullopt;
  }
  Manifest out;
  for (const schema::InputSet* set : *root->sets()) {
    TRY_ASSIGN(InputSet read, read_set(*set));
    out.sets.push_back(std::move(read));
  }
  return out;
}

std::optional<KnownCommand> decode_known_command(std::string_view bytes) {
  const Aligned aligned(bytes);
  const auto* root = root_of<schema::KnownCommand>(aligned.view());
  if (root == nullptr) {
    return std::nullopt;
  }
  const auto text_of = [](const Bytes* text) {
    return text == nullptr ? std::string() : std::string(view_of(text));
  };
  const auto read_parts = [&](const auto* parts, std::vector<KnownCommand::Part>& to) {
    for (std::uint32_t i = 0; parts != nullptr && i < parts->size(); ++i) {
      const schema::CommandPart* const part = parts->Get(i);
      to.push_back(
          {.kind = part->kind(), .name = text_of(part->name()), .value = text_of(part->value())});
    }
  };
  KnownCommand out;
  read_parts(root->parts(), out.parts);
  read_parts(root->environment(), out.environment);
  out.manifest = digest_of_hash(*root->manifest());
  if (root->result() != nullptr) {
    out.result = digest_of_hash(*root->result());
  }
  out.reason = text_of(root->reason());
  out.place = text_of(root->place());
  out.seen_ns = root->seen_ns();
  return out;
}

}  // namespace zc::store
