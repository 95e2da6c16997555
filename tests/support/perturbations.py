"""Perturbs one fact (c_facts.py) of a compile, and takes that back: a file is edited, removed,
replaced, a missing one appears, a link turns, a directory goes, gets a new name in it or becomes
another one.

Only below the roots that the caller names: the system's files are perturbed in an overlay.
"""

import contextlib
import itertools
import os
import pathlib
import re
import shutil
import struct
import subprocess

import c_facts

SHADOWING = '#error "of a perturbation"\n'

# What GCC says otherwise with the catalogue that appears.
TRANSLATIONS = ((b"", b"Content-Type: text/plain; charset=UTF-8\n"), (b"warning: ", b"perturbed: "))

COPIED_MAX = 40  # names in a directory

# Of a variable that nothing says more about.
VALUES = ("", "1", "perturbed", "/nowhere/at/all")


def catalogue():
    """Messages for gettext (GNU gettext manual, "The Format of GNU MO Files")."""
    count, header = len(TRANSLATIONS), 28
    at = header + 16 * count
    tables, texts = [], b""
    for column in range(2):
        for row in TRANSLATIONS:
            tables += (len(row[column]), at + len(texts))
            texts += row[column] + b"\0"
    numbers = (0x950412de, 0, count, header, header + 8 * count, 0, 0, *tables)
    return struct.pack(f"<{len(numbers)}I", *numbers) + texts


class NotPossible(Exception):
    pass


