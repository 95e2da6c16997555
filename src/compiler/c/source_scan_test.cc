#include "compiler/c/source_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::compiler::c {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

IncludeProbe quote(const char* name, bool next = false) {
  return {.name = name, .kind = IncludeKind::kQuote, .next = next};
}
IncludeProbe angle(const char* name, bool next = false) {
  return {.name = name, .kind = IncludeKind::kAngle, .next = next};
}

// Of __has_include: that the file is there matters, whether it is read or not.
IncludeProbe tested(IncludeProbe probe) {
  probe.tested = true;
  return probe;
}

bool is_silent(const ScanFacts& facts) {
  return !facts.time_macro && !facts.date_macro && !facts.timestamp_macro &&
         !facts.time_macro_part && !facts.time_word && !facts.closing_underscores &&
         !facts.incbin && !facts.embed && !facts.has_include_computed && facts.probes.empty();
}

TEST(SourceScan, PlainTextSaysNothing) {
  for (const char* text :
       {"", "int main() { return 0; }\n", "#define X 1\n#if X\n#endif\n#pragma once\n",
        "__TIME __DATEX__ X__TIME__ __TIME__X __has_includes(<a>)", "a.include = b; c.i();",
        "#define STR(x) #x\n", "?\?(?\?)", "a\\\nb", "// what?\?\n", "#pragma GCC system_header\n",
        "#ifdef __has_include\n#endif\n", "#if defined(__has_include)\n",
        "#ifndef __has_include\n#define __has_include(x) 0\n#endif\n",
        "# define __has_include_next(x) 0\n", "#undef __has_include\n"}) {
    EXPECT_TRUE(is_silent(scan_source(text))) << text;
  }
}

TEST(SourceScan, FindsPartsThatPastingMakesATimeMacroOf) {
  for (const std::string macro : {"__TIME__", "__DATE__", "__TIMESTAMP__"}) {
    for (std::size_t at = 1; at < macro.size(); ++at) {
      const std::string head = macro.substr(0, at);
      const std::string tail = macro.substr(at);
      for (const std::string& text :
           {"#define T " + head + "##" + tail + "\n", "CAT(" + head + ", " + tail + ")",
            "#define A " + head + "\n#define B " + tail + "\nCAT(A, B)\n",
            "#define T " + head + " \\\n ## \\\n " + tail + "\n"}) {
        EXPECT_TRUE(scan_source(text).time_macro_part) << text;
      }
    }
  }
  for (const char* text : {"/* Defines __TIME*_T_TYPE macros. */", "_TIME_H", "__TIMER", "TIME_T",
                           "__TI;", "MTIME__X", "__DATA ## x"}) {
    EXPECT_TRUE(is_silent(scan_source(text))) << text;
  }
}

TEST(SourceScan, FindsAWordThatPastingMayPutBetweenUnderscores) {
  for (const char* text : {"#define T(x) __##x##__\nT(TIME)", "CAT(__, DATE, __)",
                           "#define X(f) f(TIMESTAMP)\n#define U(f) __ ## f ## \\\n __\n",
                           "#define END __\nCAT(TIME /* a */, __)", "CAT(__T, IM, E__) f(TIME)"}) {
    const ScanFacts facts = scan_source(text);
    EXPECT_TRUE(facts.time_word && facts.closing_underscores) << text;
  }
  EXPECT_FALSE(scan_source("AT ANY TIME, or DATE = 1; f(TIME + 1)").time_word);
  EXPECT_FALSE(scan_source("? __ ## f ## _alias (x) /* the __*_t types */").closing_underscores);
}

// Wherever it stands in a block of the fast search, and at either end of the text.
TEST(SourceScan, FindsTokensAtEveryOffset) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const auto scan = [&](const std::string& token) {
        return scan_source(std::string(before, ' ') + token + std::string(after, ' '));
      };
      EXPECT_TRUE(scan("__TIME__").time_macro);
      EXPECT_TRUE(scan("__DATE__").date_macro);
      EXPECT_TRUE(scan("__TIMESTAMP__").timestamp_macro);
      EXPECT_TRUE(scan("__TI##").time_macro_part);
      EXPECT_TRUE(scan("ME__").time_macro_part);
      EXPECT_TRUE(scan("(TIME)").time_word);
      EXPECT_TRUE(scan("(DATE,").time_word);
      EXPECT_TRUE(scan("##__").closing_underscores);
      EXPECT_TRUE(scan(".incbin").incbin);
      EXPECT_TRUE(scan("__has_embed").embed);
      EXPECT_THAT(scan("#include <a>").probes, ElementsAre(angle("a")));
      EXPECT_THAT(scan("%:include <a>").probes, ElementsAre(angle("a")));
      EXPECT_TRUE(scan("__TI\\\nME__").time_macro);
    }
  }
}

TEST(SourceScan, TellsTheMacrosApart) {
  const ScanFacts time = scan_source("x = __TIME__;");
  EXPECT_TRUE(time.time_macro);
  EXPECT_FALSE(time.date_macro || time.timestamp_macro || time.incbin || time.embed);
  const ScanFacts stamp = scan_source("x = __TIMESTAMP__;");
  EXPECT_TRUE(stamp.timestamp_macro);
  EXPECT_FALSE(stamp.time_macro || stamp.date_macro);
}

