"""What the storm compiles: units of a real C and a real C++ project, each under some surroundings, and
what plain compiles of them leave.

Everything is compiled at one place, so that a plain compile and a cached one must leave the same
bytes. Sources change only while nothing is compiled.
"""

import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

import projects

HANG_SECONDS = 120
GRACE_SECONDS = 3  # no command may take longer than its plain counterpart and this

PACKAGES = ("redis", "leveldb")
C_UNITS = ("adlist", "crc16", "endianconv", "intset", "lzf_d", "pqsort", "rand", "sds", "sha256",
           "siphash", "sparkline", "zmalloc", "broken")
CXX_UNITS = ("util/arena", "util/bloom", "util/coding", "util/filter_policy", "util/hash",
             "util/options", "table/iterator")
REDIS_DEPS = ("hiredis", "lua/src", "hdr_histogram")
FLAGS = ("-g -O1", "-O0", "-g -O1 -pipe")

# A unit with an error in it: exit codes and messages of failures have to be right as well.
BROKEN = '#include "sds.h"\nint broken(void) { return undeclared_name; }\n'

# Values under which the plain compiles succeed (which is checked) and ours might not.
LIMITS = ("--fsize=400000", "--fsize=150000", "--nofile=16", "--nofile=12:64", "--nproc=4000",
          "--as=700000000", "--data=400000000", "--stack=1048576", "--cpu=30", "--memlock=0",
          "--sigpending=0", "--core=0", "--locks=0", "--msgqueue=0", "--rtprio=0", "--nice=0")
NAMESPACES = ("-m", "-p -f --kill-child", "-U -r", "-i -u", "-n", "-U -r -m", "-m -p -f --kill-child",
              "-C")


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """Words in front of a command, and whether they show it another header."""

    name: str
    words: tuple = ()
    other_header: bool = False


@dataclasses.dataclass(frozen=True)
class State:
    """What the bytes of an output depend on."""

    flags: str
    version: int  # of the edited headers
    other_header: bool


@dataclasses.dataclass
class Outcome:
    """What a command left and how long that took, less the time for which it was stopped."""

    code: int
    out: bytes
    err: bytes
    files: dict
    seconds: float


class Running:
    """A command while it runs, so that the storm can strike its first process."""

    def __init__(self, process):
        self.process = process
        self.struck = None  # what was done to it, if that may end it
        self.stopped_seconds = 0.0


class Project:
    def __init__(self, directory, compiler, suffix, units, options, header):
        self.directory = directory
        self.compiler = compiler
        self.suffix = suffix
        self.units = units
        self.options = options
        self.header = directory / header
        self.text = self.header.read_text()

    def write_header(self, path, version):
        """Each version of the header leaves its mark in every object that includes it."""
        mark = f'static const char storm[] __attribute__((used)) = "storm {version}";\n'
        end = self.text.rindex("#endif")
        path.write_text(self.text[:end] + mark + self.text[end:])

    def command(self, unit, state, output):
        return [self.compiler, *self.options, *state.flags.split(), "-MD", "-MF", f"{output}.d",
                "-c", f"{unit}{self.suffix}", "-o", f"{output}.o"]


def copy_of(package, directory, parts):
    source = projects.fetch(package)
    for part in parts:
        shutil.copytree(source / part, directory / part, symlinks=True)
    return directory


def make_projects(directory):
    redis = copy_of("redis", directory / "redis", ("src", *(f"deps/{name}" for name in REDIS_DEPS)))
    leveldb = copy_of("leveldb", directory / "leveldb",
                      ("db", "helpers", "include", "port", "table", "util"))
    (redis / "src" / "broken.c").write_text(BROKEN)
    return [Project(redis / "src", "gcc", ".c", C_UNITS,
                    ("-std=c11", "-Wall", "-Wextra", "-DREDIS_STATIC=",
                     *(f"-I../deps/{name}" for name in REDIS_DEPS)), "sds.h"),
            Project(leveldb, "g++", ".cc", CXX_UNITS,
                    ("-std=c++11", "-Wall", "-Wextra", "-DLEVELDB_PLATFORM_POSIX=1", "-I.",
                     "-Iinclude"), "include/leveldb/slice.h")]


