"""A small C and C++ workspace, made up, and random changes to it: to headers and their twins, links
and directories that turn, come and go, settings of the compilers, precompiled headers, and times.
Contents come from small pools, so that they recur.
"""

import contextlib
import os
import pathlib
import shutil

import process

PLACES = ("w", "x", "a directory/with-a-rather-long-name-of-its-own")
DIRECTORIES = ("one", "two", "three")
ROOTS = ("roots/a", "roots/b")  # what --sysroot may be
HEADER_DIRECTORIES = (*DIRECTORIES, "sub", "tools/include",
                      *(f"{root}/usr/include" for root in ROOTS))
HEADERS = ("a.h", "b.h", "c.h", "d.h", "e.h", "f.h")
LETTERS = "ABCDEF"
UNITS = ("m.c", "n.c", "sub/o.c", "p.c", "q.cc", "r.cc", "sub/s.cc", "t.c")
TWIN = "twin.h"  # two of them in one unit: how many count depends on what the compiler compares
TWIN_UNITS = ("u.c", "v.cc")
ASSEMBLER_UNITS = ("x.s", "y.S")
PRECOMPILED = "pre.h"

# Symlinks to directories, and where they may lead.
TURNING = {"link": (*DIRECTORIES, "nowhere"), "sys": (*ROOTS, "nowhere")}

# Symlinks to what is another file in each process.
DESCRIPTORS = {"handle5": "/dev/fd/5", "handle8": "/proc/self/fd/8"}

# Files of settings and their contents; None: missing.
SETTINGS = {
    "conf/extra.specs": ("*cc1_options:\n+ -DEXTRA=5\n\n", "*cc1_options:\n+ -DEXTRA=6\n\n"),
    "tools/specs": (None, None, "*cpp:\n+ -DEXTRA=7\n\n", "*cpp:\n+ -DEXTRA=8\n\n"),
    "conf/extra.cfg": ("-DEXTRA=4\n", "-DEXTRA=3 -Ithree\n", "-include one/b.h\n"),
    "conf/clang.cfg": (None, "-DEXTRA=9\n"),
    "flags.rsp": ("-DEXTRA=1\n", "-DEXTRA=2 -Itwo\n", "-g @more.rsp\n"),
    "more.rsp": (None, "-O1\n", "-DEXTRA=2\n"),
    "tools/as": (None, None, '#!/bin/sh\nexec /usr/bin/as "$@"\n',
                 '#!/bin/sh\nexec /usr/bin/as --defsym MARK=1 "$@"\n'),
    "tools/my-gcc": ('#!/bin/sh\nexec gcc "$@"\n', '#!/bin/sh\nexec gcc -DEXTRA=3 "$@"\n',
                     '#!/bin/sh\n[ -e more.rsp ] && set -- -DEXTRA=1 "$@"\nexec gcc $MORE "$@"\n'),
    "data.bin": ("some\n", "other\n"),
    "u.o": (None, None, "an output of old\n"),
}

# Seconds to add to a time: a clock that is wrong, or a file from another machine.
SKEWS = (-1e9, -3600, -2, 2, 3600, 1e9)


