#include "cli/status_text.h"

namespace zc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

codec::Json json(const char* text) {
  return codec::Json::parse(text).value_or(codec::Json());
}

TEST(StatusText, SaysWhatHappened) {
  const std::string text = status_text(json(R"({
      "version":"1.2.3","pid":7,"endpoint":"/e","daemon_namespace":"default","cache_dir":"/c",
      "uptime_secs":187,"hits":{"direct":6},"misses":2,"time_saved_ms":1250,"coalesced":1,
      "not_cached":{"called_for_link":1,"of_the_future":2,"unrepeatable_input":3,
                    "bad_output_file":0},
      "flags":{"-fweird":2},
      "verification":{"verified":5,"wrong":1,"not_reproducible":0,"unfinished":2},
      "store":{"results":4,"manifests":3,"blob_bytes":1048576,"index_bytes":524288,
               "size_bytes_max":5368709120,"evicted_results":9,"quarantined_blobs":1},
      "warnings":["ZCCACHE_LOG=loud"],"daemon_rss_bytes":2097152})"));
  EXPECT_THAT(text, HasSubstr("zccache daemon v1.2.3 (/e), pid 7, uptime 3m 7s\n"));
  EXPECT_THAT(text, HasSubstr("14 total (6 cached, 2 cold, 6 not cached)\n"));
  EXPECT_THAT(text, HasSubstr("75.0%\n"));
  EXPECT_THAT(text, HasSubstr("~1.2s\n"));
  EXPECT_THAT(text, HasSubstr("         3  unrepeatable_input: the command read"));
  EXPECT_THAT(text, HasSubstr("\n         2  of_the_future\n         1  called_for_link: a link"));
  EXPECT_THAT(text, HasSubstr("Verified:      5 hits, 1 wrong, 2 unfinished\n"));
  EXPECT_THAT(text, Not(HasSubstr("disabled")));
  EXPECT_THAT(text, HasSubstr("2  -fweird\n"));
  EXPECT_THAT(text, HasSubstr("1.5 MB of 5.0 GB\n"));
  EXPECT_THAT(text, HasSubstr("9 results since start\n"));
  EXPECT_THAT(text, HasSubstr("1 damaged blobs since start\n"));
  EXPECT_THAT(text, HasSubstr("warning: ZCCACHE_LOG=loud\n"));
}

TEST(StatusText, ListsWhatRunsNow) {
  const std::string text = status_text(json(R"({"running":[
      {"age_ms":61000,"subject":"/w/a.o","compiler":"/usr/bin/gcc","cwd":"/w"},
      {"age_ms":850,"subject":"/w/b.o"}]})"));
  EXPECT_THAT(text, HasSubstr("Running now: 2\n     1m 1s  /w/a.o\n     850ms  /w/b.o\n"));
}

TEST(StatusText, ManagesWithoutAnything) {
  const std::string text = status_text(json("{}"));
  EXPECT_THAT(text, HasSubstr("0 total"));
  EXPECT_THAT(text, HasSubstr("n/a"));
  EXPECT_THAT(text, Not(HasSubstr("Verified")));
  EXPECT_THAT(text, Not(HasSubstr("Running")));
}

}  // namespace
}  // namespace zc::cli
