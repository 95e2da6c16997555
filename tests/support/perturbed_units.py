"""Units whose facts e2e/perturbed_facts perturbs: of a made-up project and of a real one, how each
is compiled, plainly or through the cache, and variables that could change what comes of it.
"""

import errno
import os
import shutil
import subprocess

import projects
import tree

GONE = (126, 127)  # exit codes where the compiler itself cannot be run

# Of the made-up project.
SOURCES = {
    "plain.c": '#include "inc/a.h"\n#include <stddef.h>\nsize_t f(void) { return TEXT; }\n',
    "probe.c": '#define NAME "none.h"\n#if __has_include(NAME)\n#include NAME\n#endif\n'
               '#include "link/a.h"\n#include <b.h>\n__asm__(".pushsection .rodata\\n.incbin '
               '\\"data.bin\\"\\n.popsection");\nint g(void) { return TEXT + B; }\n',
    "twins.c": 'int n = 0\n#include "inc/twin.h"\n#include "more/twin.h"\n;\n',
    "pre.c": "int e = PRE;\n",
    "warned.c": '#include "inc/a.h"\n#warning text\nint f(void) { int unused; return TEXT; }\n',
    "assembled.S": '#include "inc/a.h"\n.data\n.long TEXT\n.include "more.inc"\n',
    "plus.cc": '#include "inc/a.h"\n#include <cstddef>\nstd::size_t f() { return TEXT; }\n',
    "large.cc": '#include <string>\n#include "inc/a.h"\nstd::string f() { return {TEXT, 0}; }\n',
    "broken.c": '#include "inc/a.h"\n#include <stddef.h>\nint f(void) { return TEXT + none; }\n',
    "absent.c": '#include "link/a.h"\n#include "absent.h"\nint f(void) { return TEXT; }\n',
    "made.s": '.data\n.incbin "data.bin"\n.include "more.inc"\n',
    "flags.rsp": "-DMORE=1 -include inc/a.h @more.rsp\n",
    "more.rsp": "-Wall\n",
    "conf/extra.specs": "*cc1_options:\n+ -DEXTRA=5\n\n",
    "inc/a.h": "#ifndef A\n#define A\n#define TEXT 1\n#endif\n",
    "inc/pre.h": '#include "part.h"\n',
    "inc/part.h": "#define PRE 1\n",
    "inc/listed.h": '#include "part.h"\n',
    "inc/twin.h": "#pragma once\n+1\n",
    "more/twin.h": "#pragma once\n+1\n",
    "more/b.h": "#define B 1\n",
    "data.bin": "data\n",
    "more.inc": ".byte 1\n",
}
WRAPPED = "%wrapped"  # by a script
OPTIONS = "-Imissing -Imore -Ilink -isystem more/missing -idirafter inc"
UNITS = ("-c plain.c", "-c plain.c -MD -g", "-c probe.c", "-c probe.c -MMD", "-c twins.c",
         "-include inc/pre.h -c pre.c",
         "-include inc/listed.h -c pre.c", "-c warned.c -Wall",
         "LC_ALL=C.UTF-8 LANGUAGE=de -c warned.c -Wall -Wmissing-include-dirs",
         "-c assembled.S", "-S plain.c -O1",
         "-g -gsplit-dwarf -c plain.c", "PWD={top}/here -g -c plain.c",
         "-c plus.cc", "-c plus.cc -MD", "-c large.cc",
         "-c broken.c", "-c broken.c -MD", "-c absent.c", "LC_ALL=C.UTF-8 -c absent.c -MMD",
         "-c made.s", "@flags.rsp -c plain.c", "-save-temps=obj -c plain.c", "-Btools -c plain.c",
         "-Wp,-MMD,out/x.dep -c plain.c", "-march=native -O2 -c plain.c", "--sysroot=none -c plain.c",
         f"{WRAPPED} -c warned.c", f"{WRAPPED} -c plain.c -MD")
