"""A small project, made up: C and C++ units, headers on two paths, a static and a shared library,
linker scripts and programs, its build as a script and as a makefile, and random changes to all of it.
Contents come from small pools, so that they recur.
"""

import dataclasses
import shutil

import generators

PATH = "/usr/bin:/bin"
COMPILERS = {"gcc": "g++", "clang": "clang++"}
ARCHIVERS = tuple(name for name in ("ar", "gcc-ar", "llvm-ar") if shutil.which(name, path=PATH))
LINKERS = tuple(name for name in ("bfd", "gold", "lld", "mold") if shutil.which(f"ld.{name}", path=PATH))

TOOLS = (*COMPILERS, *COMPILERS.values(), *ARCHIVERS, "ld", "strip", "objcopy")

UNITS = ("alpha.c", "beta.c", "gamma.cc", "delta.c", "main.c", "tool.cc")
HEADERS = ("value.h", "other.h")
INCLUDES = ("early/include", "link/include", "late/include")
LIBRARIES = ("early/lib", "link/lib", "late/lib")


@dataclasses.dataclass(frozen=True)
class Recipe:
    """One command of the build; its text means the same to a shell and to make."""

    target: str
    needs: tuple
    text: str


def object_of(unit):
    return f"out/{unit.rpartition('.')[0]}.o"


def compile_recipe(unit):
    compiler = "CXX" if unit.endswith(".cc") else "CC"
    target = object_of(unit)
    return Recipe(target, (f"src/{unit}",),
                  f"${{{compiler}}} ${{CFLAGS}} -MD -MP -c src/{unit} -o {target}")


SEARCH = " ".join(f"-L{directory}" for directory in LIBRARIES)

# In the order of the script.
RECIPES = (
    *(compile_recipe(unit) for unit in UNITS),
    Recipe("late/lib/libpart.a", ("out/alpha.o", "out/beta.o"),
           "${AR} ${ARFLAGS} late/lib/libpart.a out/alpha.o out/beta.o"),
    Recipe("late/lib/libwhole.so", ("out/gamma.o", "out/delta.o", "exports.map"),
           "${CXX} ${LDFLAGS} -shared -Wl,--version-script=exports.map out/gamma.o out/delta.o "
           "-o late/lib/libwhole.so"),
    Recipe("out/partial.o", ("out/alpha.o", "out/delta.o"),
           "${LD} -r out/alpha.o out/delta.o -o out/partial.o"),
    Recipe("out/prog", ("out/main.o", "late/lib/libpart.a", "late/lib/libwhole.so"),
           f"${{CC}} ${{LDFLAGS}} out/main.o {SEARCH} -lpart -lwhole -o out/prog"),
    Recipe("out/tool", ("out/tool.o", "words.rsp", "late/lib/libpart.a"),
           f"${{CXX}} ${{LDFLAGS}} @words.rsp {SEARCH} -lpart -Wl,-Map=out/tool.map -o out/tool"),
    Recipe("out/quick", ("src/main.c", "out/partial.o"),
           "${CC} ${LDFLAGS} src/main.c out/partial.o -Ilate/include -o out/quick"),
    Recipe("out/prog.bare", ("out/prog",), "cp out/prog out/prog.bare; ${STRIP} out/prog.bare"),
    Recipe("out/prog.debug", ("out/prog",), "${OBJCOPY} --only-keep-debug out/prog out/prog.debug"),
)
TARGETS = tuple(recipe.target for recipe in RECIPES)

FILES = {
    "src/alpha.c": '#include "value.h"\nint alpha(void) { return VALUE + 0; }\n',
    "src/beta.c": "#include <other.h>\nint alpha(void);\nint beta(void) { return alpha() + OTHER + 0; }\n",
    "src/gamma.cc": '#include "value.h"\nextern "C" int gamma_of() { return VALUE * 2 + 0; }\n',
    "src/delta.c": '#if __has_include("extra.h")\n#include "extra.h"\n#endif\n'
                   "int delta(void) { return 3 + 0; }\n",
    "src/main.c": '#include "value.h"\nint alpha(void);\nint delta(void);\n'
                  "int main(void) { return alpha() + delta() + VALUE + 0; }\n",
    "src/tool.cc": '#include <other.h>\nextern "C" int beta(void);\n'
                   "int main() { return beta() + OTHER + 0; }\n",
    "late/include/value.h": "#define VALUE 1\n",
    "late/include/other.h": "#define OTHER 1\n",
    "exports.map": "{ global: gamma_of; delta; local: *; };\n",
    "words.rsp": "out/tool.o\n",
}