TEST(SourceScan, ReadsDirectives) {
  EXPECT_THAT(scan_source("#include \"a b.h\"\n"
                          "  #  include<b/c.h>// x\n"
                          "#include_next <d.h>\n"
                          "#import \"e.h\"\n"
                          "#/* x */include/**/ \"f.h\"\n"
                          "#inc\\\nlude \\\r\n <g\\  \n.h>\n"
                          "#include \"a b.h\"\n")
                  .probes,
              ElementsAre(quote("a b.h"), angle("b/c.h"), angle("d.h", true), quote("e.h"),
                          quote("f.h"), angle("g.h")));
  for (const char* text : {"#include HEADER\n", "#include\n", "#include \"a\n", "#include <>\n"}) {
    EXPECT_THAT(scan_source(text).probes, IsEmpty()) << text;
  }
  EXPECT_TRUE(scan_source("#embed \"x\"\n").embed);
}

TEST(SourceScan, ReadsHasInclude) {
  const ScanFacts facts = scan_source(
      "#if __has_include(<a.h>) || __has_include ( \"b.h\" ) && __has_include_next(<c.h>)\n"
      "#elif defined(__has_include) && __has_include\\\n(<d.h>)\n");
  EXPECT_THAT(facts.probes, ElementsAre(tested(angle("a.h")), tested(quote("b.h")),
                                        tested(angle("c.h", true)), tested(angle("d.h"))));
  EXPECT_FALSE(facts.has_include_computed);
  EXPECT_TRUE(scan_source("#if __has_include(HEADER)\n").has_include_computed);
  EXPECT_TRUE(scan_source("#define HAS(x) __has_include_next(x)\n").has_include_computed);
  EXPECT_TRUE(scan_source("#define HAS __has_include_next\n").has_include_computed);
  EXPECT_TRUE(scan_source("#define HAS \\\n __has_include_next\n").has_include_computed);
  EXPECT_TRUE(scan_source("#if __has_inc\\\nlude(<x>)\n").has_include_computed);
}

TEST(SourceScan, ReadsNamesGivenToMacrosForHasInclude) {
  const ScanFacts facts = scan_source(
      "#define HAS(x) __has_include(x)\n"
      "#define ALSO __has_include\n"
      "#if defined(X) && HAS(<a.h>) || ALSO ( \"b.h\" )\n"
      "#elif HAS \\\n (<c.h>)\n"
      "#define NAME <d.h>\n"
      "#define TEXT \"e.h\"\n"
      "#define VERSION \"1.2\"\n"
      "#define LESS(x, y) (x < y)\n"
      "#if A(1) < B(2)\n");
  EXPECT_THAT(facts.probes,
              ElementsAre(tested(angle("a.h")), tested(quote("b.h")), tested(angle("c.h")),
                          tested(angle("d.h")), tested(quote("e.h"))));
  EXPECT_FALSE(facts.has_include_computed);
}

// A name that is included may be tested as well: both are kept.
TEST(SourceScan, TestedNamesStandForThemselves) {
  EXPECT_THAT(scan_source("#include <a>\n#if __has_include(<a>)\n#include <a>\n").probes,
              ElementsAre(angle("a"), tested(angle("a"))));
}

TEST(SourceScan, NamesThatCannotBeFollowed) {
  EXPECT_TRUE(scan_source("#include \"a\\b.h\"\n").has_include_computed);
  EXPECT_TRUE(scan_source("#pragma GCC dependency \"x\"\n").has_include_computed);
  EXPECT_TRUE(scan_source("#pragma GCC pch_preprocess \"x\"\n").has_include_computed);
  EXPECT_TRUE(scan_source("#pragma include_alias(\"a\", \"b\")\n").has_include_computed);
  EXPECT_TRUE(scan_source("?\?=include <a>\n").has_include_computed);
  EXPECT_TRUE(scan_source("__TI?\?/\nME__\n").has_include_computed);
}

TEST(SourceScan, AssemblerDirectives) {
  EXPECT_TRUE(scan_source("asm(\".incbin \\\"f\\\"\");").incbin);
  EXPECT_TRUE(scan_source(".INCBIN \"f\"").incbin);
  EXPECT_TRUE(scan_source("\t.include \"f\"").incbin);
  EXPECT_TRUE(scan_source("asm(\".include \\\"f\\\"\");").incbin);
  EXPECT_TRUE(scan_source(".inc\\\nbin \"f\"").incbin);
  EXPECT_FALSE(scan_source("x.include(y); .includes \"f\" .incbins").incbin);
}

TEST(SourceScan, TokensTornBySplices) {
  EXPECT_TRUE(scan_source("__DA\\\nTE__").date_macro);
  EXPECT_TRUE(scan_source("__TIME\\ \t\r\nSTAMP__").timestamp_macro);
  EXPECT_TRUE(scan_source("_\\\n_TI\\\nME_\\\n_").time_macro);
  EXPECT_TRUE(scan_source("__has_em\\\nbed(x)").embed);
}

}  // namespace
}  // namespace zc::compiler::c