GCC_UNITS = ("-specs=conf/extra.specs -c plain.c", "-fdump-tree-original -c plain.c")
CLANG_UNITS = ("-fno-integrated-as -c plain.c", "-fsanitize=address -c plain.c")
# Of redis, those that compile fast.
REAL_OPTIONS = "-std=gnu11 -Isrc"
REAL_UNITS = ("adlist", "ae", "anet", "crc64", "endianconv", "intset", "listpack", "lzf_c",
              "monotonic", "pqsort", "rand", "sds", "setproctitle", "sha1", "siphash", "util",
              "ziplist", "zmalloc")

# What the manuals of gcc, cpp, clang, ld.so and the C library name, and values that could matter;
# {top} is the directory of the project.
VARIABLES = {
    "CPATH": ("{top}/other", "other", ":"), "C_INCLUDE_PATH": ("{top}/other", "other"),
    "CPLUS_INCLUDE_PATH": ("{top}/other", "other"), "OBJC_INCLUDE_PATH": ("other",),
    "GCC_EXEC_PREFIX": ("{top}/other/", "/usr/lib/gcc/"),
    "COMPILER_PATH": ("{top}/tools", "/nowhere"), "LIBRARY_PATH": ("{top}/other",),
    "GCC_ROOT": ("{top}/other",), "GCC_COMPARE_DEBUG": ("1",), "GCC_COLORS": ("", "error=01;31"),
    "GCC_URLS": ("no",), "TERM": ("xterm", "dumb"), "COLUMNS": ("20",),
    "LANG": ("C.UTF-8", "de_DE.UTF-8"), "LC_ALL": ("C.UTF-8", "nowhere"), "LC_CTYPE": ("C.UTF-8",),
    "LC_MESSAGES": ("C.UTF-8", "de_DE.UTF-8"), "LANGUAGE": ("de:fr",), "LOCPATH": ("{top}/other",),
    "NLSPATH": ("{top}/other/%N",),
    "OUTPUT_CHARSET": ("UTF-16",), "GCONV_PATH": ("{top}/other",), "TZ": ("Asia/Tokyo",),
    "TZDIR": ("{top}/other",),
    "SOURCE_DATE_EPOCH": ("7", "none"), "TMPDIR": ("{top}/other", "/nowhere"), "TMP": ("/nowhere",),
    "TEMP": ("/nowhere",), "MALLOC_ARENA_MAX": ("1",), "MALLOC_CHECK_": ("3",),
    "MALLOC_PERTURB_": ("85",), "MALLOC_TOP_PAD_": ("1",),
    "GLIBC_TUNABLES": ("glibc.malloc.check=3",), "LD_LIBRARY_PATH": ("{top}/other",),
    "LD_PRELOAD": ("/nowhere.so",), "LD_AUDIT": ("/nowhere.so",), "LD_BIND_NOW": ("1",),
    "LD_DEBUG": ("statistics",), "LD_WARN": ("1",), "LD_SHOW_AUXV": ("1",),
    "LD_TRACE_LOADED_OBJECTS": ("1",), "CCC_OVERRIDE_OPTIONS": ("+-g", "#+-DTEXT=9"),
    "CCC_ADD_ARGS": ("-g",), "CLANG_CONFIG_FILE_USER_DIR": ("{top}/other",),
    "CLANG_NO_DEFAULT_CONFIG": ("1",), "CLANG_CRASH_DIAGNOSTICS_DIR": ("{top}/other",),
    "CC_PRINT_OPTIONS": ("1",), "CC_PRINT_HEADERS": ("1",), "CC_LOG_DIAGNOSTICS": ("1",),
    "SDKROOT": ("{top}/other",), "MACOSX_DEPLOYMENT_TARGET": ("10.9",),
    "DEPENDENCIES_OUTPUT": ("out/more.d", "out/more.d target"),
    "SUNPRO_DEPENDENCIES": ("out/more.d",), "COLLECT_GCC": ("other",),
    "COLLECT_GCC_OPTIONS": ("-g",), "COLLECT_NO_DEMANGLE": ("1",),
    "COLLECT_LTO_WRAPPER": ("other",), "OFFLOAD_TARGET_NAMES": ("none",), "PWD": ("/nowhere",),
    "HOME": ("/nowhere",),
    "PATH": ("/nowhere:/usr/bin:/bin", "{top}/tools:/usr/bin:/bin", "/usr/bin"),
    "POSIXLY_CORRECT": ("1",), "NO_COLOR": ("1",), "CLICOLOR_FORCE": ("1",), "MAKEFLAGS": (" -j2",),
    "LTO_PLUGIN": ("none",), "DEBUGINFOD_URLS": ("none",), "DWP": ("none",), "AS": ("none",),
}