class Perturber:
    """Borrows `rng`. `roots` are directories, each a file system of its own or part of one;
    `may_change` says whether a path without symlinks may be perturbed; `headers` has by name the
    path of each header that the compile reads."""

    def __init__(self, rng, roots, may_change, headers):
        self.rng = rng
        self.may_change = may_change
        self.roots = [pathlib.Path(root) for root in roots]
        self.headers = headers
        self.numbers = itertools.count()
        self.verbs = {
            c_facts.CONTENT: (self.append, self.append, self.append_comment, self.empty,
                              self.remove, self.become_directory, self.touch, self.renew,
                              self.edit_unnoticed),
            c_facts.LOOK: (self.append, self.empty, self.remove, self.become_directory, self.touch,
                           self.become_link),
            c_facts.DIRECTORY: (self.remove, self.become_empty, self.become_link, self.add_header,
                                self.add_header, self.become_file),
            c_facts.LISTING: (self.add_name, self.add_toolchain, self.remove_name, self.remove),
            c_facts.ABSENCE: (self.appear, self.appear, self.appear_empty, self.appear_as_directory,
                              self.appear_as_link, self.appear_as_twin),
            c_facts.LINK: (self.turn, self.turn_to_copy, self.remove, self.become_copy,
                           self.dangle),
            c_facts.PROGRAM: (self.remove, self.append, self.become_script, self.touch),
            c_facts.IDENTITY: (self.become_the_other, self.mount_the_other, self.swap),
        }

    @contextlib.contextmanager
    def perturbed(self, fact, text):
        """`text`: what a header that appears shall hold. Yields the name of what was done and the
        variables to set; raises NotPossible."""
        with contextlib.ExitStack() as undo:
            if fact.kind == c_facts.VARIABLE:
                yield f"set {fact.about}", {fact.about: self.rng.choice(VALUES)}
                return
            self.check(fact.about)
            verb = self.rng.choice(self.verbs[fact.kind])
            try:
                verb(undo, fact, text)
            except OSError as error:
                raise NotPossible(f"{verb.__name__}: {error}") from None
            yield verb.__name__, {}

    def root_of(self, path):
        for root in self.roots:
            if root in pathlib.Path(path).parents:
                return root
        raise NotPossible(f"{path} is not ours to change")

    def check(self, path):
        """The directory in which the name changes, in any way that it is spelled, must be ours."""
        existing = pathlib.Path(path).parent
        while not existing.exists():
            existing = existing.parent
        self.root_of(existing.resolve() / "name")

    # What the others are made of.

    def put_aside(self, undo, path):
        if not self.may_change(path):
            raise NotPossible(f"{path} is needed")
        aside = self.root_of(path) / f".aside-{next(self.numbers)}"
        parent = os.path.dirname(path)
        info = os.stat(parent)
        os.rename(path, aside)

        def put_back():
            discard(path)
            os.rename(aside, path)
            os.utime(parent, ns=(info.st_atime_ns, info.st_mtime_ns))
        undo.callback(put_back)
        return aside

    def make_way(self, undo, path):
        """For something that appears: its directory."""
        missing = pathlib.Path(path).parent
        topmost = None
        while not missing.exists():
            topmost, missing = missing, missing.parent
        info = missing.stat()
        undo.callback(lambda: os.utime(missing, ns=(info.st_atime_ns, info.st_mtime_ns)))
        undo.callback(discard, topmost or path)
        os.makedirs(os.path.dirname(path), exist_ok=True)

    def edit(self, undo, path, change):
        file = pathlib.Path(path)
        data, info = file.read_bytes(), file.stat()

        def put_back():
            file.write_bytes(data)
            os.utime(file, ns=(info.st_atime_ns, info.st_mtime_ns))
        undo.callback(put_back)
        file.write_bytes(change(data))

    @staticmethod
    def check_specs(fact):
        if os.path.basename(fact.about) == "specs":
            raise NotPossible("with empty specs GCC reports how much memory it takes")

    # Of files.

    def append(self, undo, fact, _text):
        self.edit(undo, fact.about, lambda data: data + b"\nint perturbed;\n")

    def append_comment(self, undo, fact, _text):
        self.edit(undo, fact.about, lambda data: data + b"/* perturbed */\n")

    def empty(self, undo, fact, _text):
        self.check_specs(fact)
        self.edit(undo, fact.about, lambda data: b"")

    def remove(self, undo, fact, _text):
        self.put_aside(undo, fact.about)

    def touch(self, undo, fact, _text):
        info = os.stat(fact.about)
        undo.callback(os.utime, fact.about, ns=(info.st_atime_ns, info.st_mtime_ns))
        os.utime(fact.about, (10 ** 9, 10 ** 9))

    def renew(self, undo, fact, _text):
        """Another file of the same content and time."""
        shutil.copy2(self.put_aside(undo, fact.about), fact.about)

    def edit_unnoticed(self, undo, fact, _text):
        """A digit becomes another one, under the same size and time."""
        info = os.stat(fact.about)
        digit = re.search(rb"[0-8]", pathlib.Path(fact.about).read_bytes())
        if digit is None:
            raise NotPossible("there is no digit in it")
        at = digit.start()
        self.edit(undo, fact.about,
                  lambda data: data[:at] + bytes([data[at] + 1]) + data[at + 1:])
        os.utime(fact.about, ns=(info.st_atime_ns, info.st_mtime_ns))

    def become_directory(self, undo, fact, _text):
        self.put_aside(undo, fact.about)
        os.mkdir(fact.about)

    def become_link(self, undo, fact, _text):
        os.symlink(self.put_aside(undo, fact.about), fact.about)

    def become_script(self, undo, fact, _text):
        aside = self.put_aside(undo, fact.about)
        script = pathlib.Path(fact.about)
        script.write_text(f'#!/bin/sh\necho perturbed >&2\nexec {aside} "$@"\n')
        script.chmod(0o755)

    # Of directories.

    def become_empty(self, undo, fact, _text):
        self.put_aside(undo, fact.about)
        os.mkdir(fact.about)

    def become_file(self, undo, fact, _text):
        self.put_aside(undo, fact.about)
        pathlib.Path(fact.about).write_text("")

    def add_header(self, undo, fact, text):
        """One by the name of a header that the compile reads."""
        path = os.path.join(fact.about, self.rng.choice(sorted(self.headers) or ["none.h"]))
        if os.path.lexists(path):
            raise NotPossible(path)
        self.make_way(undo, path)
        pathlib.Path(path).write_text(text)

    def add_name(self, undo, fact, _text):
        path = os.path.join(fact.about, "perturbed")
        self.make_way(undo, path)
        pathlib.Path(path).write_text("")

    def add_toolchain(self, undo, fact, _text):
        """Where compilers list the versions of GCC."""
        path = os.path.join(fact.about, "99/crtbegin.o")
        self.make_way(undo, path)
        pathlib.Path(path).write_text("")

    def remove_name(self, undo, fact, _text):
        name = self.rng.choice(sorted(os.listdir(fact.about)))
        self.put_aside(undo, os.path.join(fact.about, name))

    def become_the_other(self, undo, fact, _text):
        self.put_aside(undo, fact.about)
        os.symlink(fact.other, fact.about)

    def mount_the_other(self, undo, fact, _text):
        subprocess.run(["mount", "--bind", fact.other, fact.about], check=True)
        undo.callback(subprocess.run, ["umount", fact.about], check=True)

    def swap(self, undo, fact, _text):
        self.check(fact.other)
        one = self.put_aside(undo, fact.about)
        os.rename(fact.other, fact.about)
        undo.callback(os.rename, fact.about, fact.other)
        os.rename(one, fact.other)
        undo.callback(os.rename, fact.other, one)

    # Of what is missing, and of links.

    def appear(self, undo, fact, text):
        self.make_way(undo, fact.about)
        if fact.about.endswith(".mo"):
            pathlib.Path(fact.about).write_bytes(catalogue())
        else:
            pathlib.Path(fact.about).write_text(text)

    def appear_empty(self, undo, fact, _text):
        self.check_specs(fact)
        self.make_way(undo, fact.about)
        pathlib.Path(fact.about).write_text("")

    def appear_as_directory(self, undo, fact, _text):
        self.make_way(undo, fact.about)
        os.mkdir(fact.about)

    def appear_as_link(self, undo, fact, text):
        self.make_way(undo, fact.about)
        target = self.root_of(fact.about) / f".aside-{next(self.numbers)}"
        target.write_text(text)
        undo.callback(target.unlink)
        os.symlink(target, fact.about)

    def appear_as_twin(self, undo, fact, _text):
        """Of the header by that name that is read."""
        twin = self.headers.get(os.path.basename(fact.about))
        if twin is None:
            raise NotPossible("it is no header")
        self.make_way(undo, fact.about)
        shutil.copy2(twin, fact.about)

    def turn_to_copy(self, undo, fact, _text):
        """To a directory that holds the same."""
        source = os.path.realpath(fact.about)
        if not os.path.isdir(source) or sum(1 for _ in os.scandir(source)) > COPIED_MAX:
            raise NotPossible("no directory, or a large one")
        target = self.root_of(fact.about) / f".aside-{next(self.numbers)}"
        undo.callback(discard, target)
        shutil.copytree(source, target, symlinks=True)
        self.put_aside(undo, fact.about)
        os.symlink(target, fact.about)

    def turn(self, undo, fact, text):
        """To an empty directory, or a file that was not there."""
        target = self.root_of(fact.about) / f".aside-{next(self.numbers)}"
        is_directory = os.path.isdir(fact.about)
        undo.callback(discard, target)
        if is_directory:
            target.mkdir()
        else:
            target.write_text(text)
        self.put_aside(undo, fact.about)
        os.symlink(target, fact.about)

    def become_copy(self, undo, fact, _text):
        target = os.path.realpath(fact.about)
        if os.path.isdir(target):
            raise NotPossible("a directory is not copied")
        self.put_aside(undo, fact.about)
        shutil.copy2(target, fact.about)

    def dangle(self, undo, fact, _text):
        self.put_aside(undo, fact.about)
        os.symlink("/nowhere", fact.about)


def discard(path):
    path = pathlib.Path(path)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
