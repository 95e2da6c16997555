#include "engine/observed/message_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class MessageFilesTest : public testing::Test {
 protected:
  MessageFilesTest() {
    trace_.programs.push_back(
        {.path = "/usr/bin/gcc", .first_read = {}, .objects = {"/lib/libc.so.6"}});
  }
  MessageFiles files(const std::vector<std::string_view>& env) const {
    return message_files(RequestEnvironment(env), "/w", trace_);
  }

  Trace trace_;
};

TEST_F(MessageFilesTest, ThereAreNoneInTheProgramsOwnLanguage) {
  for (const std::vector<std::string_view>& env : std::vector<std::vector<std::string_view>>{
           {}, {"LANG=C"}, {"LC_ALL=POSIX", "LANG="}, {"LANGUAGE=de"}, {"PATH=/bin"}}) {
    EXPECT_THAT(files(env).files, IsEmpty());
    EXPECT_THAT(files(env).directories, IsEmpty());
  }
}

TEST_F(MessageFilesTest, ACatalogueIsLookedForUnderAllNamesOfItsLanguage) {
  EXPECT_THAT(files({"LANG=de_AT.UTF-8"}).directories,
              AllOf(Contains("/usr/share/locale/de_AT.UTF-8/LC_MESSAGES"),
                    Contains("/usr/share/locale/de_AT.utf8/LC_MESSAGES"),
                    Contains("/usr/share/locale/de_AT/LC_MESSAGES"),
                    Contains("/usr/share/locale/de.UTF-8/LC_MESSAGES"),
                    Contains("/usr/share/locale/de.utf8/LC_MESSAGES"),
                    Contains("/usr/share/locale/de/LC_MESSAGES"),
                    Contains("/usr/share/locale-langpack/de/LC_MESSAGES")));
  EXPECT_THAT(files({"LC_MESSAGES=sr_RS@latin"}).directories,
              AllOf(Contains("/usr/share/locale/sr_RS@latin/LC_MESSAGES"),
                    Contains("/usr/share/locale/sr@latin/LC_MESSAGES"),
                    Contains("/usr/share/locale/sr/LC_MESSAGES")));
  EXPECT_THAT(files({"LANG=de_DE.8859-1"}).directories,
              Contains("/usr/share/locale/de_DE.iso88591/LC_MESSAGES"));
}

TEST_F(MessageFilesTest, CataloguesOfCompilersHaveVersions) {
  for (const char* name : {"gcc.mo", "gcc-12.mo", "cpplib-12.mo", "gas.mo", "libc.mo"}) {
    EXPECT_TRUE(is_message_file(name)) << name;
  }
  EXPECT_FALSE(is_message_file("make.mo"));
}

TEST_F(MessageFilesTest, ALanguageCountsBesideALocale) {
  const MessageFiles found = files({"LANG=en_GB.UTF-8", "LANGUAGE=fr:de"});
  EXPECT_THAT(found.directories, AllOf(Contains("/usr/share/locale/en/LC_MESSAGES"),
                                       Contains("/usr/share/locale/fr/LC_MESSAGES"),
                                       Contains("/usr/share/locale/de/LC_MESSAGES")));
}

TEST_F(MessageFilesTest, ACompilerElsewhereHasItsCataloguesThere) {
  trace_.programs.push_back({.path = "/opt/gcc/bin/gcc", .first_read = {}, .objects = {}});
  trace_.programs.push_back({.path = "/opt/gcc/libexec/cc1", .first_read = {}, .objects = {}});
  EXPECT_THAT(files({"LANG=de"}).directories,
              ElementsAre("/lib/gconv/gconv-modules.d", "/usr/share/locale/de/LC_MESSAGES",
                          "/usr/share/locale-langpack/de/LC_MESSAGES",
                          "/opt/gcc/share/locale/de/LC_MESSAGES"));
}

TEST_F(MessageFilesTest, DefinitionsAndConversionsCountAsWell) {
  const std::vector<std::string> found = files({"LANG=de", "LOCPATH=/l:own"}).files;
  EXPECT_THAT(found, AllOf(Contains("/usr/lib/locale/locale-archive"),
                           Contains("/usr/lib/locale/de/LC_CTYPE"), Contains("/l/de/LC_CTYPE"),
                           Contains("/w/own/de/LC_MESSAGES/SYS_LC_MESSAGES"),
                           Contains("/lib/gconv/gconv-modules.cache"),
                           Contains("/usr/share/locale/locale.alias")));
  EXPECT_THAT(files({"LANG=de"}).files, Not(Contains("/l/de/LC_CTYPE")));
}

TEST_F(MessageFilesTest, ConversionsAreFoundByTablesBesideTheLibraryAndWhereAVariableLeads) {
  const RequestEnvironment env(std::vector<std::string_view>{"GCONV_PATH=/g:own:"});
  const MessageFiles found = conversion_files(env, "/w", trace_);
  EXPECT_THAT(found.files, ElementsAre("/lib/gconv/gconv-modules.cache", "/lib/gconv/gconv-modules",
                                       "/g/gconv-modules.cache", "/g/gconv-modules",
                                       "/w/own/gconv-modules.cache", "/w/own/gconv-modules"));
  EXPECT_THAT(found.directories, ElementsAre("/lib/gconv/gconv-modules.d", "/g/gconv-modules.d",
                                             "/w/own/gconv-modules.d"));
  EXPECT_TRUE(is_message_file("gconv-modules-extra.conf"));
}

}  // namespace
}  // namespace zc::engine
