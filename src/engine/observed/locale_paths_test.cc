#include "engine/observed/locale_paths.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::engine {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

LocalePaths paths_under(std::vector<std::string_view> variables) {
  return locale_paths(RequestEnvironment(variables), "/w");
}

TEST(LocalePaths, ThereAreNoneWithoutALocale) {
  for (const char* variable : {"LC_ALL=C", "LANG=POSIX", "LC_ALL=", "LANGUAGE=de"}) {
    const LocalePaths paths = paths_under({variable});
    EXPECT_THAT(paths.archives, IsEmpty());
    EXPECT_THAT(paths.files, IsEmpty());
    EXPECT_THAT(paths.catalogues, IsEmpty());
  }
}

TEST(LocalePaths, ALocaleIsLookedForWithAndWithoutItsParts) {
  const LocalePaths paths = paths_under({"LANG=de_DE.UTF-8@euro"});
  for (const char* name : {"de_DE.UTF-8@euro", "de_DE.utf8@euro", "de_DE@euro", "de.UTF-8@euro",
                           "de.utf8", "de@euro", "de_DE", "de"}) {
    EXPECT_THAT(paths.files, Contains("/usr/lib/locale/" + std::string(name) + "/LC_CTYPE"));
    EXPECT_THAT(paths.catalogues,
                Contains("/usr/share/locale/" + std::string(name) + "/LC_MESSAGES"));
  }
  EXPECT_THAT(paths_under({"LANG=de_DE.8859-1"}).files,
              Contains("/usr/lib/locale/de_DE.iso88591/LC_CTYPE"));
}

TEST(LocalePaths, OneVariableCountsForAll) {
  const LocalePaths paths = paths_under({"LC_ALL=fr", "LC_MESSAGES=de", "LANG=it"});
  EXPECT_THAT(paths.files, Contains("/usr/lib/locale/fr/LC_MESSAGES/SYS_LC_MESSAGES"));
  EXPECT_THAT(paths.files, Not(Contains("/usr/lib/locale/de/LC_MESSAGES")));
  EXPECT_THAT(paths.files, Not(Contains("/usr/lib/locale/it/LC_MESSAGES")));
  EXPECT_THAT(
      paths_under({"LC_MESSAGES=de", "LANG=it"}).files,
      testing::IsSupersetOf({"/usr/lib/locale/de/LC_CTYPE", "/usr/lib/locale/it/LC_CTYPE"}));
}

TEST(LocalePaths, LanguagesAreOfCataloguesAlone) {
  const LocalePaths paths = paths_under({"LANG=C.UTF-8", "LANGUAGE=de:fr_CA"});
  EXPECT_THAT(paths.catalogues,
              testing::IsSupersetOf(
                  {"/usr/share/locale/de/LC_MESSAGES", "/usr/share/locale/fr_CA/LC_MESSAGES",
                   "/usr/share/locale/fr/LC_MESSAGES", "/usr/share/locale/C.utf8/LC_MESSAGES"}));
  EXPECT_THAT(paths.files, Not(Contains("/usr/lib/locale/de/LC_MESSAGES")));
}

TEST(LocalePaths, AUserMayHaveLocalesOfHisOwn) {
  EXPECT_THAT(paths_under({"LANG=de", "LOCPATH=loc:/opt/loc"}).files,
              testing::IsSupersetOf({"/w/loc/de/LC_CTYPE", "/opt/loc/de/LC_CTYPE"}));
}

TEST(LocalePaths, TheCataloguesOfCompilersAreKnownByTheirNames) {
  EXPECT_TRUE(is_catalogue_of_compiler("gcc-12.mo"));
  EXPECT_TRUE(is_catalogue_of_compiler("libc.mo"));
  EXPECT_FALSE(is_catalogue_of_compiler("iso_3166.mo"));
}

}  // namespace
}  // namespace zc::engine