def precompiled_names(compiler):
    """Where a compiler may find a precompiled header for PRECOMPILED."""
    if compiler.startswith("clang"):
        return ("one/pre.h.pch", "one/pre.h.gch", "one/pre.pch")
    return ("one/pre.h.gch", "one/pre.h.gch/first", "two/pre.h.gch")


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class Workspace:
    def __init__(self, scratch, rng, env):
        """`env`: of compilers that make precompiled headers."""
        self.scratch = scratch
        self.root = root = scratch / PLACES[0]
        self.rng = rng
        self.env = env
        for directory in (*HEADER_DIRECTORIES, "conf"):
            (root / directory).mkdir(parents=True)
        for directory in DIRECTORIES[:2]:
            for header in HEADERS:
                self.put(root / directory / header, self.header_text())
        for directory in DIRECTORIES:
            self.put(root / directory / TWIN, "#pragma once\n+1\n")
        for directory in DIRECTORIES[:2]:
            self.put(root / directory / PRECOMPILED, self.header_text())
        for name in (*UNITS, *TWIN_UNITS, *ASSEMBLER_UNITS):
            self.put(root / name, self.text_of_unit(name))
        for name in TURNING:
            self.turn(name)
        for name, target in DESCRIPTORS.items():
            (root / name).symlink_to(target)
        for name in SETTINGS:
            self.set(name)

    # Contents.

    def header_text(self):
        lines = [f"#define VALUE_{self.rng.choice(LETTERS)} {self.rng.randrange(3)}"]
        if self.rng.random() < 0.3:
            lines.append(self.probe(self.rng.choice(HEADERS)))
        if self.rng.random() < 0.2:
            lines.append("static inline const char* here(void) { return __FILE__; }")
        if self.rng.random() < 0.1:
            lines.append(f"#warning {self.rng.choice(LETTERS)}")
        return "#pragma once\n" + "\n".join(lines) + "\n"

    def probe(self, name):
        """Looks for a header, which is spelled here or made by a macro."""
        seen = f"SEEN_{name[0].upper()}"
        spelled, made = f'__has_include("{name}")', f"#define NAME_{seen} <{name}>\n"
        if self.rng.random() < 0.5:
            return f"#if {spelled}\n#define {seen} 1\n#endif"
        return f"{made}#if __has_include(NAME_{seen})\n#define {seen} 1\n#endif"

    def include(self, name):
        way = self.rng.random()
        if way < 0.3:
            return f"#if __has_include(<{name}>)\n#include <{name}>\n#endif"
        if way < 0.45:
            return f"#define HEADER_{name[0]} <{name}>\n#include HEADER_{name[0]}"
        if way < 0.6:
            directory = self.rng.choice(("one", "two", "link"))
            return f'#if __has_include("{directory}/{name}")\n#include "{directory}/{name}"\n#endif'
        return f'#include "{name}"'

    def unit_text(self):
        includes = [self.include(name) for name in self.rng.sample(HEADERS, 2)]
        includes.append("#ifdef FROM_COMMAND\n#include FROM_COMMAND\n#endif")
        names = [f"{what}_{c}" for what in ("VALUE", "SEEN") for c in LETTERS] + ["EXTRA"]
        uses = [f"#ifdef {name}\nint {name.lower()} = {name};\n#endif" for name in names]
        if self.rng.random() < 0.1:
            uses.append('#define TEXT(x) #x\n__asm__(".pushsection .rodata\\n.inc" "bin " '
                        'TEXT("data.bin") "\\n.popsection");')
        body = "int f(void) { int unused; return 0; }"
        return "\n".join([*includes, *uses, body]) + "\n"

    def twin_unit_text(self):
        includes = [f'#include "{directory}/{TWIN}"'
                    for directory in self.rng.sample((*DIRECTORIES[:2], "link"), 2)]
        own_output = '#if __has_include("u.o")\n+4\n#endif'
        return "\n".join(["int n = 0", *includes, own_output, ";"]) + "\n"

    def assembler_text(self, is_preprocessed):
        lines = ['.incbin "data.bin"'] * (self.rng.random() < 0.6)
        if is_preprocessed:
            header = self.rng.choice(HEADERS)
            lines.append(f'#if __has_include(<{header}>)\n.byte 3\n#endif')
        if self.rng.random() < 0.3:
            lines.append(f'.file "{self.rng.choice(LETTERS)}.c"')
        return "\n".join([".data", *lines, f".byte {self.rng.randrange(3)}"]) + "\n"

    def text_of_unit(self, name):
        if name in ASSEMBLER_UNITS:
            return self.assembler_text(name.endswith(".S"))
        return self.twin_unit_text() if name in TWIN_UNITS else self.unit_text()

    @staticmethod
    def put(path, text):
        path.write_text(text)

    # Headers.

    def any_header(self, existing=True):
        usual = self.rng.random() < 0.7
        directories = (*DIRECTORIES, "sub") if usual else HEADER_DIRECTORIES
        paths = [self.root / directory / name for directory in directories
                 for name in (*HEADERS, *(PRECOMPILED,) * existing)
                 if (self.root / directory).is_dir()]
        paths = [p for p in paths if os.path.lexists(p) == existing]
        return self.rng.choice(paths) if paths else None

    def edit(self):
        self.put(self.any_header(), self.header_text())

    def edit_keeping_mtime(self):
        path = self.any_header()
        info = path.stat()
        self.put(path, self.header_text())
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))

    def edit_unit(self):
        name = self.rng.choice((*UNITS, *TWIN_UNITS, *ASSEMBLER_UNITS))
        self.put(self.root / name, self.text_of_unit(name))

    def replace(self):
        path = self.any_header()
        new = path.with_suffix(".new")
        self.put(new, self.header_text())
        new.rename(path)

    def touch(self):
        self.any_header().touch()

    def skew_clock(self):
        path = self.rng.choice((self.any_header(), self.root / self.rng.choice(UNITS),
                                self.root / self.rng.choice(DIRECTORIES)))
        if path.exists():
            moment = path.stat().st_mtime + self.rng.choice(SKEWS)
            os.utime(path, (moment, moment))

    def add(self):
        path = self.any_header(existing=False)
        if path:
            self.put(path, self.header_text())

    def link(self):
        path, target = self.any_header(existing=False), self.any_header()
        if path:
            self.point(path, target)

    @staticmethod
    def point(link, target):
        """Relative, so that it moves with the workspace."""
        link.symlink_to(os.path.relpath(target.resolve(), link.parent.resolve()))

    def link_hard(self):
        path, target = self.any_header(existing=False), self.any_header()
        if path:
            os.link(target.resolve(), path)

    def retarget(self):
        links = [p for p in self.root.rglob("*.h") if p.is_symlink()]
        if links:
            link, target = self.rng.choice(links), self.any_header().resolve()
            if target != link:
                link.unlink()
                if target.exists():
                    self.point(link, target)

    def rename(self):
        path, name = self.any_header(), self.any_header(existing=False)
        if name and path.name != PRECOMPILED:
            path.rename(name)

    def remove(self):
        path = self.any_header()
        if path.parent.resolve().name not in DIRECTORIES[:1]:
            path.unlink()

    # Twins: equal headers, of which compilers take some for one.

    def twins(self):
        return [path for directory in DIRECTORIES
                if (path := self.root / directory / TWIN).exists()]

    def touch_twin(self):
        moment = self.rng.choice((10 ** 9, 10 ** 9 + 1))
        os.utime(self.rng.choice(self.twins()), (moment, moment))

    def edit_twin(self):
        self.put(self.rng.choice(self.twins()), f"#pragma once\n+{self.rng.randrange(1, 3)}\n")

    def join_twins(self):
        """One becomes a copy, a second name of, or a link to the other."""
        one, other = self.rng.choice(self.twins()), self.rng.choice(self.twins())
        if one.parent.resolve() == other.parent.resolve():
            return
        text = other.read_text()
        one.unlink()
        way = self.rng.choice(("copy", "hard link", "symlink"))
        if not other.exists():  # it led to the first one
            self.put(one, text)
        elif way == "copy":
            shutil.copy2(other, one)
        elif way == "hard link":
            os.link(other.resolve(), one)
        else:
            self.point(one, other)

    # Directories.

    def swap_directories(self):
        one, two, aside = self.root / "one", self.root / "two", self.root / "aside"
        one.rename(aside)
        two.rename(one)
        aside.rename(two)

    def move_directory(self):
        """It goes, comes back, becomes a link to another one, or a file."""
        directory, away = self.root / "three", self.root / "away"
        if away.exists():
            remove(directory)
            away.rename(directory)
        else:
            directory.rename(away)
            what = self.rng.choice(("missing", "link", "file"))
            if what == "link":
                directory.symlink_to(self.rng.choice(DIRECTORIES[:2]))
            elif what == "file":
                self.put(directory, "")

    def turn(self, name=None):
        name = name or self.rng.choice(list(TURNING))
        (self.root / name).unlink(missing_ok=True)
        (self.root / name).symlink_to(self.rng.choice(TURNING[name]))

    def move_checkout(self):
        """Compilers name some files by their real path where that is shorter."""
        place = self.rng.choice([place for place in PLACES if self.scratch / place != self.root])
        (self.scratch / place).parent.mkdir(exist_ok=True)
        self.root.rename(self.scratch / place)
        self.root = self.scratch / place

    # What compilers read beside sources.

    def set(self, name=None):
        name = name or self.rng.choice(list(SETTINGS))
        path, text = self.root / name, self.rng.choice(SETTINGS[name])
        path.unlink(missing_ok=True)
        if text is not None:
            self.put(path, text)
            path.chmod(0o755 if text.startswith("#!") else 0o644)

    def precompile(self):
        """Makes a precompiled header, or takes all of a name away."""
        compiler = self.rng.choice(("gcc", "g++", "clang", "clang++"))
        target = self.root / self.rng.choice(precompiled_names(compiler))
        if self.rng.random() < 0.3:
            remove(target)
            return
        if target.parent.is_file():
            target.parent.unlink()
        if target.is_dir():
            shutil.rmtree(target)
        target.parent.mkdir(exist_ok=True)
        language = "c++-header" if compiler.endswith("++") else "c-header"
        flags = self.rng.choice(("", "-g", "-DEXTRA=1"))
        process.run(f"{compiler} {flags} -x {language} one/{PRECOMPILED} -o {target}",
                    cwd=self.root, env=self.env)

    # One step.

    def drop_dangling(self):
        """Of headers: a swap or a removal may have left them."""
        for link in [p for p in self.root.rglob("*.h") if p.is_symlink() and not p.exists()]:
            link.unlink()
        for directory in DIRECTORIES[:2]:
            for name, text in ((TWIN, "#pragma once\n+1\n"), (PRECOMPILED, self.header_text())):
                if not (self.root / directory / name).exists():
                    self.put(self.root / directory / name, text)

    def change(self):
        """One random change; returns its name."""
        usual = (self.edit,) * 3 + (self.edit_keeping_mtime, self.edit_unit, self.replace,
                                    self.touch) + (self.add,) * 2
        rare = (self.link, self.link_hard, self.retarget, self.rename, self.remove, self.skew_clock,
                self.touch_twin, self.edit_twin, self.join_twins, self.swap_directories,
                self.move_directory, self.move_checkout, self.turn, self.turn, self.set, self.set,
                self.precompile)
        verb = self.rng.choice(usual + rare)
        self.drop_dangling()
        if self.any_header() is None:
            return "nothing"
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, shutil.SameFileError):
            verb()
        return verb.__name__
