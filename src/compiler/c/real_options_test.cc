// The option table and the names of outputs, compared with the compilers of this machine.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/c/option_table.h"
#include "compiler/c/parse.h"
#include "compiler/detect.h"
#include "support/real_compiler.h"
#include "support/temporary_directory.h"

namespace zc::compiler::c {
namespace {

using Words = std::vector<std::string>;

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

class RealCompilers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (compilers_.empty()) {
      GTEST_SKIP() << "no compiler is installed";
    }
  }

  static Family family_of(const test::RealCompiler& compiler) {
    return *family_from_version(compiler.run({"--version"}, "/").out);
  }

  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = directory_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  const std::vector<test::RealCompiler> compilers_ = test::real_compilers();
  test::TemporaryDirectory directory_;
};

// How many sources a driver sees in `words`, by the compilers it would start; nothing when it does
// not know one of the words.
std::optional<std::size_t> sources_seen(const test::RealCompiler& compiler, Words words,
                                        const std::string& cwd) {
  words.insert(words.begin(), {"-###", "-c"});
  const auto output = compiler.run(words, cwd);
  if (output.exit_code != 0) {
    return std::nullopt;
  }
  const bool is_gcc = compiler.path.find("gcc") != std::string::npos;
  return count(output.err, is_gcc ? "/cc1 " : "\"-cc1\" ");
}

// Rows of the table that may stand in any command. Of an option that is kept word for word, what it
// takes decides only whether its command is kept.
std::vector<OptionMatch> plain_rows(Family family) {
  std::vector<OptionMatch> out;
  for (const OptionRow& row : option_rows()) {
    const auto match = find_option(family, row.spelling);
    const bool changes_the_command =
        row.option_class == OptionClass::kPreprocess || row.option_class == OptionClass::kReport ||
        row.option_class == OptionClass::kDescriptor ||
        row.option_class == OptionClass::kWordForWord ||
        row.option_class == OptionClass::kLanguage || row.option_class == OptionClass::kOutput;
    if (match && match->spelling == row.spelling && !changes_the_command) {
      out.push_back(*match);
    }
  }
  return out;
}

// A word after an option that takes no value is a source; after one that does, it is the value.
// Options go in groups, for speed; those of a group that the driver refuses go one by one.
TEST_F(RealCompilers, AgreeWhichWordsAreValues) {
  constexpr std::size_t kGroup = 12;
  write("v.c", "");
  for (const auto& compiler : compilers_) {
    const std::vector<OptionMatch> rows = plain_rows(family_of(compiler));
    std::size_t compared = 0;
    const auto compare = [&](std::size_t begin, std::size_t end) {
      Words words;
      std::size_t sources = 0;
      for (std::size_t i = begin; i < end; ++i) {
        words.insert(words.end(), {std::string(rows[i].spelling), "v.c"});
        sources += rows[i].takes_next ? 0 : 1;
      }
      if (sources == 0) {
        words.emplace_back("v.c");
        ++sources;
      }
      const auto seen = sources_seen(compiler, words, directory_.path());
      if (seen) {
        EXPECT_EQ(*seen, sources) << compiler.path << ::testing::PrintToString(words);
        compared += end - begin;
      }
      return seen.has_value();
    };
    for (std::size_t i = 0; i < rows.size(); i += kGroup) {
      const std::size_t end = std::min(i + kGroup, rows.size());
      for (std::size_t one = compare(i, end) ? end : i; one < end; ++one) {
        compare(one, one + 1);
      }
    }
    EXPECT_GT(compared, 100U) << compiler.path;
  }
}

// The side outputs that we name are those that appear, and no others do.
TEST_F(RealCompilers, WriteTheOutputsWeName) {
  write("src.t.c", "int f(int x) { return x; }\n");
  const std::vector<Words> names = {
      {},           {"-o", "out"}, {"-o", "d/a.b.o"}, {"-o", ".hid"}, {"-o", "d/.o"},
      {"-o", "x."}, {"-oq.s"}};
  const std::vector<Words> sides = {{"-g", "-gsplit-dwarf", "--coverage", "-fstack-usage", "-MMD"},
                                    {"-gsplit-dwarf"},
                                    {"-ftest-coverage"},
                                    {"-fprofile-arcs"},
                                    {"-S"},
                                    {"-fprofile-generate"}};
  for (const auto& compiler : compilers_) {
    for (const Words& name : names) {
      for (const Words& side : sides) {
        if (!name.empty() && &side != &sides.front()) {
          continue;  // the rule is the same for all
        }
        Words args = {"-c", "src.t.c"};
        args.insert(args.end(), name.begin(), name.end());
        args.insert(args.end(), side.begin(), side.end());
        const auto parsed =
            parse(family_of(compiler), false, args, [](std::string_view) { return std::nullopt; });
        ASSERT_TRUE(parsed);
        Words expected = {"src.t.c"};
        for (const OutputFile& output : parsed->outputs) {
          expected.push_back(output.path);
        }
        if (parsed->dep.style != DepStyle::kNone) {
          expected.push_back(parsed->dep.path);
        }
        std::filesystem::create_directory(directory_ / "d");
        ASSERT_EQ(compiler.run(args, directory_.path()).exit_code, 0);
        Words written;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
          if (entry.is_regular_file()) {
            written.push_back(std::filesystem::relative(entry.path(), directory_.path()).string());
          }
        }
        EXPECT_THAT(written, ::testing::UnorderedElementsAreArray(expected))
            << compiler.path << ::testing::PrintToString(args);
        for (const std::string& file : written) {
          if (file != "src.t.c") {
            std::filesystem::remove(directory_ / file);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace zc::compiler::c