class Builds:
    """Runs commands, plainly and through the cache, and knows what the plain ones leave."""

    def __init__(self, product, scratch, without):
        self.product = product
        self.projects = make_projects(scratch / "src")
        self.version = 0
        self.running = set()
        self.lock = threading.Lock()
        self.plain = {}  # (project, unit, state) -> Outcome
        self.bearable = {}  # (project, unit, flags, surroundings) -> whether that makes no difference
        self.calm = Surroundings("")
        self.impossible = []
        self.headers = {}
        for project in self.projects:
            self.headers[project] = scratch / f"other-{project.compiler}.h"
            project.write_header(self.headers[project], "elsewhere")
        self.surroundings = [[place for place in places if self.works(place)]
                             for places in self.all_surroundings(without)]
        self.edit(0)

    def all_surroundings(self, without):
        """In groups, each of which is used as often as the others."""
        limits = [Surroundings(limit, ("prlimit", limit, "--")) for limit in LIMITS]
        namespaces = [Surroundings(f"unshare {words}", ("unshare", *words.split()))
                      for words in NAMESPACES]
        others = [Surroundings(f"unshare {words}, other headers",
                               ("unshare", *words.split(), "sh", "-c", self.binds(), "sh"), True)
                  for words in ("-m", "-U -r -m", "-m -p -f --kill-child")]
        return [*([limits] if "limits" not in without else []),
                *([namespaces, others] if "namespaces" not in without else [])]

    def any_surroundings(self, rng):
        """Of a command in three, other ones."""
        groups = [places for places in self.surroundings if places]
        return rng.choice(rng.choice(groups)) if groups and rng.random() < 0.35 else self.calm

    def binds(self):
        mounts = [f"mount --bind {self.headers[project]} {project.header}"
                  for project in self.projects]
        return " && ".join(mounts) + ' && exec "$@"'

    def works(self, place):
        done = subprocess.run([*place.words, "true"], env=self.product.env(), check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        if done.returncode != 0:
            self.impossible.append(place.name)
        return done.returncode == 0

    def units(self):
        return [(project, unit) for project in self.projects for unit in project.units]

    def edit(self, version):
        self.version = version
        for project in self.projects:
            project.write_header(project.header, version)

    def output_of(self, project, unit):
        return self.product.scratch / "out" / project.compiler / unit.replace("/", "-")

    def run(self, words, project, output, plain):
        """Runs a command and takes away what it left. Plain ones are not struck."""
        shutil.rmtree(output.parent / output.name, ignore_errors=True)
        output.mkdir(parents=True)
        start = time.monotonic()
        env = self.product.env() | {"PWD": str(project.directory)}  # as shells have it
        process = subprocess.Popen(words, cwd=project.directory, env=env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        command = Running(process)
        if not plain:
            with self.lock:
                self.running.add(command)
        try:
            out, err = process.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            err += b"(killed: no end)"
        with self.lock:
            self.running.discard(command)
        seconds = time.monotonic() - start - command.stopped_seconds
        files = {path.name: (path.read_bytes(), path.stat().st_mode) for path in output.iterdir()}
        return Outcome(process.returncode, out, err, files, seconds), command.struck

    def words_of(self, project, unit, state, place, plain):
        launcher = [] if plain else [self.product.launcher]
        output = self.output_of(project, unit)
        return [*place.words, *launcher, *project.command(unit, state, output / "unit")]

    def run_plain(self, project, unit, state, place):
        words = self.words_of(project, unit, state, place, True)
        return self.run(words, project, self.output_of(project, unit), True)[0]

    def state_of(self, flags, place):
        return State(flags, self.version, place.other_header)

    def expect(self, project, unit, flags, place):
        """The outcome of the plain compile. Nothing but other headers may make a difference to it:
        None where the surroundings do, since the unit can't be compiled in them."""
        if not place.words or place.other_header:
            return self.expect_bytes(project, unit, self.state_of(flags, place), place)
        want = self.expect(project, unit, flags, self.calm)
        key = (project, unit, flags, place)
        if key not in self.bearable:
            got = self.run_plain(project, unit, self.state_of(flags, place), place)
            self.bearable[key] = not differences(want, got)
        return want if self.bearable[key] else None

    def expect_bytes(self, project, unit, state, place):
        key = (project, unit, state)
        if key not in self.plain:
            got = self.plain[key] = self.run_plain(project, unit, state, place)
            if (got.code != 0) != (unit == "broken"):
                raise RuntimeError(f"{unit} can't be compiled plainly: {got.err.decode()}")
        return self.plain[key]


def differences(want, got):
    """In words, or nothing."""
    if want.code != got.code:
        last = (got.out + got.err)[-300:]
        return f"exit code {got.code} instead of {want.code}: {last!r}"
    for name, mine, other in (("stdout", want.out, got.out), ("stderr", want.err, got.err)):
        if mine != other:
            return f"{name} {other[-300:]!r} instead of {mine[-300:]!r}"
    for name in sorted(want.files.keys() | got.files.keys()):
        mine, other = want.files.get(name), got.files.get(name)
        if mine is None or other is None:
            return f"{name} " + ("was left in addition" if mine is None else "is missing")
        if mine[1] != other[1]:
            return f"{name} has the mode {other[1]:o} instead of {mine[1]:o}"
        if mine[0] != other[0]:
            return f"{name} has other bytes ({len(other[0])}, plainly {len(mine[0])})"
    return ""
