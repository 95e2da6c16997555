#include "compiler/rust/option_table.h"

#include <algorithm>
#include <array>

namespace zc::compiler::rust {

namespace {

using enum OptionClass;

constexpr bool kFlag = false;
constexpr bool kValue = true;
constexpr bool kOnce = false;
constexpr bool kMany = true;

// Of rustc 1.95: those of `rustc --help -v`, and two that it hides (--env-set, -Z). A test compares
// them.
constexpr std::array kOptions = {
    OptionRow{"--allow", 'A', kValue, kMany, kLint},
    OptionRow{"--cap-lints", '\0', kValue, kOnce, kCapLints},
    OptionRow{"--cfg", '\0', kValue, kMany, kKey},
    OptionRow{"--check-cfg", '\0', kValue, kMany, kKey},
    OptionRow{"--codegen", 'C', kValue, kMany, kCodegen},
    OptionRow{"--color", '\0', kValue, kOnce, kColour},
    OptionRow{"--crate-name", '\0', kValue, kOnce, kCrateName},
    OptionRow{"--crate-type", '\0', kValue, kMany, kCrateType},
    OptionRow{"--deny", 'D', kValue, kMany, kLint},
    OptionRow{"--diagnostic-width", '\0', kValue, kOnce, kKey},
    OptionRow{"--edition", '\0', kValue, kOnce, kKey},
    OptionRow{"--emit", '\0', kValue, kMany, kEmit},
    OptionRow{"--env-set", '\0', kValue, kMany, kUnsupported},
    OptionRow{"--error-format", '\0', kValue, kOnce, kErrorFormat},
    OptionRow{"--explain", '\0', kValue, kMany, kInformation},
    OptionRow{"--extern", '\0', kValue, kMany, kExtern},
    OptionRow{"--forbid", 'F', kValue, kMany, kLint},
    OptionRow{"--force-warn", '\0', kValue, kMany, kLint},
    OptionRow{"--help", 'h', kFlag, kMany, kInformation},
    OptionRow{"--json", '\0', kValue, kMany, kJson},
    OptionRow{"--out-dir", '\0', kValue, kOnce, kOutDir},
    OptionRow{"--print", '\0', kValue, kMany, kInformation},
    OptionRow{"--remap-path-prefix", '\0', kValue, kMany, kKey},
    OptionRow{"--remap-path-scope", '\0', kValue, kOnce, kKey},
    OptionRow{"--sysroot", '\0', kValue, kOnce, kKey},
    OptionRow{"--target", '\0', kValue, kOnce, kTarget},
    OptionRow{"--test", '\0', kFlag, kOnce, kTest},
    OptionRow{"--verbose", 'v', kFlag, kMany, kKey},
    OptionRow{"--version", 'V', kFlag, kMany, kInformation},
    OptionRow{"--warn", 'W', kValue, kMany, kLint},
    OptionRow{"-L", 'L', kValue, kMany, kSearchDir},
    OptionRow{"-O", 'O', kFlag, kMany, kKey},
    OptionRow{"-Z", 'Z', kValue, kMany, kUnsupported},
    OptionRow{"-g", 'g', kFlag, kMany, kKey},
    OptionRow{"-l", 'l', kValue, kMany, kKey},
    OptionRow{"-o", 'o', kValue, kOnce, kOutput},
};

using Codegen = CodegenClass;

// All that `rustc -C help` lists. Unsupported are those that write files besides the outputs,
// print, put paths into the outputs which the key leaves out, or are for Windows.
constexpr std::array kCodegenOptions = {
    CodegenRow{"ar", Codegen::kKey},  // does nothing any more
    CodegenRow{"code-model", Codegen::kKey},
    CodegenRow{"codegen-units", Codegen::kCodegenUnits},
    CodegenRow{"collapse-macro-debuginfo", Codegen::kKey},
    CodegenRow{"control-flow-guard", Codegen::kKey},
    CodegenRow{"debug-assertions", Codegen::kKey},
    CodegenRow{"debuginfo", Codegen::kKey},
    CodegenRow{"default-linker-libraries", Codegen::kKey},
    CodegenRow{"dlltool", Codegen::kUnsupported},
    CodegenRow{"dwarf-version", Codegen::kKey},
    CodegenRow{"embed-bitcode", Codegen::kKey},
    CodegenRow{"extra-filename", Codegen::kExtraFilename},
    CodegenRow{"force-frame-pointers", Codegen::kKey},
    CodegenRow{"force-unwind-tables", Codegen::kKey},
    CodegenRow{"incremental", Codegen::kIncremental},
    CodegenRow{"inline-threshold", Codegen::kKey},
    CodegenRow{"instrument-coverage", Codegen::kKey},
    CodegenRow{"jump-tables", Codegen::kKey},
    CodegenRow{"link-arg", Codegen::kKey},
    CodegenRow{"link-args", Codegen::kKey},
    CodegenRow{"link-dead-code", Codegen::kKey},
    CodegenRow{"link-self-contained", Codegen::kKey},
    CodegenRow{"linker", Codegen::kLinker},
    CodegenRow{"linker-features", Codegen::kKey},
    CodegenRow{"linker-flavor", Codegen::kKey},
    CodegenRow{"linker-plugin-lto", Codegen::kPluginLto},
    CodegenRow{"llvm-args", Codegen::kLlvmArgs},
    CodegenRow{"lto", Codegen::kKey},
    CodegenRow{"metadata", Codegen::kKey},
    CodegenRow{"no-prepopulate-passes", Codegen::kKey},
    CodegenRow{"no-redzone", Codegen::kKey},
    CodegenRow{"no-stack-check", Codegen::kKey},
    CodegenRow{"no-vectorize-loops", Codegen::kKey},
    CodegenRow{"no-vectorize-slp", Codegen::kKey},
    CodegenRow{"opt-level", Codegen::kKey},
    CodegenRow{"overflow-checks", Codegen::kKey},
    CodegenRow{"panic", Codegen::kKey},
    CodegenRow{"passes", Codegen::kUnsupported},  // some write files or print
    CodegenRow{"prefer-dynamic", Codegen::kKey},
    CodegenRow{"profile-generate", Codegen::kKey},
    CodegenRow{"profile-use", Codegen::kKeyFile},
    CodegenRow{"relocation-model", Codegen::kKey},
    CodegenRow{"relro-level", Codegen::kKey},
    CodegenRow{"remark", Codegen::kUnsupported},
    CodegenRow{"rpath", Codegen::kUnsupported},  // made from the paths of outputs and libraries
    CodegenRow{"save-temps", Codegen::kUnsupported},
    CodegenRow{"soft-float", Codegen::kKey},
    CodegenRow{"split-debuginfo", Codegen::kSplitDebuginfo},
    CodegenRow{"strip", Codegen::kKey},
    CodegenRow{"symbol-mangling-version", Codegen::kKey},
    CodegenRow{"target-cpu", Codegen::kTargetCpu},
    CodegenRow{"target-feature", Codegen::kKey},
    CodegenRow{"unsafe-allow-abi-mismatch", Codegen::kKey},
};

// In the order of the rules in a dep-info file, which is not that of the names.
constexpr std::array kEmits = {
    EmitRow{"asm", ".s", Role::kAsm, true},
    EmitRow{"llvm-bc", ".bc", Role::kLlvmBc, true},
    EmitRow{"dep-info", ".d", Role::kDepInfo, false},
    EmitRow{"link", "", Role::kProgram, false},
    EmitRow{"llvm-ir", ".ll", Role::kLlvmIr, true},
    EmitRow{"metadata", ".rmeta", Role::kMetadata, false},
    EmitRow{"mir", ".mir", Role::kMir, false},
    EmitRow{"obj", ".o", Role::kObject, true},
};

// Prefixes and extensions as on Linux.
constexpr std::array kCrateTypes = {
    CrateTypeRow{"bin", "", "", Role::kProgram, true, true, false},
    CrateTypeRow{"cdylib", "lib", ".so", Role::kCdylib, true, false, true},
    CrateTypeRow{"dylib", "lib", ".so", Role::kDylib, true, false, true},
    CrateTypeRow{"proc-macro", "lib", ".so", Role::kProcMacro, true, true, true},
    CrateTypeRow{"rlib", "lib", ".rlib", Role::kRlib, false, false, false},
    CrateTypeRow{"staticlib", "lib", ".a", Role::kStaticlib, false, false, false},
};

// A subset of `rustc --print target-list`, with kinds as in `--print target-spec-json`. A target
// specification in a file ("my.json") is never here: it may change the names of all outputs.
constexpr std::array kTargets = {
    TargetRow{"aarch64-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"aarch64-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"aarch64-unknown-none", TargetKind::kStatic},
    TargetRow{"aarch64-unknown-none-softfloat", TargetKind::kStatic},
    TargetRow{"arm-unknown-linux-gnueabi", TargetKind::kLinux},
    TargetRow{"arm-unknown-linux-gnueabihf", TargetKind::kLinux},
    TargetRow{"arm-unknown-linux-musleabi", TargetKind::kStatic},
    TargetRow{"arm-unknown-linux-musleabihf", TargetKind::kStatic},
    TargetRow{"armebv7r-none-eabi", TargetKind::kStatic},
    TargetRow{"armebv7r-none-eabihf", TargetKind::kStatic},
    TargetRow{"armv5te-unknown-linux-gnueabi", TargetKind::kLinux},
    TargetRow{"armv5te-unknown-linux-musleabi", TargetKind::kStatic},
    TargetRow{"armv7-unknown-linux-gnueabi", TargetKind::kLinux},
    TargetRow{"armv7-unknown-linux-gnueabihf", TargetKind::kLinux},
    TargetRow{"armv7-unknown-linux-musleabi", TargetKind::kStatic},
    TargetRow{"armv7-unknown-linux-musleabihf", TargetKind::kStatic},
    TargetRow{"armv7a-none-eabi", TargetKind::kStatic},
    TargetRow{"armv7a-none-eabihf", TargetKind::kStatic},
    TargetRow{"armv7r-none-eabi", TargetKind::kStatic},
    TargetRow{"armv7r-none-eabihf", TargetKind::kStatic},
    TargetRow{"armv8r-none-eabihf", TargetKind::kStatic},
    TargetRow{"i586-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"i586-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"i686-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"i686-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"loongarch64-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"loongarch64-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"loongarch64-unknown-none", TargetKind::kStatic},
    TargetRow{"loongarch64-unknown-none-softfloat", TargetKind::kStatic},
    TargetRow{"powerpc-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"powerpc64-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"powerpc64le-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"powerpc64le-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"riscv32i-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv32im-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv32ima-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv32imac-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv32imafc-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv32imc-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv64gc-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"riscv64gc-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"riscv64gc-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"riscv64imac-unknown-none-elf", TargetKind::kStatic},
    TargetRow{"s390x-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"sparc64-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"thumbv6m-none-eabi", TargetKind::kStatic},
    TargetRow{"thumbv7em-none-eabi", TargetKind::kStatic},
    TargetRow{"thumbv7em-none-eabihf", TargetKind::kStatic},
    TargetRow{"thumbv7m-none-eabi", TargetKind::kStatic},
    TargetRow{"thumbv7neon-unknown-linux-gnueabihf", TargetKind::kLinux},
    TargetRow{"thumbv7neon-unknown-linux-musleabihf", TargetKind::kStatic},
    TargetRow{"thumbv8m.base-none-eabi", TargetKind::kStatic},
    TargetRow{"thumbv8m.main-none-eabi", TargetKind::kStatic},
    TargetRow{"thumbv8m.main-none-eabihf", TargetKind::kStatic},
    TargetRow{"wasm32-unknown-unknown", TargetKind::kWasm},
    TargetRow{"wasm32-wasip1", TargetKind::kWasm},
    TargetRow{"wasm32-wasip1-threads", TargetKind::kWasm},
    TargetRow{"wasm32-wasip2", TargetKind::kWasm},
    TargetRow{"wasm32v1-none", TargetKind::kWasm},
    TargetRow{"x86_64-unknown-linux-gnu", TargetKind::kLinux},
    TargetRow{"x86_64-unknown-linux-gnux32", TargetKind::kLinux},
    TargetRow{"x86_64-unknown-linux-musl", TargetKind::kStatic},
    TargetRow{"x86_64-unknown-none", TargetKind::kStatic},
};

}  // namespace

std::span<const OptionRow> option_rows() {
  return kOptions;
}

const OptionRow* find_option(std::string_view name) {
  const auto* row = std::ranges::lower_bound(kOptions, name, {}, &OptionRow::name);
  return row != kOptions.end() && row->name == name && name.starts_with("--") ? row : nullptr;
}

const OptionRow* find_option(char letter) {
  const auto* row = std::ranges::find(kOptions, letter, &OptionRow::letter);
  return row != kOptions.end() && letter != '\0' ? row : nullptr;
}

std::span<const CodegenRow> codegen_rows() {
  return kCodegenOptions;
}

const CodegenRow* find_codegen(std::string_view name) {
  const auto* row = std::ranges::lower_bound(kCodegenOptions, name, {}, &CodegenRow::name);
  return row != kCodegenOptions.end() && row->name == name ? row : nullptr;
}

std::span<const EmitRow> emit_rows() {
  return kEmits;
}

std::span<const CrateTypeRow> crate_type_rows() {
  return kCrateTypes;
}

std::span<const TargetRow> target_rows() {
  return kTargets;
}

const TargetRow* find_target(std::string_view name) {
  const auto* row = std::ranges::lower_bound(kTargets, name, {}, &TargetRow::name);
  return row != kTargets.end() && row->name == name ? row : nullptr;
}

}  // namespace zc::compiler::rust
