#include "engine/driver/frontend.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/limits.h"
#include "base/path.h"
#include "compiler/c/option_table.h"
#include "compiler/c/parse.h"
#include "compiler/detect.h"
#include "engine/command/standard_input.h"
#include "engine/command/world_key.h"
#include "engine/driver/archive_words.h"
#include "engine/driver/compile.h"
#include "engine/driver/nvcc.h"
#include "engine/driver/plain_script.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/scripts.h"

namespace zc::engine::driver {

namespace {

using compiler::bypass;
using compiler::ObjectTool;
using compiler::OrBypass;
using compiler::Reason;
using Words = std::vector<std::string_view>;

// Where a linker writes what it makes; a compiler that does not link, only what it is told.
std::string main_output(const Words& words, bool is_link) {
  constexpr std::string_view kLong = "--output=";
  std::string out = is_link ? "a.out" : "";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((words[i] == "-o" || words[i] == "--output") && i + 1 < words.size()) {
      out = words[i + 1];
    } else if (words[i].starts_with(kLong)) {
      out = words[i].substr(kLong.size());
    } else if (words[i].starts_with("-o")) {
      out = words[i].substr(2);
    }
  }
  return out;
}

// What a tool makes or changes that is no linker; empty if it is one.
std::string known_as(const wire::CompileRequest& request) {
  const auto tool = compiler::detect_object_tool(request.tool);
  if (tool == ObjectTool::kArchiver) {
    const std::optional<ArchiveWords> found =
        read_archive_words({request.args.begin() + 1, request.args.end()});
    return found ? found->archive : std::string();
  }
  return tool == ObjectTool::kEditor ? std::string(request.args.back()) : std::string();
}

void look_at_old_output(const os::FileSystem& fs, const std::string& output, Compile& compile) {
  std::string path = without_dots(join_path(compile.cwd, output));
  if (output.empty() || output == "-" || is_of_kernel(path)) {
    return;
  }
  compile.main_output = std::move(path);
  os::FileDetails details;
  if (fs.look_closely(compile.main_output.c_str(), os::LastLink::kStay, details) == 0) {
    compile.born_ns.emplace(compile.main_output, details.born_ns);
  }
}

// A plain script is shorter.
constexpr std::uint64_t kScriptBytesMax = std::uint64_t{4} << 10;

// A linker that makes a random number by itself shows nothing of it.
constexpr std::string_view kRandomId = "uuid";

Words words_of(const wire::CompileRequest& request) {
  return {request.args.begin() + 1, request.args.end()};
}

// A driver that is not told to stop before the link stops there all the same for a header.
bool stops_before_link(std::string_view word) {
  constexpr std::array<std::string_view, 8> kOfHeaders = {".H",  ".h",   ".h++", ".hh",
                                                          ".hp", ".hpp", ".hxx", ".tcc"};
  const bool is_option = word.starts_with('-');
  return word.ends_with("-header") ||
         (!is_option && std::ranges::find(kOfHeaders, extension(word)) != kOfHeaders.end());
}

// A mere check writes nothing, whatever else the words say.
bool makes_no_program(std::string_view word) {
  return word == "-fsyntax-only" || stops_before_link(word);
}

// The words of Microsoft's compiler: whether it links does not show in those of gcc.
bool takes_words_of_cl(compiler::Tool tool, const Words& words) {
  return tool == compiler::Tool::kClangCl ||
         std::ranges::find(words, "--driver-mode=cl") != words.end();
}

bool names_standard_input(std::string_view word) {
  return word.ends_with(",-") || word.contains(",-,");
}

bool is_standard_input(std::string_view word) {
  return word == "-";
}

// --build-id=uuid or =sha1,uuid, with one dash or two, abbreviated perhaps; but no -DNAME=uuid, and
// no file of that name.
bool is_random_id(std::string_view word) {
  constexpr std::string_view kShortest = "-bu";
  for (std::size_t at = word.find(kShortest); at != std::string_view::npos;
       at = word.find(kShortest, at + 1)) {
    const std::string_view option = word.substr(at);
    const std::size_t end = option.find_first_not_of("-abcdefghijklmnopqrstuvwxyz");
    if (end != std::string_view::npos && option[end] == '=' &&
        option.substr(end).contains(kRandomId)) {
      return true;
    }
  }
  return false;
}

// A response file may be named within a word, as in -Wl,@file.
bool names_random_id(const os::FileSystem& fs, const Compile& compile, std::string_view word) {
  const std::size_t at = word.find('@');
  if (is_random_id(word) || at == std::string_view::npos) {
    return is_random_id(word);
  }
  const auto file = fs.read(compile.directory.handle(), std::string(word.substr(at + 1)).c_str(),
                            limits::kArgumentFileBytesMax);
  return file && file->bytes.contains(kRandomId);
}

// A linker reads a script there, and an archiver its words; a compiler has a source there. What
// came through a pipe is in the key, whoever reads it.
OrBypass<> check_words(const os::FileSystem& fs, const Compile& compile, const Words& words,
                       bool has_piped_input) {
  if (std::ranges::any_of(words, names_standard_input) ||
      (compile.is_link && !has_piped_input && std::ranges::any_of(words, is_standard_input))) {
    return bypass(Reason::kStandardInput);
  }
  if (std::ranges::any_of(
          words, [&](std::string_view word) { return names_random_id(fs, compile, word); })) {
    return bypass(Reason::kNotDeterministic, std::string(kRandomId));
  }
  return {};
}

// All that a script may name: what it creates or opens is rewritten.
OrBypass<std::vector<std::string>> words_of_script(const os::FileSystem& fs,
                                                   const std::string& script) {
  const auto text =
      fs.read(os::FileSystem::kNoDirectory, script.c_str(), limits::kArgumentFileBytesMax);
  if (!text) {
    return bypass(Reason::kStandardInput, script);
  }
  return split_words(text->bytes, " \t\r\n,();+");
}

bool reads_script(const Words& words) {
  const std::optional<ArchiveWords> found = read_archive_words(words);
  return found && found->operation.contains('M');
}

// ar: members of an archive that are compared by their times,
// or keep them (u, o). Editors: times that an output takes over.
OrBypass<std::vector<std::string>> rewritten_files(const os::FileSystem& fs, ObjectTool tool,
                                                   const Words& words, const Compile& compile) {
  std::vector<std::string> out;
  if (tool == ObjectTool::kArchiver) {
    const std::optional<ArchiveWords> found = read_archive_words(words);
    if (!found) {
      return bypass(Reason::kUnsupportedCompilerOption, "the words of ar are not understood");
    }
    if (found->operation.contains('M')) {
      return compile.standard_input.empty() ? std::vector<std::string>()
                                            : words_of_script(fs, compile.standard_input);
    }
    os::FileStamp stamp;
    const bool is_there = fs.stat(compile.directory.handle(), found->archive.c_str(), stamp) == 0;
    if (is_there && found->operation.find_first_of("uo") != std::string::npos) {
      return bypass(Reason::kUnsupportedCompilerOption, found->operation);
    }
    out.push_back(found->archive);
  }
  if (tool == ObjectTool::kEditor) {
    if (std::ranges::any_of(words, [](std::string_view word) {
          return word == "-p" || word.starts_with("--preserve-d");
        })) {
      return bypass(Reason::kUnsupportedCompilerOption, "--preserve-dates");
    }
    out.assign(words.begin(), words.end());
  }
  return out;
}

bool is_plain(const os::FileSystem& fs, const std::string& script) {
  const auto text = fs.read(os::FileSystem::kNoDirectory, script.c_str(), kScriptBytesMax);
  return text && is_plain_script(text->bytes);
}

// Adds to the key what the files hold that the command may rewrite, or that they are not there.
OrBypass<> add_rewritten(const Dependencies& ours, const std::vector<std::string>& paths,
                         codec::KeyHasher& key, Compile& compile) {
  for (const std::string& path : paths) {
    os::FileStamp stamp;
    const int error = ours.fs.stat(compile.directory.handle(), path.c_str(), stamp);
    key.field("is-there", std::uint64_t{error == 0 && stamp.is_regular()});
    if (error != 0 || !stamp.is_regular()) {
      continue;
    }
    const std::string absolute = without_dots(join_path(compile.cwd, path));
    compile.watches.try_emplace(absolute, absolute);
    compile.keyed.insert(absolute);
    TRY_ASSIGN(const std::vector<KeyFile> files, hash_key_files(ours, compile, {path}));
    key.field("content", files.front().digest.view());
  }
  return {};
}

// A source that comes from there, under whatever name.
OrBypass<> add_standard_input(const Dependencies& ours, const wire::CompileRequest& request,
                              codec::KeyHasher& key, Compile& compile) {
  if (request.has_piped_input) {
    key.field("piped-input", codec::digest_of(request.piped_input).view());
    return {};
  }
  TRY_ASSIGN(compile.standard_input, command::find_standard_input(ours.fs, request));
  if (!compile.standard_input.empty()) {
    TRY_ASSIGN(const std::vector<KeyFile> files,
               hash_key_files(ours, compile, {compile.standard_input}));
    key.field("standard-input", files.front().digest.view());
  }
  return {};
}

// Where gfortran puts modules.
constexpr std::string_view kModuleDirectory = "-J";

// The first source, by which people know the command: the first word that is neither an option nor
// the value of one.
std::string source_among(const Words& words, bool is_fortran) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_fortran && words[i] == kModuleDirectory) {
      ++i;
      continue;
    }
    if (!words[i].starts_with('-')) {
      return std::string(words[i]);
    }
    const auto option = compiler::c::find_option(compiler::c::Family::kClang, words[i]);
    i += option && option->takes_next ? 1 : 0;
  }
  return {};
}

