"""How projects are built with Emscripten, plainly or through the cache: one class per project, the
same few verbs for each.
"""

import os
import pathlib
import shutil
import subprocess

import projects

OWN_PROJECTS = pathlib.Path(__file__).resolve().parent.parent / "e2e" / "data"
PRODUCTS = (".a", ".data", ".js", ".o", ".wasm")
JOBS = f"-j{os.cpu_count()}"


class BuildFailed(Exception):
    pass


def is_installed():
    return shutil.which("emcc", path="/usr/bin:/bin") is not None


class Project:
    """A private copy of the sources, built in place, with `launcher` before each tool."""

    name = ""
    header = ""  # one that each unit includes
    prefix = ()  # before each command
    is_run_twice = False  # some command on a miss, since it packs files

    @classmethod
    def fetch(cls):
        """The directory with the sources. Raises projects.NotReachable."""
        return projects.fetch(cls.name)

    def __init__(self, source, directory, env, launcher):
        self.directory, self.launcher = directory, launcher
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(source, directory, symlinks=True)
        # A newer node has a `fetch` of its own, which scripts of older Emscriptens take for that of
        # a browser.
        self.env = env | {"NODE_PATH": "/usr/share/nodejs", "PWD": str(directory),
                          "NODE_OPTIONS": "--no-experimental-fetch"}

    def tool(self, name):
        return f"{self.launcher} {name}".strip()

    def run(self, *words):
        done = subprocess.run([*self.prefix, *words], cwd=self.directory, env=self.env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise BuildFailed(f"{' '.join(words)} exited with {done.returncode}:\n"
                              f"{done.stdout.decode('utf-8', 'replace')[-3000:]}")
        return done.stdout

    def products(self):
        return {str(path.relative_to(self.directory)): (path.read_bytes(), path.stat().st_mode)
                for path in sorted(self.directory.rglob("*"))
                if path.suffix in PRODUCTS and path.is_file() and "CompilerId" not in str(path)}

    def configure(self):
        pass


class MakeProject(Project):
    ar_words = ""  # behind the archiver's name

    def make(self, *words):
        return self.run("make", f"CC={self.tool('emcc')}", f"RANLIB={self.tool('emranlib')}",
                        f"AR={self.tool('emar')} {self.ar_words}", JOBS, *words)


class Lua(MakeProject):
    """C, with make: an archive, and two programs."""

    name, header, ar_words = "lua5.4", "src/lobject.h", "rcs"

    def build(self):
        self.make("-C", "src", "LUA_T=lua.js", "LUAC_T=luac.js", "MYCFLAGS=-DLUA_USE_C89",
                  "liblua.a", "lua.js", "luac.js")

    def clean(self):
        self.make("-C", "src", "LUA_T=lua.js", "LUAC_T=luac.js", "clean")
        for module in self.directory.glob("src/*.wasm"):
            module.unlink()

    def result(self):
        return self.run("node", "src/lua.js", "-e", "print(_VERSION, 6 * 7, ('x'):rep(3))")


class Zlib(MakeProject):
    """C, with a configure script: the same, with programs that test themselves."""

    name, header = "zlib", "zutil.h"

    def configure(self):
        self.env |= {"CC": self.tool("emcc"), "AR": self.tool("emar"),
                     "RANLIB": self.tool("emranlib")}
        self.run("./configure", "--static")
        for path in self.directory.glob("ztest*"):  # named after processes
            path.unlink()

    def build(self):
        self.make("EXE=.js", "ARFLAGS=rc", "libz.a", "example.js", "minigzip.js")

    def clean(self):
        self.make("EXE=.js", "clean")
        for path in [*self.directory.glob("*.js"), *self.directory.glob("*.wasm")]:
            path.unlink()

    def result(self):
        return self.run("node", "example.js")


class Tinyxml2(Project):
    """C++, with CMake, which calls the archiver by its path and without the launcher. The test finds
    its files in its script.
    """

    name, header = "tinyxml2", "tinyxml2.h"
    is_run_twice = True

    def configure(self):
        launchers = [f"-DCMAKE_CXX_{kind}_LAUNCHER={self.launcher}"
                     for kind in ("COMPILER", "LINKER") if self.launcher]
        self.run("emcmake", "cmake", "-G", "Ninja", "-S", ".", "-B", "out",
                 "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_EXE_LINKER_FLAGS=--embed-file "
                 f"{self.directory}/resources@resources", *launchers)

    def build(self):
        self.run("ninja", "-C", "out", JOBS)

    def clean(self):
        self.run("ninja", "-C", "out", "-t", "clean")
        for path in self.directory.glob("out/*.wasm"):
            path.unlink()

    def result(self):
        """But for the times that it has taken."""
        lines = self.run("node", "out/xmltest.js").splitlines(keepends=True)
        return b"".join(line for line in lines if b"time" not in line and b"Parsing" not in line)


class Threads(MakeProject):
    """C++ with threads; a small one of our own."""

    name, header, ar_words = "threads", "sum.h", "rcs"

    @classmethod
    def fetch(cls):
        return OWN_PROJECTS / cls.name

    def build(self):
        self.make(f"CXX={self.tool('em++')}")

    def clean(self):
        self.make("clean")

    def result(self):
        return self.run("node", "sums.js")


PROJECTS = {project.name: project for project in (Lua, Zlib, Tinyxml2, Threads)}
