// ObservedInputsTest: a made-up run of rustc that is observed, learned from, and looked up again.
//
//   given_file("/w/a.rs", "fn a() {}");      // before the run
//   run().add('R', "/w/a.rs");               // what the observer saw
//   EXPECT_EQ(learned(), "");                // or the reason why nothing is
//   EXPECT_THAT(inputs(), ElementsAre("/w/a.rs"));
//   fs_.write("/w/a.rs", "fn b() {}");       // after it
//   EXPECT_FALSE(holds());
//
// Inputs are named as in support/input_names.h, facts with "fact:" before them.
//
// Thread: one.
#pragma once

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "compiler/reason.h"
#include "engine/inputs/path_presence.h"
#include "engine/observed/inputs.h"
#include "engine/result_builder.h"
#include "support/input_names.h"
#include "support/made_up_object.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"
#include "support/observation_text.h"

namespace zc::engine {

class ObservedInputsTest : public testing::Test {
 protected:
  static constexpr const char* kRustc = "/rust/bin/rustc";
  static constexpr const char* kLibraries = "/rust/lib/rustlib/here/lib";
  static constexpr const char* kOutput = "/o/liba.rlib";
  static constexpr std::uint32_t kLinker = 2;
  static constexpr std::uint32_t kStranger = 3;

  ObservedInputsTest() {
    fs_.make_directory("/w");
    for (const char* path : {kRustc, "/rust/lib/librustc_driver.so"}) {
      fs_.write(path, path);
      add_to_toolchain(path);
    }
    fs_.make_directory(kLibraries);
    add_to_toolchain(kLibraries);
    fs_.write("/bin/ld", test::harmless_object());
    fs_.write("/bin/tar", test::harmless_object());
    fs_.write("/w/gen", test::harmless_object());
    fs_.write("/w/libmacro.so", test::harmless_object());
    fs_.tick();
  }

  // --- before the run

  void given_file(const std::string& path, const std::string& bytes) { fs_.write(path, bytes); }
  void given_program(const std::string& path, const std::string& bytes) {
    fs_.write(path, bytes);
    fs_.set_mode(path, S_IFREG | 0755);
  }

  // --- the run: rustc is process 1

  test::ObservationText& run() {
    if (start_ns_ == 0) {
      fs_.tick();
      start_ns_ = fs_.now_ns();
      fs_.tick();
      seen_.at(fs_.now_ns()).add('H', kRustc);
    }
    return seen_.at(fs_.now_ns());
  }
  // A macro is loaded into rustc.
  test::ObservationText& run_macro() {
    return run().by(1).add('D', "/w/libmacro.so").add('L', "/w/libmacro.so");
  }
  // rustc starts the program that causes the next events.
  test::ObservationText& run_linker() { return start("/bin/ld", kLinker); }
  test::ObservationText& run_stranger() { return start("/w/gen", kStranger); }
  test::ObservationText& run_archiver() { return start("/bin/tar", kStranger); }
  // The run begins to write its outputs.
  test::ObservationText& begin_output() { return run().by(1).add('W', kOutput); }

  // --- after it

  // Empty when the run's inputs are known and hold, else the reason and what it is about.
  std::string learned() {
    run();
    const Command compile(*this);
    const std::unique_ptr<InputRules> rules = rules_of(compile);
    const auto trace = read_trace(seen_.text(), own_, fs_);
    EXPECT_TRUE(trace);
    const ObservedRun run = {.compile = compile,
                             .trace = *trace,
                             .rules = *rules,
                             .has_messages = has_messages_,
                             .recorded = recorded_,
                             .tracked = tracked_,
                             .tracks_variables = tracks_variables_,
                             .names_uncounted = names_uncounted_,
                             .sources_are_unlisted = sources_are_unlisted_,
                             .shows_real_paths = shows_real_paths_,
                             .looks_at_links = looks_at_links_,
                             .started_compilers = is_wrapper_ ? &toolchain_ : nullptr};
    InputList list;
    ResultBuilder builder(fs_, store_, files_, compile);
    const auto check = [&]() -> compiler::OrBypass<> {
      TRY(ObservedInputs(fs_, scans_, run, list).collect());
      TRY(collect_more(*rules, *trace, list));
      TRY(builder.take(list));
      return builder.check_set(table_);
    };
    const compiler::OrBypass<> known = check();
    set_ = builder.commit();
    inputs_ = stored_inputs();
    return known ? ""
                 : str_cat(compiler::text_of(known.error().reason).id, ' ', known.error().detail);
  }

  std::vector<std::string> inputs() { return names_of(true); }
  std::vector<std::string> absences() { return names_of(false); }

