"""Random commands of C and C++ compilers over the workspace of c_workspace.py: their options name
its directories and settings in all the ways in which a search path is made.
"""

import dataclasses
import pathlib
import shutil

import c_workspace
import old_outputs

COMPILERS = ("gcc", "clang", "g++", "clang++", "tools/my-gcc")

FLAGS = ("", "", "-g", "-O1", "-DEXTRA=1", "-DEXTRA=2", "-UEXTRA", "-Wall", "-fPIC", "-S",
         "-fdata-sections", "-gsplit-dwarf -g", "-Wno-cpp",
         "-Ithree -Ione", "-Ione/../two", "-Ilink", "-Ilink/../two", "-iquote two", "-iquote link",
         "-isystem one/../sub/../one/../two", "-isystem three", "-isystem link -isystem two",
         "-isystem one", "-isystem three/missing", "-Wmissing-include-dirs",
         "-Wmissing-include-dirs -Ithree/missing", "-idirafter three", "-idirafter link", "-Btools",
         "--sysroot=sys",
         "--sysroot=sys -isystem =/usr/include",
         "-iwithprefixbefore include", "-iprefix roots/a/usr/ -iwithprefix include", "-nostdinc",
         "-include one/a.h", "-imacros two/b.h", "-include pre.h", "-include one/pre.h",
         "-DFROM_COMMAND='<e.h>'", "-DFROM_COMMAND='\"two/b.h\"'", "@flags.rsp")
GCC_FLAGS = ("-specs=conf/extra.specs", "-Winvalid-pch -include one/pre.h", "-fpch-deps -MD")
CLANG_FLAGS = ("--config ./conf/extra.cfg", "-include-pch one/pre.pch", "-Wno-everything",
               "-working-directory=sub")
CLANG_19_FLAGS = ("--config-user-dir=conf",)
DEPFILES = ("", "-MD", "-MMD", "-MD -MP", "-MMD -MF deps.mk", "-MD -MT target", "-MD -MQ 'q$t'")

# Mostly none.
VARIABLES = ({"CPATH": "three"}, {"CPATH": "link:two"}, {"CPATH": ":sub"},
             {"C_INCLUDE_PATH": "two"}, {"CPLUS_INCLUDE_PATH": "link"},
             {"COMPILER_PATH": "tools"}, {"GCC_EXEC_PREFIX": "tools/"}, {"LC_ALL": "C.UTF-8"},
             {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}, {"LANG": "C.UTF-8"},
             {"LC_MESSAGES": "C.UTF-8"}, {"SOURCE_DATE_EPOCH": "7"}, {"TZ": "Asia/Tokyo"},
             {"DEPENDENCIES_OUTPUT": "more.d"}, {"SUNPRO_DEPENDENCIES": "more.d target"},
             {"TMPDIR": "three"}, {"MORE": "-O2"},
             {"GCC_COLORS": ""}, {"COLUMNS": "40"}, {"TERM": "xterm"})

# The unit, or a header before it, from a descriptor of the shell.
DESCRIPTORS = ("-x {language} /dev/fd/7 7<{unit}", "-x {language} - <{unit}",
               "{unit} -include /dev/fd/7 7<one/a.h", "{unit} -include handle5 5<one/a.h",
               "{unit} -include handle8 8<one/b.h")


# What is no compile of one source: `cc` is a compiler with its options, `other` a second unit. What is
# made of a header, or by the preprocessor, is used by the next command.
FORMS = ("{cc} -E {unit}", "{cc} -E {unit} -o pre.i", "{cc} -M {unit}", "{cc} -MM -MF deps.mk {unit}",
         "{cc} -fsyntax-only {unit}", "{cc} -c {unit} -o /dev/null", "{cc} -S {unit} -o -",
         "{cc} -c {unit} {other}", "{cc} -S {other} {unit}", "{cc} -MD -c {unit} {other}",
         "{cc} -shared -fPIC {unit} {other} -o both.so", "{cc} -save-temps -c {unit}",
         "{cc} -Wp,-MMD,w.d -c {unit}", "{cc} -E {unit} -o pre.i && {launcher}{cc} -c pre.i",
         "{cc} -x {language}-header one/pre.h -o {header} && "
         "{launcher}{cc} {use} -c {unit}; rm -f {header}",
         "{cc} -c -x {language} - <{unit}", "{cc} -x {language} {unit} -x none {other} -c")
# Where a precompiled header goes, and how it is used.
PRECOMPILED = {"clang": ("made.pch", "-include-pch made.pch"), "gcc": ("made.h.gch", "-include made.h")}


@dataclasses.dataclass(frozen=True)
class Command:
    """What sh runs, once a launcher may have been put before it, and for `{launcher}`."""

    words: str
    env: dict
    old: str  # how the outputs are old that it finds: one of old_outputs.WAYS, or empty

    def with_launcher(self, launcher):
        return launcher + self.words.replace("{launcher}", launcher)

    def __str__(self):
        old = f" (old outputs: {self.old})" if self.old else ""
        return " ".join([*(f"{name}={value}" for name, value in self.env.items()), self.words]) + old


def compilers():
    return COMPILERS + (("clang-19",) if shutil.which("clang-19") else ())


def flags_for(compiler):
    if compiler.startswith("clang"):
        return FLAGS + CLANG_FLAGS + CLANG_19_FLAGS * compiler.endswith("-19")
    return FLAGS + GCC_FLAGS


def source(rng, unit):
    if rng.random() < 0.05:
        language = "c++" if unit.endswith(".cc") else "c"
        return rng.choice(DESCRIPTORS).format(unit=unit, language=language)
    return unit


def form(rng, compiler, unit):
    header, use = PRECOMPILED["clang" if compiler.startswith("clang") else "gcc"]
    return rng.choice(FORMS).format(
        cc=compiler, unit=unit, other=rng.choice(c_workspace.UNITS), launcher="{launcher}",
        language="c++" if unit.endswith(".cc") else "c", header=header, use=use)


def command(rng):
    compiler = rng.choice(compilers())
    unit = rng.choice((*c_workspace.UNITS, *c_workspace.TWIN_UNITS, *c_workspace.ASSEMBLER_UNITS))
    flags = " ".join((rng.choice(flags_for(compiler)), rng.choice(flags_for(compiler)),
                      rng.choice(DEPFILES)))
    output = rng.choice(("", f"-o {pathlib.Path(unit).stem}.x.o"))
    env = rng.choice(VARIABLES) if rng.random() < 0.25 else {}
    directories = "-Ione -Itwo -Ithree -I."
    words = f"{compiler} {flags} {directories} {output} -c {source(rng, unit)}"
    if rng.random() < 0.25:
        words = form(rng, f"{compiler} {rng.choice(flags_for(compiler))} {directories}", unit)
    old = rng.choice(sorted(old_outputs.WAYS)) if rng.random() < 0.2 else ""
    return Command(words, env, old)
