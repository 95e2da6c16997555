"""Cold and warm builds of a real project (Debian's abseil source), with CMake and Ninja -j2.

Only the objects are built: archiving costs the same for everybody, and would hide the difference.
"""

import filecmp
import os
import pathlib
import shutil
import subprocess
import time

import projects
from table import Samples, note, ratio, section, show

PACKAGE = "abseil"
JOBS = "-j2"
PLAIN_ENV = {"PATH": "/usr/bin:/bin", "LANG": "C"}
WARM_PER_ROUND = 10


class Build:
    """One build directory and what stands before its compiler."""

    def __init__(self, name, directory, source, env, launcher, contender=None):
        self.name = name
        self.directory = directory
        self.source = source
        self.env = env
        self.launcher = launcher
        self.contender = contender
        self.objects = []
        self.cold = []
        self.warm = []
        self.problems = set()

    def configure(self):
        launcher = ";".join(self.launcher)
        options = [f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []
        subprocess.run(["cmake", "-G", "Ninja", "-S", self.source, "-B", self.directory,
                        "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_STANDARD=17",
                        "-DCMAKE_CXX_COMPILER=/usr/bin/g++", *options], env=self.env, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ninja(self, *options):
        subprocess.run(["ninja", "-C", self.directory, JOBS, *options], env=self.env, check=True,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def timed(self):
        self.ninja("-t", "clean")
        os.sync()
        start = time.monotonic_ns()
        self.ninja(*self.objects)
        return time.monotonic_ns() - start

    def run_cold(self):
        if self.contender:
            self.contender.restart_empty()
        self.cold.append(self.timed())

    def run_warm(self):
        before = self.contender.hits() if self.contender else 0
        self.warm.append(self.timed())
        got = self.contender.hits() - before if self.contender else 0
        if self.contender and got < len(self.objects):
            self.problems.add(f"{self.name}: {got} hits of {len(self.objects)} in a warm build")


def objects_of(directory):
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*.o"))


def different_objects(build, bare):
    return [n for n in bare.objects
            if not filecmp.cmp(bare.directory / n, build.directory / n, shallow=False)]


def prepare(source, scratch, bench_bin, contenders):
    bare = Build("bare", scratch / "bare", source, PLAIN_ENV, [])
    saved = scratch / "saved"
    copy = Build("copy-only", scratch / "copy", source, PLAIN_ENV | {"COPY_FROM": str(saved)},
                 [str(bench_bin / "bench_copy_launcher")])
    cached = [Build(c.name, scratch / c.name, source, c.env, c.launcher(), c) for c in contenders]
    for build in [bare, copy, *cached]:
        build.configure()
    print("building once without a cache, for the copy-only launcher", flush=True)
    bare.ninja("-d", "keepdepfile")
    shutil.copytree(bare.directory, saved)
    for build in [bare, copy, *cached]:
        build.objects = objects_of(bare.directory)
    return bare, copy, cached


def measure_round(number, bare, copy, cached):
    order = [bare, *cached]
    shift = number % len(order)
    for build in order[shift:] + order[:shift]:
        build.run_cold()
        print(f"round {number + 1}: cold {build.name}: {build.cold[-1] / 1e9:.2f} s", flush=True)
        if build.contender:
            build.run_warm()  # not counted: a cache may settle after a cold build
            build.warm.pop()
    for _ in range(WARM_PER_ROUND):
        for build in [copy, *cached]:
            build.run_warm()
    for build in [copy, *cached]:
        print(f"round {number + 1}: warm {build.name}: {build.warm[-1] / 1e9:.2f} s", flush=True)


def show_builds(kind, builds, base, samples_of):
    samples = {build.name: Samples(samples_of(build)) for build in builds if samples_of(build)}
    rows = [[name, *item.row(1e9, 3), ratio(item, samples[base], 3)]
            for name, item in samples.items()]
    show([f"{kind}, s", "min", "median", "max", f"÷ {base}"], rows)
    return {name: item.as_json() for name, item in samples.items()}


def measure(scratch, bench_bin, contenders, rounds):
    scratch.mkdir()
    bare, copy, cached = prepare(projects.fetch(PACKAGE), scratch, bench_bin, contenders)
    objects = len(bare.objects)
    print(flush=True)
    for number in range(rounds):
        measure_round(number, bare, copy, cached)
    section(f"Project: {PACKAGE}, {objects} units, Release, ninja {JOBS}, {rounds} round(s)")
    result = {"objects": objects}
    result["cold_ns"] = show_builds("cold", [bare, *cached], "bare", lambda b: b.cold)
    result["warm_ns"] = show_builds("warm", [copy, *cached], "copy-only", lambda b: b.warm)
    problems = sorted(problem for build in cached for problem in build.problems)
    for build in [copy, *cached]:
        wrong = different_objects(build, bare)
        if wrong:
            problems.append(f"{build.name}: {len(wrong)} objects differ from a plain build, "
                            f"the first is {wrong[0]}")
    for problem in problems:
        note(f"**{problem}**")
    result["problems"] = problems
    return result