class Project:
    """A directory of units, its commands, and the cache before them."""

    def __init__(self, product, top, commands):
        self.product = product
        self.top = top
        self.commands = commands

    def run(self, words, more, cached):
        """Nothing of what it leaves stays."""
        out = self.top / "out"
        env = {"PWD": str(self.top)} | self.product.env() | more
        code, text, messages = executed([self.product.launcher] * cached + words, self.top, env)
        outcome = tree.Outcome(tree.snapshot(out), text, messages, code)
        shutil.rmtree(out)
        out.mkdir()
        return outcome


def executed(words, cwd, env):
    """As execvp does it: what is no program is a script for sh."""
    try:
        done = subprocess.run(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, check=False)
    except OSError as error:
        if error.errno == errno.ENOEXEC:
            return executed(["/bin/sh", *words], cwd, env)
        return GONE[-1], b"", b""
    return done.returncode, done.stdout, done.stderr


def made_up(product, top, compiler):
    for name, text in SOURCES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    for name in ("twin.h", "a.h", "b.h", "stddef.h"):
        (top / "other").mkdir(exist_ok=True)
        (top / "other" / name).write_text("#define TEXT 7\n#define B 7\n")
    (top / "tools").mkdir()
    (top / "tools/as").write_text('#!/bin/sh\necho other >&2\nexec /usr/bin/as "$@"\n')
    (top / "tools/as").chmod(0o755)
    (top / "link").symlink_to("inc")
    (top / "here").symlink_to(".")
    (top / "out").mkdir()
    os.utime(top / "more/twin.h", ns=(0, (top / "inc/twin.h").stat().st_mtime_ns))
    if not compiler.startswith("clang"):  # whose precompiled headers are not cached
        (top / "inc/listed.h.gch").mkdir()
        for name, output in (("pre.h", "pre.h.gch"), ("listed.h", "listed.h.gch/one"),
                             ("listed.h", "listed.h.gch/two")):
            subprocess.run([compiler, "-x", "c-header", f"inc/{name}", "-o", f"inc/{output}"],
                           cwd=top, check=True)
    for name in ("gcc", "g++", "clang", "clang++"):
        (top / f"tools/my-{name}").write_text(f'#!/bin/sh\nexec {name} -DWRAPPED "$@"\n')
        (top / f"tools/my-{name}").chmod(0o755)
    further = CLANG_UNITS if compiler.startswith("clang") else GCC_UNITS
    return Project(product, top, [f"{text} {OPTIONS}".format(top=top) for text in UNITS + further])


def real(product, top):
    shutil.copytree(projects.fetch("redis") / "src", top / "src")
    (top / "out").mkdir()
    return Project(product, top, [f"-c src/{name}.c {REAL_OPTIONS} {more}"
                                  for name in REAL_UNITS for more in ("", "-MD -O1")])


def words_of(command, compiler):
    """Outputs go to a directory of their own; variables before the options are apart."""
    variables = dict(word.split("=", 1) for word in command.split() if word[0].isupper())
    words = [word for word in command.split() if not word[0].isupper()]
    is_cxx = any(word.endswith(".cc") for word in words)
    driver = compiler.replace("gcc", "g++").replace("clang", "clang++") if is_cxx else compiler
    if WRAPPED in words:
        words.remove(WRAPPED)
        return variables, [f"tools/my-{driver}", *words, "-o", "out/x.o"]
    return variables, [shutil.which(driver, path="/usr/bin"), *words, "-o", "out/x.o"]
