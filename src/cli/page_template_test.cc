#include "cli/page_template.h"

#include <gtest/gtest.h>

namespace zc::cli {
namespace {

PageValues text(std::string name, std::string value) {
  return {.texts = {{std::move(name), std::move(value)}}, .lists = {}};
}

TEST(PageTemplate, PutsTextsInEscaped) {
  EXPECT_EQ(fill_page("<b title=\"{{a}}\">{{a}}</b>{{{a}}}{{b}}", text("a", "<\"'&>")),
            "<b title=\"&lt;&quot;&#39;&amp;&gt;\">&lt;&quot;&#39;&amp;&gt;</b><\"'&>");
}

TEST(PageTemplate, RepeatsASectionForEachEntry) {
  PageValues values = text("x", "outer");
  values.lists["rows"] = {text("a", "1"), text("a", "2")};
  values.lists["rows"][1].texts["x"] = "inner";
  values.lists["none"] = {};
  EXPECT_EQ(fill_page("{{#rows}}{{a}}{{x}};{{/rows}}{{^rows}}no rows{{/rows}}"
                      "{{#none}}never{{/none}}{{^none}}none{{/none}}",
                      values),
            "1outer;2inner;none");
}

TEST(PageTemplate, ShowsASectionOfATextIfItIsNotEmpty) {
  PageValues values = text("a", "A");
  values.texts["b"] = "";
  EXPECT_EQ(fill_page("{{#a}}has {{a}}{{/a}}{{#b}}b{{/b}}{{^b}}no b{{/b}}{{^c}}no c{{/c}}", values),
            "has Ano bno c");
}

TEST(PageTemplate, WhatIsPutInIsNoSkeleton) {
  PageValues values = text("a", "{{b}}{{#a}}");
  values.texts["b"] = "secret";
  EXPECT_EQ(fill_page("{{a}}|{{{a}}}", values), "{{b}}{{#a}}|{{b}}{{#a}}");
}

TEST(PageTemplate, ABrokenSkeletonIsNoCrash) {
  for (const char* skeleton : {"{{", "{{#", "{{#a", "{{#a}}", "{{{a}}", "{{/a}}", "{{a"}) {
    (void)fill_page(skeleton, text("a", "x"));
  }
}

TEST(PageTemplate, ReplacesWhatIsNoText) {
  EXPECT_EQ(html_escape("a\xFF\x1B[0m\xC3\xA4\xE2\x82"),
            "a\xEF\xBF\xBD\xEF\xBF\xBD[0m\xC3\xA4\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(json_in_html("\"</script><!--\""), "\"\\u003c/script>\\u003c!--\"");
}

}  // namespace
}  // namespace zc::cli
