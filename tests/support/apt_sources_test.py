"""Entries of apt in every form that machines have, and what they are turned into."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True

import apt_sources  # noqa: E402

KEY = "/usr/share/keyrings/k.gpg"


def turned(codename="twelve", **files):
    return apt_sources.of_files([(pathlib.Path(name.replace("_", ".")), text)
                                 for name, text in files.items()], codename)


class AptSources(unittest.TestCase):
    def test_one_line_entries_keep_options_and_components(self):
        lines, stanzas = turned(a_list=f"deb [arch=amd64 signed-by={KEY}] http://m/d twelve main x\n")
        self.assertEqual(lines, f"deb-src [arch=amd64 signed-by={KEY}] http://m/d twelve main x\n")
        self.assertEqual(stanzas, "")

    def test_comments_and_discs_are_no_entries(self):
        lines, _ = turned(a_list="# deb http://m/d twelve main\n"
                                 "deb cdrom:[disc]/ twelve main\n"
                                 "deb http://m/d twelve main # why\n\n")
        self.assertEqual(lines, "deb-src http://m/d twelve main\n")

    def test_updates_do_not_count_under_any_name(self):
        lines, stanzas = turned(
            a_list="deb http://m/d twelve-updates main\ndeb http://m/s twelve/updates main\n"
                   "deb http://m/s twelve-security main\ndeb http://m/d twelve-backports main\n"
                   "deb http://m/d twelve-proposed-updates main\ndeb http://m/flat ./\n",
            b_sources="Types: deb\nURIs: http://m/s\nSuites: twelve-security\nComponents: main\n")
        self.assertEqual((lines, stanzas), ("", ""))

    def test_what_is_there_as_source_already_is_not_there_twice(self):
        lines, _ = turned(a_list="deb http://m/d twelve main\ndeb-src http://m/d twelve main\n")
        self.assertEqual(lines, "deb-src http://m/d twelve main\n")

    def test_stanzas_keep_all_but_type_and_suites(self):
        _, stanzas = turned(
            a_sources="# a comment\nTypes: deb deb-src\n# within\nURIs: http://m/d http://n/d\n"
                      "Suites: twelve twelve-updates\nComponents: main\n"
                      "Signed-By:\n -----BEGIN\n .\n abc\n -----END\n\n\n"
                      f"Types: deb\nURIs: http://m/s\nSuites: twelve-security\nSigned-By: {KEY}\n")
        self.assertEqual(stanzas, "types: deb-src\nuris: http://m/d http://n/d\nsuites: twelve\n"
                                  "components: main\nsigned-by:\n -----BEGIN\n .\n abc\n -----END\n\n")

    def test_stanzas_that_are_switched_off_stay_off(self):
        _, stanzas = turned(a_sources="Enabled: no\nTypes: deb\nURIs: http://m/d\nSuites: twelve\n"
                                      "Components: main\n")
        self.assertEqual(stanzas, "")

    def test_other_releases_count_only_where_there_is_nothing_else(self):
        text = "deb http://m/d twelve main\ndeb http://m/d thirteen main\n"
        self.assertEqual(turned(a_list=text)[0], "deb-src http://m/d twelve main\n")
        self.assertEqual(turned(a_list=text, codename="eleven")[0], text.replace("deb ", "deb-src "))


if __name__ == "__main__":
    unittest.main()