  // Whether what was learned would serve a request now.
  bool holds() {
    fs_.tick();
    return set_ != nullptr && Freshness(fs_, files_).holds(*set_, Command(*this), nullptr);
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  std::string tool_ = kRustc;
  std::vector<std::string> env_ = {"PATH=/bin"};
  std::vector<PathRoots::Root> roots_;
  Toolchain toolchain_;
  std::set<std::string, std::less<>> recorded_;
  std::set<std::string> tracked_;
  bool tracks_variables_ = true;
  bool names_uncounted_ = false;
  bool sources_are_unlisted_ = false;
  bool shows_real_paths_ = false;
  bool looks_at_links_ = false;
  bool has_messages_ = false;
  bool is_wrapper_ = false;
  std::string terminal_;

 protected:
  // What a frontend has beyond the general rules.
  virtual std::unique_ptr<InputRules> rules_of(const ObservedCompile&) const {
    return std::make_unique<InputRules>();
  }
  virtual compiler::OrBypass<> collect_more(const InputRules&, const Trace&, InputList&) const {
    return {};
  }
  virtual std::optional<codec::Digest> fact_of(const ObservedCompile& compile, const FactName& name,
                                               Looks& looks) const {
    return compile.facts.find(name, looks);
  }

 private:
  class Own final : public OwnPaths {
   public:
    Kind kind_of(std::string_view path) const override {
      return path == kOutput ? Kind::kOutput : Kind::kOther;
    }
  };

  // The request, as the world is now.
  struct Command final : ObservedCompile {
    explicit Command(const ObservedInputsTest& test) : Command(test, test.request()) {}
    Command(const ObservedInputsTest& test, const wire::CompileRequest& request)
        : ObservedCompile(test.fs_, request), test_(test) {
      EXPECT_EQ(directory.open(os::FileSystem::kNoDirectory, "/w"), 0);
      for (const PathRoots::Root& root : test.roots_) {
        roots.add(root.name, root.directory);
      }
      output_paths.insert(kOutput);
      toolchain = std::make_shared<const Toolchain>(test.toolchain_);
    }
    std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override {
      return test_.fact_of(*this, name, looks);
    }
    void plan(RunPlan&) const override {}
    compiler::OrBypass<InputList> learn(const RunOutputs&) override { return InputList(); }
    std::string generate_depfile(const LoadedSet&) const override { return {}; }

   private:
    const ObservedInputsTest& test_;
  };

  wire::CompileRequest request() const {
    wire::CompileRequest out;
    out.tool = tool_;
    out.cwd = "/w";
    out.terminal = terminal_;
    out.env.assign(env_.begin(), env_.end());
    out.start_ns = static_cast<std::uint64_t>(start_ns_);
    return out;
  }

  void add_to_toolchain(const std::string& path) {
    os::FileStamp stamp;
    EXPECT_EQ(fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp), 0);
    toolchain_.files.push_back({.path = path, .present = true, .stamp = stamp});
  }

  test::ObservationText& start(const char* program, std::uint32_t pid) {
    return run().by(1).add('P', program).by(pid).add('H', program);
  }

  // Of the newest set, with each absence by its path.
  std::vector<store::Input> stored_inputs() {
    std::vector<store::Input> out;
    RootedPath directory;  // of the last absence
    const store::InputSet& set = store_.manifests.begin()->second.sets.front();
    for (const auto* ids : {&set.deps, &set.others}) {
      for (const store::InputId id : *ids) {
        store::Input input = store_.input(id).value();
        if (input.kind == store::InputKind::kAbsentName) {
          input.root = directory.root;
          input.name =
              str_cat(directory.path, directory.path.ends_with('/') ? "" : "/", input.name);
        } else if (input.kind == store::InputKind::kAbsence) {
          directory = {.root = input.root, .path = std::string(split_path(input.name).directory)};
        }
        out.push_back(std::move(input));
      }
    }
    return out;
  }

  std::vector<std::string> names_of(bool with_value) const {
    std::vector<std::string> out;
    for (const store::Input& input : inputs_) {
      if (input.digest.has_value() == with_value && !is_of_every_stranger(input)) {
        out.push_back(test::name_of(input));
      }
    }
    return out;
  }

  // There is no terminal, which each run with a stranger depends on.
  static bool is_of_every_stranger(const store::Input& input) {
    return input.kind == store::InputKind::kTerminal && !input.digest;
  }

  InputTable table_{store_};
  files::FileCache files_{fs_, nullptr};
  ObjectScans scans_{fs_, files_};
  Own own_;
  test::ObservationText seen_;
  std::int64_t start_ns_ = 0;
  std::vector<store::Input> inputs_;
  std::shared_ptr<const LoadedSet> set_;
};

}  // namespace zc::engine
