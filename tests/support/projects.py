"""Real projects for the end-to-end tests: Debian source packages, fetched once, never committed.

They are kept in $ZCCACHE_TEST_CACHE, else in .cache/projects of the repository. Packages come from
Debian by name, through apt with a package list of our own: nothing in /etc is touched.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SUITE = "bookworm"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class NotReachable(Exception):
    pass


class Offline(Exception):
    pass


def cache_folder():
    return pathlib.Path(os.environ.get("ZCCACHE_TEST_CACHE") or ROOT / ".cache" / "projects")


def apt_get(work, *words):
    done = subprocess.run(
        ["apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={work}/sources.list",
         "-o", "Dir::Etc::sourceparts=-", "-o", f"Dir::State::lists={work}/lists",
         "-o", f"Dir::Cache={work}/cache", "-o", "APT::Sandbox::User=",
         "-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=30",
         "-o", "APT::Update::Error-Mode=any", *words],  # else an update that fails exits with 0
        cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise NotReachable(f"apt-get {' '.join(words)} failed:\n{done.stdout}")


def download(package, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = pathlib.Path(name)
        for folder in ("lists/partial", "cache/archives/partial"):
            (work / folder).mkdir(parents=True)
        (work / "sources.list").write_text(
            f"deb-src [signed-by={KEYRING}] http://deb.debian.org/debian {SUITE} main\n")
        apt_get(work, "update")
        apt_get(work, "source", "--download-only", package)
        archive = next(work.glob("*.orig.tar.*"))  # without Debian's patches
        unpacked = work / "unpacked"
        unpacked.mkdir()
        subprocess.run(["tar", "xf", archive, "--strip-components=1", "-C", unpacked], check=True)
        try:
            unpacked.rename(target)
        except OSError:
            if not target.is_dir():
                raise  # otherwise another test has just fetched the same


def fetch(package):
    """The folder with the project's sources, not to be changed.

    Raises Offline when ZCCACHE_TEST_OFFLINE=1 and nothing is cached, NotReachable when the
    registry does not answer.
    """
    target = cache_folder() / package
    if not target.is_dir():
        if os.environ.get("ZCCACHE_TEST_OFFLINE") == "1":
            raise Offline(f"{package} is not in {cache_folder()} and ZCCACHE_TEST_OFFLINE=1")
        if shutil.which("apt-get") is None:
            raise NotReachable("apt-get is needed to fetch the sources, and is not here")
        download(package, target)
    return target
