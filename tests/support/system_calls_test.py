"""What strace prints, and the paths that are found in it."""

import unittest

import system_calls


def paths_in(text):
    return [(call.call, call.path, call.error, call.reads)
            for line in system_calls.whole_lines(text)
            for call in system_calls.calls_in(line, "/w")]


class SystemCalls(unittest.TestCase):
    def test_a_relative_path_is_below_the_directory_of_its_descriptor(self):
        self.assertEqual(
            paths_in('7 openat(AT_FDCWD</w/in>, "a.h", O_RDONLY) = 3</w/in/a.h>\n'
                     '7 access("b.h", R_OK) = -1 ENOENT (No such file or directory)'),
            [("openat", "/w/in/a.h", "", True), ("access", "/w/b.h", "ENOENT", False)])

    def test_a_call_that_another_one_interrupts_is_put_together(self):
        self.assertEqual(
            paths_in('7 openat(AT_FDCWD</w>, "a.h", O_RDONLY <unfinished ...>\n'
                     '8 unlink("b") = 0\n'
                     '7 <... openat resumed>) = -1 ENOENT (No such file or directory)'),
            [("unlink", "/w/b", "", False), ("openat", "/w/a.h", "ENOENT", False)])

    def test_names_are_unescaped(self):
        self.assertEqual(paths_in(r'7 unlink("/w/a\"b\n\303\244\\") = 0'),
                         [("unlink", '/w/a"b\nä\\', "", False)])

    def test_both_paths_of_a_rename_count_and_the_answer_of_readlink_does_not(self):
        self.assertEqual(paths_in('7 rename("a", "b") = 0\n'
                                  '7 readlink("/w/l", "target", 1023) = 6'),
                         [("rename", "/w/a", "", False), ("rename", "/w/b", "", False),
                          ("readlink", "/w/l", "", False)])

    def test_of_execve_only_the_program_counts(self):
        self.assertEqual(paths_in('7 execve("/usr/bin/as", ["as", "a.s"], 0x7f /* 9 vars */) = 0'),
                         [("execve", "/usr/bin/as", "", False)])

    def test_a_listing_reads_its_directory(self):
        self.assertEqual(paths_in('7 getdents64(3</usr/lib/gcc>, 0x5 /* 3 entries */, 32768) = 80'),
                         [("getdents64", "/usr/lib/gcc", "", True)])


if __name__ == "__main__":
    unittest.main()
