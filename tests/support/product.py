"""The product under test: its programs, a cache directory of its own, its counters.

Every Product has its own cache directory and so its own daemon, which `close` stops. What is still
running afterwards is found by that directory's name in its environment, reported and killed.
"""

import collections
import json
import os
import pathlib
import signal
import subprocess
import time

PASSED_ON = ("ZCCACHE_CI_MARKER",)

# For a Product of which each hit is compiled again and compared. Not for tests that count processes
# or time, or that kill compiles: a hit is then a compile.
VERIFIED = {"ZCCACHE_VERIFY": "1/1"}


def outcomes_of(status):
    """The counters of `status --json` as one bag: hit, miss, not_cached <reason>, flag <option>."""
    daemon = status["daemon"]
    bag = collections.Counter()
    bag["hit"] = sum(daemon["hits"].values())
    bag["miss"] = daemon["misses"]
    for reason, count in daemon.get("not_cached", {}).items():
        bag[f"not_cached {reason}"] = count
    for flag, count in daemon.get("flags", {}).items():
        bag[f"flag {flag}"] = count
    return +bag


def wait_until(condition, seconds):
    """Polls until `condition()` is true; false when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


class Product:
    def __init__(self, bin_dir, scratch, **variables):
        self.bin_dir = pathlib.Path(bin_dir).resolve()
        self.launcher = str(self.bin_dir / "zccache")
        self.scratch = pathlib.Path(scratch)
        self.cache = self.scratch / "cache"
        self.home = self.scratch / "home"
        self.temporary = self.scratch / "tmp"
        for directory in (self.home, self.temporary):
            directory.mkdir(parents=True, exist_ok=True)
        self.variables = variables
        self.journal_lines = 0  # that new_records has returned

    def __enter__(self):
        return self

    def __exit__(self, *_):
        leftovers = self.close()
        wrong = self.wrong_results()
        if wrong:
            raise RuntimeError("verified hits were wrong:\n" + "\n".join(wrong))
        if leftovers:
            raise RuntimeError("still running after `zccache stop`: " + ", ".join(leftovers))

    def env(self):
        """A small environment, the same for plain and for cached runs."""
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "TMPDIR": str(self.temporary),
                "ZCCACHE_CACHE_DIR": str(self.cache), "ZCCACHE_IDLE_TIMEOUT_SECS": "300",
                **passed_on, **self.variables}

    def run(self, *words, timeout=60, check=False):
        done = subprocess.run([self.launcher, *words], env=self.env(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                              cwd=self.scratch, text=True, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"zccache {' '.join(words)} exited with {done.returncode}: "
                               f"{done.stdout}{done.stderr}")
        return done

    def new_records(self):
        """What the journal has had since the last call."""
        self.status()  # the daemon writes it to the end before it replies
        journal = next(self.cache.rglob("compile_journal.jsonl"), None)
        lines = journal.read_text().splitlines() if journal else []
        new, self.journal_lines = lines[self.journal_lines:], len(lines)
        return [json.loads(line) for line in new]

    def masquerade(self, names):
        """A directory of symlinks to the client, one for each name, to go first on PATH."""
        directory = self.scratch / "masquerade"
        directory.mkdir(exist_ok=True)
        for name in names:
            if not (directory / name).is_symlink():
                (directory / name).symlink_to(self.launcher)
        return directory

    def start(self):
        self.run("start", check=True)

    def stop(self):
        return self.run("stop")

    def status(self):
        return json.loads(self.run("status", "--json", check=True).stdout)

    def outcomes(self):
        return outcomes_of(self.status())

    def verdicts(self):
        """What came of hits that were verified: verified, wrong, not_reproducible, unfinished."""
        return collections.Counter(self.status()["daemon"]["verification"])

    def wrong_results(self):
        """The reports of wrong results; they outlive the daemon."""
        return [path.read_text(errors="replace")
                for path in sorted(self.cache.rglob("wrong-results/*/report.txt"))]

    def running(self):
        """Process ids of everything started for this cache directory, ourselves excepted."""
        mark = b"ZCCACHE_CACHE_DIR=" + os.fsencode(self.cache) + b"\0"
        found = []
        for directory in pathlib.Path("/proc").iterdir():
            if directory.name.isdigit() and int(directory.name) != os.getpid():
                try:
                    if mark in (directory / "environ").read_bytes() + b"\0" and alive(directory):
                        found.append(int(directory.name))
                except OSError:
                    pass  # it ended meanwhile, or is not ours
        return found

    def daemons(self):
        return [pid for pid in self.running() if command_of(pid).startswith("zccache-daemon")]

    def close(self):
        """Stops the daemon. Returns what was still running, which is killed."""
        try:
            self.run("stop", timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            pass  # what is left is found below
        if wait_until(lambda: not self.running(), 5):
            return []
        leftovers = [f"{pid} ({command_of(pid)})" for pid in self.running()]
        for pid in self.running():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return leftovers


def alive(proc_directory):
    return ") Z" not in (proc_directory / "stat").read_text()


def command_of(pid):
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return " ".join([os.path.basename(os.fsdecode(words[0])),
                         *(os.fsdecode(word) for word in words[1:])]).strip()
    except OSError:
        return "ended"
