"""What goes wrong in a storm: processes are killed, stopped and frozen, the cache is damaged, removed,
full or read-only, and people type commands. Each kind of fault is one class with one method that
strikes; what it breaks for a while, it mends before it returns.
"""

import collections
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

import storm_builds
from product import wait_until


def send(pid, number):
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


class Fault:
    """`strike` returns what was done, or None when there was nothing to do it to."""

    weight = 1

    def __init__(self, storm):
        self.storm = storm
        self.product = storm.product
        self.rng = storm.rng

    def pause(self, least, most):
        """Waits while whatever was broken stays so, but not beyond the end of the round."""
        self.storm.over.wait(self.rng.uniform(least, most))


class DaemonFault(Fault):
    weight = 6

    def strike(self):
        daemons = self.product.daemons()
        if not daemons:
            return None
        kind = self.rng.choice(("killed", "killed", "terminated", "stopped", "stopped", "stopped "
                                "and killed"))
        for pid in daemons:
            send(pid, {"killed": signal.SIGKILL, "terminated": signal.SIGTERM}.get(
                kind, signal.SIGSTOP))
        if kind.startswith("stopped"):
            self.pause(0.02, 1.0)
            for pid in daemons:
                send(pid, signal.SIGKILL if kind.endswith("killed") else signal.SIGCONT)
        return f"daemon {kind}"


class FrozenDaemon(Fault):
    """Frozen for longer than any command may take in addition; by the kernel where we may."""

    def strike(self):
        daemons = self.product.daemons()
        if not daemons:
            return None
        freezer = Freezer.make()
        frozen = freezer is not None and freezer.freeze(daemons)
        if not frozen:
            for pid in daemons:
                send(pid, signal.SIGSTOP)
        # Longer than a round may still last: the clients have to go on meanwhile.
        end = time.monotonic() + self.rng.uniform(storm_builds.GRACE_SECONDS + 1, 7)
        while time.monotonic() < end and not self.storm.over.wait(0.05):
            pass
        if frozen:
            freezer.thaw()
        else:
            for pid in daemons:
                send(pid, signal.SIGCONT)
        return "daemon frozen" + ("" if frozen else " (stopped for seconds)")


class Freezer:
    """A control group of our own whose processes the kernel can freeze."""

    def __init__(self, directory, control, frozen, thawed):
        self.directory = directory
        self.home = directory.parent / "cgroup.procs"
        self.control = directory / control
        self.values = (frozen, thawed)
        self.pids = []

    @classmethod
    def make(cls):
        name = f"zccache-storm-{os.getpid()}"
        for parent, control, frozen, thawed in (
                ("/sys/fs/cgroup", "cgroup.freeze", "1", "0"),
                ("/sys/fs/cgroup/unified", "cgroup.freeze", "1", "0"),
                ("/sys/fs/cgroup/freezer", "freezer.state", "FROZEN", "THAWED")):
            directory = pathlib.Path(parent) / name
            try:
                directory.mkdir(exist_ok=True)
                if (directory / control).exists():
                    return cls(directory, control, frozen, thawed)
                directory.rmdir()
            except OSError:
                continue
        return None

    def move(self, pids, procs):
        moved = 0
        for pid in pids:
            try:
                procs.write_text(f"{pid}\n")
                moved += 1
            except OSError:
                pass  # it has ended
        return moved

    def freeze(self, pids):
        self.pids = pids
        try:
            if not self.move(pids, self.directory / "cgroup.procs"):
                raise OSError("nothing to freeze")
            self.control.write_text(self.values[0])
            return True
        except OSError:
            self.thaw()
            return False

    def thaw(self):
        try:
            self.control.write_text(self.values[1])
            # Also what a frozen process started before: the group can go only when it is empty.
            self.move((self.directory / "cgroup.procs").read_text().split(), self.home)
            self.directory.rmdir()
        except OSError:
            pass  # a process that is just ending holds it; the next freezer takes it over


class ClientFault(Fault):
    weight = 6

    def strike(self):
        builds = self.storm.builds
        with builds.lock:
            commands = sorted(builds.running, key=lambda command: command.process.pid)
            if not commands:
                return None
            command = self.rng.choice(commands)
            kind = self.rng.choice(("killed", "terminated", "interrupted", "stopped", "stopped"))
            number = {"killed": signal.SIGKILL, "terminated": signal.SIGTERM,
                      "interrupted": signal.SIGINT, "stopped": signal.SIGSTOP}[kind]
            if command.process.returncode is not None or not send(command.process.pid, number):
                return None
            if kind != "stopped":
                command.struck = kind
        if kind == "stopped":
            start = time.monotonic()
            self.pause(0.02, 0.8)
            command.stopped_seconds += time.monotonic() - start
            send(command.process.pid, signal.SIGCONT)
        return f"client {kind}"


class Lifecycle(Fault):
    """What people and scripts type meanwhile. It may fail, but not hang or die."""

    weight = 5
    LONGEST = 45

    def strike(self):
        words = self.rng.choice((["start"], ["start"], ["status"], ["status", "--json"], ["stop"],
                                 ["clear"]))
        name = f"zccache {words[0]}"
        start = time.monotonic()
        try:
            done = self.product.run(*words, timeout=self.LONGEST)
        except subprocess.TimeoutExpired:
            self.storm.fail(f"{name} hung for {self.LONGEST} s")
            return name
        seconds = time.monotonic() - start
        self.storm.slowest_of[name] = max(self.storm.slowest_of[name], seconds)
        silent = not (done.stdout + done.stderr).strip()
        if done.returncode not in (0, 1) or (done.returncode == 1 and silent):
            self.storm.fail(f"{name} exited with {done.returncode}: {done.stdout}{done.stderr}")
        return name