VARIABLES = {
    "CC": tuple(COMPILERS),
    "AR": ARCHIVERS,
    "ARFLAGS": ("rcs", "rcsD", "rc", "rcsT", "qcs"),
    "CFLAGS": ("", "-O1", "-g", "-fPIC -O1", "-DVALUE=5", "-Wall -Wextra", "-ffunction-sections",
               "-gsplit-dwarf -g"),
    "LDFLAGS": ("", "-Wl,--build-id", "-Wl,--gc-sections", "-Wl,-z,now", "-s", "-Wl,--as-needed",
                *(f"-fuse-ld={linker}" for linker in LINKERS)),
    "CPATH": (None, None, "early/include", "more"),
    "LIBRARY_PATH": (None, None, "early/lib"),
    "SOURCE_DATE_EPOCH": (None, None, "1"),
    "LC_ALL": (None, None, "C.UTF-8"),
}


def changes(choose):
    """One of each kind of change, all made up anew."""
    number = choose.randrange(3)
    unit = f"src/{choose.choice(UNITS)}"
    include, library = choose.choice(INCLUDES), choose.choice(LIBRARIES)
    header = choose.choice(HEADERS)
    macro = header.partition(".")[0].upper()
    target = choose.choice(TARGETS)
    objects = [object_of(unit) for unit in UNITS[:4]]
    one, two = choose.choice(objects), choose.choice(objects)
    return (
        # Sources.
        *(f"sed -i 's/+ [0-9]*;/+ {number};/' {unit}" for _ in range(3)),
        f"sed 's/+ [0-9]*;/+ {number};/' {unit} >new; touch -r {unit} new; mv new {unit}",
        f"touch -r {unit} stamp; sed -i 's/+ [0-9]*;/+ {number};/' {unit}; touch -r stamp {unit}; rm stamp",
        f"echo 'broken {number}' >>{unit}",
        *("sed -i '/^broken/d' src/*" for _ in range(3)),
        "cp -a ../kept/src ../kept/late .",
        "cp ../kept/src/* src; cp ../kept/late/include/* late/include",
        "mv src/alpha.c swap; mv src/beta.c src/alpha.c; mv swap src/beta.c",
        # Headers, also on paths that are searched earlier.
        *(f"echo '#define {macro} {number}' >late/include/{header}" for _ in range(2)),
        f"echo '#define {macro} {number}' >{include}/{header}",
        f"rm -f {include}/{header}",
        f"ln -sf ../../late/include/{header} early/include/{header}",
        f"ln -f late/include/{header} early/include/{header}",
        f"mv {include}/{header} {choose.choice(INCLUDES)}/{header}",
        f"echo 'static int extra = {number};' >{choose.choice(('src', 'late/include', 'early/include'))}/extra.h",
        "rm -f src/extra.h late/include/extra.h early/include/extra.h",
        f"mkdir -p more; echo '#define {macro} {number}' >more/{header}",
        "rm -rf more",
        # Directories and links to them.
        "mv early aside; mv third early; mv aside third",
        f"rm -f link; ln -s {choose.choice(('early', 'third', 'late', 'nowhere'))} link",
        "mv early gone",
        "[ ! -d gone ] || [ -e early ] || mv gone early",
        # Libraries: of another build, on another path, of another kind.
        f"rm -f {library}/libpart.*; ar rcs {library}/libpart.a {one} {two}",
        f"rm -f {library}/libpart.*; gcc -shared {one} {two} -o {library}/libpart.so",
        f"echo 'INPUT({one})' >{library}/libpart.so",
        # Only there: a script that leads to itself keeps a linker busy for ever.
        f"rm -f early/lib/libpart.a; echo 'GROUP(late/lib/libpart.a {one})' >early/lib/libpart.a",
        f"rm -f {library}/libpart.so",
        "rm -f early/lib/* third/lib/*",
        f"cp -p late/lib/libpart.a early/lib/{choose.choice(('libpart.a', 'libwhole.a'))}",
        f"ln -sf ../../late/lib/lib{choose.choice(('part.a', 'whole.so'))} early/lib/libpart.so",
        f"ar d late/lib/libpart.a {choose.choice(('alpha.o', 'beta.o'))}",
        f"cp -p {one} {two}",
        # Scripts and response files.
        f"echo '{{ global: {choose.choice(('gamma_of', 'delta', '*'))}; local: *; }};' >exports.map",
        f"echo 'out/tool.o {choose.choice(('', '-Wl,-z,now', 'out/alpha.o', '-s', '@more.rsp'))}' >words.rsp",
        f"echo '{choose.choice(('', '-Wl,-z,relro', 'out/delta.o'))}' >more.rsp",
        "rm -f more.rsp",
        # Times, modes and old outputs.
        f"touch {choose.choice((unit, target, 'late/include/value.h', 'late/lib', 'exports.map'))}",
        f"touch -d {choose.choice(('2020-01-01', '2090-01-01'))} {choose.choice((unit, target))}",
        "touch src/*",
        *("rm -rf out late/lib; mkdir out late/lib" for _ in range(3)),
        f"rm -f {target}",
        "rm -f out/*.d",
        f"chmod {choose.choice(('755', '644', '600'))} {choose.choice((unit, one))}",
        *(how.format(target) for how in generators.OLD.values()),
    )