OrBypass<codec::Key> key_of(const Dependencies& ours, const wire::CompileRequest& request,
                            Compile& compile) {
  codec::KeyHasher key("zccache-link-1");
  key.field("tool", compile.tool);
  for (const std::string_view word : request.args) {
    key.field("arg", word);
  }
  key.field("cwd", compile.cwd);
  command::add_world(key, compile, request, ours.host_cpu);
  if (std::ranges::any_of(words_of(request), is_standard_input)) {
    TRY(add_standard_input(ours, request, key, compile));
  }
  if (const auto tool = compiler::detect_object_tool(compile.tool)) {
    if (tool == ObjectTool::kArchiver && reads_script(words_of(request))) {
      TRY_ASSIGN(compile.standard_input, command::find_standard_input(ours.fs, request));
    }
    TRY_ASSIGN(const std::vector<std::string> paths,
               rewritten_files(ours.fs, *tool, words_of(request), compile));
    TRY(add_rewritten(ours, paths, key, compile));
  }
  return key.finish_key();
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      drivers_(dependencies),
      scans_(dependencies.fs, dependencies.files),
      times_(dependencies.fs) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  const bool is_script = !interpreter_of(ours_.fs, std::string(request.tool)).empty();
  const auto known = compiler::detect(request.tool);
  const bool is_nvcc = known && known->tool == compiler::Tool::kNvcc;
  const auto driver = is_script ? compiler::detect_wrapper(request.tool) : known;
  const bool is_driver = driver && compiler::is_driver(driver->tool);
  // A script that has the name of a tool is none of the programs that we know.
  const bool is_known =
      is_driver || is_nvcc || (!is_script && compiler::detect_object_tool(request.tool));
  if (!is_known || (is_script && !is_plain(ours_.fs, std::string(request.tool)))) {
    return std::nullopt;
  }
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, times_, quick_, request);
  compile->is_script = is_script;
  compile->is_nvcc = is_nvcc;
  if (const auto here = enter_world(ours_, request, *compile); !here) {
    return std::unexpected(here.error());
  }
  compile->is_fortran = is_driver && driver->tool == compiler::Tool::kFortran;
  const bool is_cl = is_driver && takes_words_of_cl(driver->tool, words_of(request));
  if (compile->is_fortran || is_cl) {
    if (const auto reason = left_alone(request, *compile)) {
      return std::unexpected(*reason);
    }
  }
  if (is_driver || is_nvcc) {
    compile->is_link = !is_nvcc && !is_cl && is_link(request, driver->is_cxx_driver, *compile);
    compile->reads_outputs = compile->is_link;
  }
  // What a script does with a compile, the frontend of wrappers knows.
  if (is_script && !compile->is_link && !is_nvcc) {
    return std::nullopt;
  }
  return understand(request, std::move(compile));
}

