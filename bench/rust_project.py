"""Cold and warm `cargo build --release` of ripgrep, and how long the hit of one library takes."""

import os
import pathlib
import shutil
import subprocess
import time

import cargo_builds
import crates
import hits
import rust
from table import Samples, note, section, show, ratio

CRATE = "ripgrep"
WARM_PER_ROUND = 5


def cargo_env():
    return {"PATH": f"{rust.toolchain()}:/usr/bin:/bin", "LANG": "C",
            "CARGO_HOME": str(crates.home()), "CARGO_NET_OFFLINE": "true"}


class Build:
    """A checkout of its own for each contender, all at the same depth."""

    def __init__(self, name, source, directory, env, wrapper="", contender=None):
        self.name = name
        self.directory = directory
        self.env = cargo_env() | env | {"CARGO_HOME": str(crates.home())}
        self.env["PATH"] = cargo_env()["PATH"]
        if wrapper:
            self.env["RUSTC_WRAPPER"] = wrapper
        self.contender = contender
        self.cold = []
        self.warm = []
        shutil.copytree(source, directory)

    def cargo(self):
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=self.directory, env=self.env,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)

    def timed(self):
        shutil.rmtree(self.directory / "target", ignore_errors=True)
        os.sync()
        start = time.monotonic_ns()
        self.cargo()
        return time.monotonic_ns() - start

    def run_cold(self):
        if self.contender:
            self.contender.restart_empty()
        self.cold.append(self.timed())

    def run_warm(self):
        self.warm.append(self.timed())

    def programs(self):
        return cargo_builds.digest(self.directory / "target" / "release" / "rg")


def prepare(source, scratch, bench_bin, contenders):
    bare = Build("bare", source, scratch / "bare", {})
    saved = scratch / "saved"
    wrapper = str(bench_bin / "bench_copy_rustc")
    copy = Build("copy-only", source, scratch / "copy", {"COPY_TO": str(saved)}, wrapper)
    print("building once without a cache, for the copy-only wrapper", flush=True)
    copy.cargo()
    del copy.env["COPY_TO"]
    copy.env["COPY_FROM"] = str(saved)
    cached = [Build(c.name, source, scratch / c.name, c.env, c.program, c) for c in contenders]
    return bare, copy, cached


def measure_round(number, bare, copy, cached):
    order = [bare, *cached]
    shift = number % len(order)
    for build in order[shift:] + order[:shift]:
        build.run_cold()
        print(f"round {number + 1}: cold {build.name}: {build.cold[-1] / 1e9:.2f} s", flush=True)
        if build.contender:
            build.timed()  # not counted: a cache may settle after a cold build
    for _ in range(WARM_PER_ROUND):
        for build in [copy, *cached]:
            build.run_warm()
    for build in [copy, *cached]:
        print(f"round {number + 1}: warm {build.name}: {build.warm[-1] / 1e9:.2f} s", flush=True)


def show_builds(kind, builds, base, samples_of):
    samples = {build.name: Samples(samples_of(build)) for build in builds}
    show([f"{kind}, s", "min", "median", "max", f"÷ {base}"],
         [[name, *item.row(1e9, 3), ratio(item, samples[base], 3)]
          for name, item in samples.items()])
    return {name: item.as_json() for name, item in samples.items()}


class Library:
    """One crate, compiled by hand as cargo does it, for each contender in its own directory."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir(parents=True)
        source = "".join(f"pub mod m{n} {{\n    #[inline(never)]\n    pub fn f(x: &[u64]) -> u64 {{\n"
                         f"        x.iter().map(|v| v * {n} + 1).sum()\n    }}\n}}\n"
                         for n in range(200))
        (directory / "lib.rs").write_text(source)
        hour_ago = time.time() - 3600
        os.utime(directory / "lib.rs", (hour_ago, hour_ago))

    def command(self, who):
        (self.directory / who).mkdir(exist_ok=True)
        return [str(rust.toolchain() / "rustc"), "--crate-name", "unit", "--edition=2021", "lib.rs",
                "--error-format=json", "--json=diagnostic-rendered-ansi,artifacts",
                "--crate-type", "lib", "--emit=dep-info,metadata,link", "-C", "opt-level=3",
                "-C", "metadata=12ab", "-C", "extra-filename=-12ab", "--out-dir", who,
                "-L", f"dependency={who}"]

    def digests(self, who):
        return [cargo_builds.digest(path) for path in sorted((self.directory / who).iterdir())
                if path.suffix != ".d"]


def measure_hit(bench_bin, scratch, contenders, rounds):
    library = Library(scratch / "library")
    subprocess.run(library.command("plain"), cwd=library.directory, env=cargo_env(), check=True,
                   stderr=subprocess.DEVNULL)
    cases = [hits.Case("empty process", library.directory, cargo_env(),
                       [bench_bin / "bench_empty"])]
    for contender in contenders:
        env = contender.env | {"PATH": cargo_env()["PATH"]}
        command = [contender.program, *library.command(contender.name)]
        for _ in range(3):
            subprocess.run(command, cwd=library.directory, env=env, check=True,
                           stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cases.append(hits.Case(contender.name, library.directory, env, command))
    samples = hits.run_rounds(bench_bin, cases, rounds)
    size = (library.directory / "plain" / "libunit-12ab.rlib").stat().st_size
    section(f"Hit: one Rust library ({size / 1000:.0f} KB rlib, metadata, dep-info)")
    show(["ms", "min", "median", "max", "÷ zccache"],
         [[name, *item.row(1e6, 2), ratio(item, samples.get("zccache"))]
          for name, item in samples.items()])
    for contender in contenders:
        if library.digests(contender.name) != library.digests("plain"):
            note(f"**{contender.name} delivered other bytes than a plain compile**")
    return {name: item.as_json() for name, item in samples.items()}


def measure(scratch, bench_bin, contenders, rounds, hit_rounds):
    scratch.mkdir()
    contenders = [c for c in contenders if c.caches_rust]
    source = scratch / "source"
    shutil.copytree(crates.fetch(CRATE), source)
    result = {"hit_ns": measure_hit(bench_bin, scratch, contenders, hit_rounds)}
    bare, copy, cached = prepare(source, pathlib.Path(scratch), bench_bin, contenders)
    for number in range(rounds):
        measure_round(number, bare, copy, cached)
    section(f"Project: {CRATE}, cargo build --release, {rounds} round(s)")
    result["cold_ns"] = show_builds("cold", [bare, *cached], "bare", lambda b: b.cold)
    result["warm_ns"] = show_builds("warm", [copy, *cached], "copy-only", lambda b: b.warm)
    return result
