"""Real projects for the end-to-end tests: Debian source packages, fetched once, never committed.

They are kept below $ZCCACHE_TEST_CACHE, else below .cache of the repository. Packages come by name
from where this machine's apt gets its own, through a private configuration: nothing in /etc is
touched, and nobody needs to be root.
"""

import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

import apt_sources

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class NotReachable(Exception):
    """A test that needs these sources is skipped, and says why."""


def cache_folder():
    return pathlib.Path(os.environ.get("ZCCACHE_TEST_CACHE") or ROOT / ".cache").absolute()


def newest_first(one, other):
    if one == other:
        return 0
    older = subprocess.run(["dpkg", "--compare-versions", one, "lt", other], check=False)
    return 1 if older.returncode == 0 else -1


class PrivateApt:
    """apt with the entries, lists and cache of a directory, and the machine's proxies and keys."""

    def __init__(self, work):
        self.work = work
        for folder in ("parts", "lists/partial", "cache/archives/partial"):
            (work / folder).mkdir(parents=True)
        if not apt_sources.write(work / "parts"):
            raise NotReachable("this machine's apt has no entry of a release to fetch sources from")
        self.write_settings()

    def write_settings(self):
        """Settings of ours, which apt reads after the machine's."""
        options = {"Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": self.work / "parts",
                   "Dir::State::lists": self.work / "lists", "Dir::Cache": self.work / "cache",
                   "Dir::Cache::pkgcache": "", "Dir::Cache::srcpkgcache": "",
                   "APT::Sandbox::User": "", "Acquire::Retries": 3, "Acquire::http::Timeout": 30,
                   "Acquire::https::Timeout": 30, "Acquire::Languages": "none"}
        hooks = ("APT::Update::Pre-Invoke", "APT::Update::Post-Invoke",
                 "APT::Update::Post-Invoke-Success")  # they are for the machine's own lists
        (self.work / "settings").write_text(
            "".join(f'{name} "{value}";\n' for name, value in options.items())
            + "".join(f"#clear {name};\n" for name in hooks))

    def run(self, program, *words):
        return subprocess.run([program, "-qq", "-c", "settings", *words], cwd=self.work,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=300, check=False)

    def versions(self, package):
        """All that the entries list, the newest first; and what apt had to say about the lists."""
        # Its exit code says little: one entry of a stranger that has no sources is no obstacle.
        update = self.run("apt-get", "update")
        shown = self.run("apt-cache", "showsrc", "--only-source", package)
        found = [line.split(":", 1)[1].strip() for line in shown.stdout.splitlines()
                 if line.startswith("Version:")]
        return sorted(set(found), key=functools.cmp_to_key(newest_first)), update.stdout

    def download(self, package):
        """The archive of the newest version that is still there."""
        versions, said = self.versions(package)
        if not versions:
            raise NotReachable(f"no entry of this machine's apt lists the sources of {package}:\n"
                               f"{said}")
        for version in versions:
            done = self.run("apt-get", "source", "--download-only", f"{package}={version}")
            archives = list(self.work.glob("*.orig.tar.*"))  # without Debian's patches
            archives = [path for path in archives if path.suffix != ".asc"]
            if done.returncode == 0 and archives:
                return archives[0]
            for path in archives:
                path.unlink()
            said += f"apt-get source {package}={version} failed:\n{done.stdout}"
        raise NotReachable(f"the sources of {package} are listed ({', '.join(versions)}), and none "
                           f"can be fetched:\n{said}")


def download(package, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = pathlib.Path(name)
        archive = PrivateApt(work / "apt").download(package)
        unpacked = work / "unpacked"
        unpacked.mkdir()
        subprocess.run(["tar", "xf", archive, "--strip-components=1", "-C", unpacked], check=True)
        try:
            unpacked.rename(target)
        except OSError:
            if not target.is_dir():
                raise  # otherwise another test has just fetched the same


def fetch(package):
    """The directory with the project's sources, not to be changed.

    Raises NotReachable when no version of them can be fetched, or when none is kept and
    ZCCACHE_TEST_OFFLINE=1 forbids to ask.
    """
    target = cache_folder() / "projects" / package
    if not target.is_dir():
        if os.environ.get("ZCCACHE_TEST_OFFLINE") == "1":
            raise NotReachable(f"{package} is not in {target.parent} and ZCCACHE_TEST_OFFLINE=1")
        if shutil.which("apt-get") is None:
            raise NotReachable("apt-get is needed to fetch the sources, and is not here")
        download(package, target)
    return target