def script():
    """The recipes that are named in its arguments, in their order; goes on after a failure."""
    cases = "\n".join(f"if wanted {recipe.target}; then ( {recipe.text} ) || code=1; fi"
                      for recipe in RECIPES)
    return ('wanted() { case " $all " in *" $1 "*) ;; *) false ;; esac; }\n'
            f'all="$*" code=0\n{cases}\nexit $code\n')


def makefile():
    """What links waits for what it may find by a script, a response file or `-l`, named here or not."""
    objects = [object_of(unit) for unit in UNITS]
    libraries = [recipe.target for recipe in RECIPES if "/lib/" in recipe.target]

    def rule(recipe):
        waits_for = ([] if recipe.target in objects else
                     objects if recipe.target in libraries else objects + libraries)
        return (f"{recipe.target}: {' '.join(recipe.needs)} | {' '.join(waits_for)}\n"
                f"\t{recipe.text}")
    rules = "\n".join(rule(recipe) for recipe in RECIPES)
    depfiles = " ".join(f"{target[:-1]}d" for target in objects)
    return f".SUFFIXES:\nall: {' '.join(TARGETS)}\n{rules}\n-include {depfiles}\n"


class Workspace:
    def __init__(self, root, choose):
        self.root = root
        self.choose = choose
        self.variables = {name: values[0] for name, values in VARIABLES.items()}
        for directory in (root, root.parent / "kept"):
            for name, text in FILES.items():
                path = directory / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        for directory in ("early/include", "early/lib", "third/include", "third/lib", "late/lib", "out"):
            (root / directory).mkdir(parents=True)
        (root / "link").symlink_to("nowhere")
        (root / "build.sh").write_text(script())
        (root / "Makefile").write_text(makefile())

    def flags(self):
        """Of the environment, but for the names of the tools."""
        compile_flags = self.variables["CFLAGS"]
        search = " ".join(f"-I{directory}" for directory in INCLUDES)
        chosen = {name: value for name, value in self.variables.items()
                  if value is not None and name not in ("CC", "AR")}
        return chosen | {"CFLAGS": f"{compile_flags} {search}".strip()}

    def tools(self):
        """The programs of this build, by the variables that name them."""
        compiler = self.variables["CC"]
        return {"CC": compiler, "CXX": COMPILERS[compiler], "AR": self.variables["AR"], "LD": "ld",
                "STRIP": "strip", "OBJCOPY": "objcopy"}

    def change(self, run):
        """Changes one thing: a file by `run`, which takes a command, or a variable."""
        if self.choose.random() < 0.3:
            name = self.choose.choice(tuple(VARIABLES))
            self.variables[name] = self.choose.choice(VARIABLES[name])
            return f"{name}={self.variables[name]}"
        text = self.choose.choice(changes(self.choose))
        run(text)
        return text

    def wanted(self):
        """Targets that the script makes, old or not."""
        return self.choose.sample(TARGETS, self.choose.randrange(1, 6))