// As the frontend of compilers does for the drivers of C, whose words those of gfortran are, but
// for a few. clang-cl has the options that report on it.
std::optional<compiler::Bypass> Frontend::left_alone(const wire::CompileRequest& request,
                                                     const Compile& compile) const {
  using compiler::c::Family;
  const auto read =
      drivers_.read_as(compile.is_fortran ? Family::kGcc : Family::kClang, request, false, compile);
  return !read && !compiler::c::is_shown_by_run(read.error().reason) ? std::optional(read.error())
                                                                     : std::nullopt;
}

// The frontend of compilers has found the driver to be gcc or clang, and says the same.
bool Frontend::is_link(const wire::CompileRequest& request, bool is_cxx_driver,
                       const Compile& compile) const {
  using compiler::c::Family;
  return std::ranges::none_of(words_of(request), makes_no_program) &&
         std::ranges::any_of(std::array{Family::kGcc, Family::kClang}, [&](Family family) {
           const auto read = drivers_.read_as(family, request, is_cxx_driver, compile);
           return !read && read.error().reason == Reason::kCalledForLink;
         });
}

CompileOrBypass Frontend::understand(const wire::CompileRequest& request,
                                     std::unique_ptr<Compile> compile) {
  const Words words = words_of(request);
  compile->source = compile->is_link ? std::string(base_name(request.tool))
                                     : source_among(words, compile->is_fortran);
  compile->when = compile->is_link ? switch_of(compile->env.get("ZCCACHE_LINKS")) : Switch::kAlways;
  compile->only_measures = compile->when == Switch::kMeasure;
  if (compile->is_nvcc) {
    TRY(check_words_of_nvcc(words));
  }
  if (compile->when == Switch::kNever) {
    return bypass(Reason::kCalledForLink, "ZCCACHE_LINKS");
  }
  TRY(check_words(ours_.fs, *compile, words, request.has_piped_input));
  TRY_ASSIGN(codec::Key key, key_of(ours_, request, *compile));
  compile->set_key(std::move(key));
  compile->words_key = compile->manifest_key;
  if (compile->when == Switch::kAuto && quick_.has(compile->words_key)) {
    return bypass(Reason::kCalledForLink, "it takes less time than a hit");
  }
  compile->known_as = known_as(request);
  look_at_old_output(ours_.fs, main_output(words, compile->is_link), *compile);
  return compile;
}

}  // namespace zc::engine::driver
