"""How the real projects are built: one class per build system, the same few verbs for each."""

import os
import pathlib
import shutil
import subprocess

JOBS = f"-j{os.cpu_count()}"
PRODUCTS = (".o", ".d", ".a")


class BuildFailed(Exception):
    pass


class Build:
    """A private copy of a project's sources, always at the same path, built in place."""

    package = ""
    header = ""  # one that many units include
    language = ""
    prefix = ()  # before each command

    def __init__(self, source, directory, env, launcher, compiler, whole=False):
        self.source = source
        self.directory = pathlib.Path(directory)
        self.env = env
        self.launcher = launcher
        self.compiler = compiler
        self.whole = whole
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(source, self.directory, symlinks=True)

    def sh(self, *words, **variables):
        done = subprocess.run([*self.prefix, *words], cwd=self.directory,
                              env=self.env | variables, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
                              check=False)
        if done.returncode != 0:
            lines = done.stdout.decode("utf-8", "backslashreplace").splitlines()
            text = "\n".join(lines[-40:])
            raise BuildFailed(f"{' '.join(map(str, words))} exited with {done.returncode}:\n{text}")
        return done.stdout

    def products(self):
        """Every object, depfile and archive by name, with its bytes."""
        return {str(path.relative_to(self.directory)): path.read_bytes()
                for path in sorted(self.directory.rglob("*")) if path.suffix in PRODUCTS
                and path.is_file() and "CompilerId" not in str(path)}

    def objects(self):
        """Every object of a cached compile, with the time it was written."""
        return {path: path.stat().st_mtime_ns for path in self.object_paths()}


class Redis(Build):
    """C, with make; part of its units, for the sake of time, unless it is to be `whole`."""

    package = "redis"
    header = "src/sds.h"
    units = ("adlist ae anet bitops blocked cluster crc16 crc64 crcspeed dict endianconv geo "
             "geohash hyperloglog intset latency listpack lolwut lzf_c lzf_d memtest monotonic "
             "mt19937-64 multi networking notify object pqsort quicklist rand rax rio sds setcpuaf"
             "finity setproctitle sha1 sha256 siphash slowlog sort sparkline t_hash t_list "
             "t_set t_string t_zset util ziplist zipmap zmalloc").split()

    def make(self, optimise, *targets):
        # The launcher stands in REDIS_CC alone: the makefile probes $(CC) each time it is read.
        command = " ".join(filter(None, [self.launcher, self.compiler])) + " $(FINAL_CFLAGS)"
        return self.sh("make", "-C", "src", JOBS, "MALLOC=libc", f"CC={self.compiler}",
                       f"OPT={optimise}", f"OPTIMIZATION={optimise}", f"REDIS_CC={command}",
                       *targets, SOURCE_DATE_EPOCH="1")

    def configure(self):
        self.make("-O1", ".make-prerequisites")

    def build(self, optimise="-O1"):
        targets = ["all"] if self.whole else [*(f"{unit}.o" for unit in self.units), "redis-cli"]
        self.make(optimise, *targets)

    def clean(self):
        for pattern in ("*.o", "*.d", "redis-cli", "redis-server", "redis-benchmark"):
            for path in (self.directory / "src").glob(pattern):
                path.unlink()

    def object_paths(self):
        return sorted((self.directory / "src").glob("*.o"))

    def check(self):
        """A small proof that the program works."""
        if b"redis-cli 7" not in self.sh("src/redis-cli", "--version"):
            raise BuildFailed("redis-cli does not say its version")


class Leveldb(Build):
    """C++, with CMake and Ninja."""

    package = "leveldb"
    header = "include/leveldb/slice.h"

    def configure(self, optimise="-O1"):
        launcher = [f"-DCMAKE_CXX_COMPILER_LAUNCHER={self.launcher}"] if self.launcher else []
        c_compiler = self.compiler.replace("clang++", "clang").replace("g++", "gcc")
        self.optimise = optimise
        self.sh("cmake", "-G", "Ninja", "-S", ".", "-B", "out", "-DCMAKE_BUILD_TYPE=None",
                f"-DCMAKE_CXX_FLAGS={optimise}", f"-DCMAKE_CXX_COMPILER={self.compiler}",
                f"-DCMAKE_C_COMPILER={c_compiler}",
                "-DLEVELDB_BUILD_TESTS=OFF", "-DLEVELDB_BUILD_BENCHMARKS=OFF", *launcher)

    def build(self, optimise="-O1"):
        if optimise != self.optimise:
            self.configure(optimise)
        self.sh("ninja", "-C", "out", JOBS, "-d", "keepdepfile")

    def clean(self):
        self.sh("ninja", "-C", "out", "-t", "clean")
        for path in (self.directory / "out").rglob("*.d"):
            path.unlink()

    def object_paths(self):
        return sorted(path for path in (self.directory / "out").rglob("*.o")
                      if "CMakeScratch" not in str(path) and "CompilerId" not in str(path))

    def check(self):
        database = self.directory / "missing-database"
        done = subprocess.run([self.directory / "out" / "leveldbutil", "dump", database],
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        if b"missing-database" not in done.stdout:
            raise BuildFailed(f"leveldbutil does not work: {done.stdout!r}")


BUILDS = {"redis": Redis, "leveldb": Leveldb}
DRIVERS = {"redis": {"gcc": "gcc", "clang": "clang"},
           "leveldb": {"gcc": "g++", "clang": "clang++"}}
