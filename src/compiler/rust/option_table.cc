#include "compiler/rust/option_table.h"

#include <algorithm>
#include <array>

namespace zc::compiler {

namespace {

using enum RustOptionClass;

constexpr bool kFlag = false;
constexpr bool kValue = true;
constexpr bool kOnce = false;
constexpr bool kMany = true;

constexpr std::array kOptions = {
    RustOptionRow{"--allow", 'A', kValue, kMany, kLint},
    RustOptionRow{"--cap-lints", '\0', kValue, kOnce, kKey},
    RustOptionRow{"--cfg", '\0', kValue, kMany, kKey},
    RustOptionRow{"--check-cfg", '\0', kValue, kMany, kKey},
    RustOptionRow{"--codegen", 'C', kValue, kMany, kCodegen},
    RustOptionRow{"--color", '\0', kValue, kOnce, kColour},
    RustOptionRow{"--crate-name", '\0', kValue, kOnce, kCrateName},
    RustOptionRow{"--crate-type", '\0', kValue, kMany, kCrateType},
    RustOptionRow{"--deny", 'D', kValue, kMany, kLint},
    RustOptionRow{"--diagnostic-width", '\0', kValue, kOnce, kKey},
    RustOptionRow{"--edition", '\0', kValue, kOnce, kKey},
    RustOptionRow{"--emit", '\0', kValue, kMany, kEmit},
    RustOptionRow{"--env-set", '\0', kValue, kMany, kTooHard},
    RustOptionRow{"--error-format", '\0', kValue, kOnce, kErrorFormat},
    RustOptionRow{"--explain", '\0', kValue, kMany, kInformation},
    RustOptionRow{"--extern", '\0', kValue, kMany, kExtern},
    RustOptionRow{"--forbid", 'F', kValue, kMany, kLint},
    RustOptionRow{"--force-warn", '\0', kValue, kMany, kLint},
    RustOptionRow{"--help", 'h', kFlag, kMany, kInformation},
    RustOptionRow{"--json", '\0', kValue, kMany, kJson},
    RustOptionRow{"--out-dir", '\0', kValue, kOnce, kOutDir},
    RustOptionRow{"--print", '\0', kValue, kMany, kInformation},
    RustOptionRow{"--remap-path-prefix", '\0', kValue, kMany, kKey},
    RustOptionRow{"--remap-path-scope", '\0', kValue, kOnce, kKey},
    RustOptionRow{"--sysroot", '\0', kValue, kOnce, kSysroot},
    RustOptionRow{"--target", '\0', kValue, kOnce, kTarget},
    RustOptionRow{"--test", '\0', kFlag, kOnce, kTest},
    RustOptionRow{"--verbose", 'v', kFlag, kMany, kKey},
    RustOptionRow{"--version", 'V', kFlag, kMany, kInformation},
    RustOptionRow{"--warn", 'W', kValue, kMany, kLint},
    RustOptionRow{"-L", 'L', kValue, kMany, kSearchDir},
    RustOptionRow{"-O", 'O', kFlag, kMany, kKey},
    RustOptionRow{"-Z", 'Z', kValue, kMany, kTooHard},
    RustOptionRow{"-g", 'g', kFlag, kMany, kKey},
    RustOptionRow{"-l", 'l', kValue, kMany, kKey},
    RustOptionRow{"-o", 'o', kValue, kOnce, kOutput},
};

using Codegen = RustCodegenClass;

constexpr std::array kCodegenOptions = {
    RustCodegenRow{"ar", Codegen::kKey},  // does nothing any more
    RustCodegenRow{"code-model", Codegen::kKey},
    RustCodegenRow{"codegen-units", Codegen::kCodegenUnits},
    RustCodegenRow{"collapse-macro-debuginfo", Codegen::kKey},
    RustCodegenRow{"control-flow-guard", Codegen::kKey},
    RustCodegenRow{"debug-assertions", Codegen::kKey},
    RustCodegenRow{"debuginfo", Codegen::kKey},
    RustCodegenRow{"default-linker-libraries", Codegen::kKey},
    RustCodegenRow{"dlltool", Codegen::kTooHard},
    RustCodegenRow{"dwarf-version", Codegen::kKey},
    RustCodegenRow{"embed-bitcode", Codegen::kKey},
    RustCodegenRow{"extra-filename", Codegen::kExtraFilename},
    RustCodegenRow{"force-frame-pointers", Codegen::kKey},
    RustCodegenRow{"force-unwind-tables", Codegen::kKey},
    RustCodegenRow{"incremental", Codegen::kIncremental},
    RustCodegenRow{"inline-threshold", Codegen::kKey},
    RustCodegenRow{"instrument-coverage", Codegen::kKey},
    RustCodegenRow{"jump-tables", Codegen::kKey},
    RustCodegenRow{"link-arg", Codegen::kKey},
    RustCodegenRow{"link-args", Codegen::kKey},
    RustCodegenRow{"link-dead-code", Codegen::kKey},
    RustCodegenRow{"link-self-contained", Codegen::kKey},
    RustCodegenRow{"linker", Codegen::kLinker},
    RustCodegenRow{"linker-features", Codegen::kKey},
    RustCodegenRow{"linker-flavor", Codegen::kKey},
    RustCodegenRow{"linker-plugin-lto", Codegen::kPluginLto},
    RustCodegenRow{"llvm-args", Codegen::kLlvmArgs},
    RustCodegenRow{"lto", Codegen::kKey},
    RustCodegenRow{"metadata", Codegen::kKey},
    RustCodegenRow{"no-prepopulate-passes", Codegen::kKey},
    RustCodegenRow{"no-redzone", Codegen::kKey},
    RustCodegenRow{"no-stack-check", Codegen::kKey},
    RustCodegenRow{"no-vectorize-loops", Codegen::kKey},
    RustCodegenRow{"no-vectorize-slp", Codegen::kKey},
    RustCodegenRow{"opt-level", Codegen::kKey},
    RustCodegenRow{"overflow-checks", Codegen::kKey},
    RustCodegenRow{"panic", Codegen::kKey},
    RustCodegenRow{"passes", Codegen::kTooHard},  // some write files or print
    RustCodegenRow{"prefer-dynamic", Codegen::kKey},
    RustCodegenRow{"profile-generate", Codegen::kKey},
    RustCodegenRow{"profile-use", Codegen::kKeyFile},
    RustCodegenRow{"relocation-model", Codegen::kKey},
    RustCodegenRow{"relro-level", Codegen::kKey},
    RustCodegenRow{"remark", Codegen::kTooHard},
    RustCodegenRow{"rpath", Codegen::kTooHard},  // made from the paths of outputs and libraries
    RustCodegenRow{"save-temps", Codegen::kTooHard},
    RustCodegenRow{"soft-float", Codegen::kKey},
    RustCodegenRow{"split-debuginfo", Codegen::kSplitDebuginfo},
    RustCodegenRow{"strip", Codegen::kKey},
    RustCodegenRow{"symbol-mangling-version", Codegen::kKey},
    RustCodegenRow{"target-cpu", Codegen::kTargetCpu},
    RustCodegenRow{"target-feature", Codegen::kKey},
    RustCodegenRow{"unsafe-allow-abi-mismatch", Codegen::kKey},
};

constexpr std::array kEmits = {
    RustEmitRow{"asm", ".s", RustRole::kAsm, true},
    RustEmitRow{"llvm-bc", ".bc", RustRole::kLlvmBc, true},
    RustEmitRow{"dep-info", ".d", RustRole::kDepInfo, false},
    RustEmitRow{"link", "", RustRole::kProgram, false},
    RustEmitRow{"llvm-ir", ".ll", RustRole::kLlvmIr, true},
    RustEmitRow{"metadata", ".rmeta", RustRole::kMetadata, false},
    RustEmitRow{"mir", ".mir", RustRole::kMir, false},
    RustEmitRow{"obj", ".o", RustRole::kObject, true},
};

constexpr std::array kCrateTypes = {
    RustCrateTypeRow{"bin", "", "", RustRole::kProgram, true, true},
    RustCrateTypeRow{"cdylib", "lib", ".so", RustRole::kCdylib, true, false},
    RustCrateTypeRow{"dylib", "lib", ".so", RustRole::kDylib, true, false},
    RustCrateTypeRow{"proc-macro", "lib", ".so", RustRole::kProcMacro, true, true},
    RustCrateTypeRow{"rlib", "lib", ".rlib", RustRole::kRlib, false, false},
    RustCrateTypeRow{"staticlib", "lib", ".a", RustRole::kStaticlib, false, false},
};

constexpr std::array<std::string_view, 31> kTargets = {
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "arm-unknown-linux-gnueabi",
    "arm-unknown-linux-gnueabihf",
    "arm-unknown-linux-musleabi",
    "arm-unknown-linux-musleabihf",
    "armv5te-unknown-linux-gnueabi",
    "armv5te-unknown-linux-musleabi",
    "armv7-unknown-linux-gnueabi",
    "armv7-unknown-linux-gnueabihf",
    "armv7-unknown-linux-musleabi",
    "armv7-unknown-linux-musleabihf",
    "i586-unknown-linux-gnu",
    "i586-unknown-linux-musl",
    "i686-unknown-linux-gnu",
    "i686-unknown-linux-musl",
    "loongarch64-unknown-linux-gnu",
    "loongarch64-unknown-linux-musl",
    "powerpc-unknown-linux-gnu",
    "powerpc64-unknown-linux-gnu",
    "powerpc64le-unknown-linux-gnu",
    "powerpc64le-unknown-linux-musl",
    "riscv64gc-unknown-linux-gnu",
    "riscv64gc-unknown-linux-musl",
    "s390x-unknown-linux-gnu",
    "sparc64-unknown-linux-gnu",
    "thumbv7neon-unknown-linux-gnueabihf",
    "thumbv7neon-unknown-linux-musleabihf",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-gnux32",
    "x86_64-unknown-linux-musl",
};

}  // namespace

std::span<const RustOptionRow> rust_option_rows() {
  return kOptions;
}

const RustOptionRow* find_rust_option(std::string_view name) {
  const auto* row = std::ranges::lower_bound(kOptions, name, {}, &RustOptionRow::name);
  return row != kOptions.end() && row->name == name && name.starts_with("--") ? row : nullptr;
}

const RustOptionRow* find_rust_option(char letter) {
  const auto* row = std::ranges::find(kOptions, letter, &RustOptionRow::letter);
  return row != kOptions.end() && letter != '\0' ? row : nullptr;
}

std::span<const RustCodegenRow> rust_codegen_rows() {
  return kCodegenOptions;
}

const RustCodegenRow* find_rust_codegen(std::string_view name) {
  const auto* row = std::ranges::lower_bound(kCodegenOptions, name, {}, &RustCodegenRow::name);
  return row != kCodegenOptions.end() && row->name == name ? row : nullptr;
}

std::span<const RustEmitRow> rust_emit_rows() {
  return kEmits;
}

std::span<const RustCrateTypeRow> rust_crate_type_rows() {
  return kCrateTypes;
}

std::span<const std::string_view> rust_targets() {
  return kTargets;
}

}  // namespace zc::compiler