class CacheFault(Fault):
    """The cache's files: gone, cut, overwritten, not to be written."""

    weight = 5

    def files(self):
        found = []
        for directory, _, names in os.walk(self.product.cache):
            found += [pathlib.Path(directory) / name for name in names if name != "ballast"]
        return sorted(path for path in found if path.is_file() and not path.is_symlink())

    def strike(self):
        try:
            return self.rng.choice((self.remove_all, self.remove_some, self.cut, self.overwrite,
                                    self.overwrite, self.forbid))()
        except OSError:
            return None  # the cache's owner was quicker

    def remove_all(self):
        for path in list(self.product.cache.iterdir()) if self.product.cache.exists() else []:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != "ballast":
                path.unlink(missing_ok=True)
        return "cache removed"

    def some(self):
        files = self.files()
        return self.rng.sample(files, min(len(files), self.rng.randrange(1, 6)))

    def remove_some(self):
        for path in self.some():
            path.unlink(missing_ok=True)
        return "files removed"

    def cut(self):
        for path in self.some():
            os.truncate(path, self.rng.randrange(path.stat().st_size + 1))
        return "files cut"

    def overwrite(self):
        for path in self.some():
            size = path.stat().st_size
            if size and not os.access(path, os.X_OK):  # a program with other bytes may do anything
                with open(path, "r+b") as file:
                    file.seek(self.rng.randrange(size))
                    file.write(self.rng.randbytes(self.rng.choice((1, 16, 4096))))
        return "files overwritten"

    def forbid(self):
        below = (path for path in self.product.cache.rglob("*") if path.is_dir())
        directory = self.rng.choice([self.product.cache, *below])
        mode = directory.stat().st_mode
        directory.chmod(self.rng.choice((0o500, 0o000, 0o400)))
        self.pause(0.1, 1.0)
        if directory.exists():
            directory.chmod(mode)
        return "directory forbidden"


class DiskFault(Fault):
    """The cache's own file system becomes full or read-only for a while."""

    weight = 3

    def strike(self):
        if self.storm.disk is None:
            return None
        if self.rng.random() < 0.6:
            self.storm.disk.fill()
            self.pause(0.1, 1.5)
            self.storm.disk.drain()
            return "disk full"
        for pid in self.product.daemons():
            send(pid, signal.SIGKILL)  # as long as a file is open for writing, the kernel refuses
        if not wait_until(lambda: self.storm.disk.remount("ro"), 1):
            return None
        self.pause(0.1, 1.5)
        self.storm.disk.remount("rw")
        return "disk read-only"


class Disk:
    """A small file system of its own at the cache's directory."""

    def __init__(self, directory):
        self.directory = directory

    @classmethod
    def mount(cls, directory, size):
        """None where we may not mount."""
        directory.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", directory],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return cls(directory) if done.returncode == 0 else None

    def remount(self, how):
        done = subprocess.run(["mount", "-o", f"remount,{how}", self.directory], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0

    def fill(self):
        try:
            with open(self.directory / "ballast", "wb", buffering=0) as file:
                while file.write(bytes(65536)):
                    pass
        except OSError:
            pass  # full, as wanted

    def drain(self):
        (self.directory / "ballast").unlink(missing_ok=True)

    def unmount(self):
        subprocess.run(["umount", "--lazy", self.directory], check=False)


FAULTS = {"daemon": DaemonFault, "freeze": FrozenDaemon, "client": ClientFault,
          "lifecycle": Lifecycle, "cache": CacheFault, "disk": DiskFault}


class Storm:
    """Strikes at random moments until a round is over. The first round and some others see every kind
    of fault, others one or two; some see many, others few, so that the cache also serves in between."""

    LONGEST_GAPS = (0.1, 0.5, 2.0)  # seconds

    def __init__(self, product, builds, disk, rng, without, fail):
        self.product = product
        self.builds = builds
        self.disk = disk
        self.rng = rng
        self.fail = fail
        self.over = threading.Event()
        self.counts = collections.Counter()
        self.slowest_of = collections.Counter()
        self.faults = [kind(self) for name, kind in FAULTS.items() if name not in without]
        self.thread = None

    def begin(self):
        self.over.clear()
        everything = len(self.faults)
        count = self.rng.choice((1, 2, everything)) if self.counts else everything
        faults = self.rng.sample(self.faults, min(count, len(self.faults)))
        self.thread = threading.Thread(target=self.rage,
                                       args=(faults, self.rng.choice(self.LONGEST_GAPS)))
        self.thread.start()

    def end(self):
        self.over.set()
        self.thread.join()

    def rage(self, faults, longest_gap):
        while faults and not self.over.wait(self.rng.uniform(0.005, longest_gap)):
            fault = self.rng.choices(faults, [fault.weight for fault in faults])[0]
            done = fault.strike()
            if done:
                self.counts[done] += 1
