"""Where rustc and cargo lie on this machine: the real ones, not what only chooses between them."""

import functools
import os
import pathlib
import shutil
import subprocess

SYSTEM = "/usr/bin:/bin"


def sysroot_of(rustc):
    done = subprocess.run([rustc, "--print", "sysroot"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return pathlib.Path(done.stdout.strip()) if done.returncode == 0 else None


@functools.cache
def toolchains():
    """Directories of programs, each with rustc and cargo: the usual one first, then what else
    rustup has."""
    found = []
    for path in (os.environ.get("PATH", ""), SYSTEM):
        rustc = shutil.which("rustc", path=path)
        sysroot = rustc and sysroot_of(rustc)
        if sysroot:
            found.append(sysroot / "bin")
    home = pathlib.Path(os.environ.get("RUSTUP_HOME") or pathlib.Path.home() / ".rustup")
    found += sorted((home / "toolchains").glob("*/bin"))
    real = {}
    for folder in found:
        if (folder / "rustc").is_file() and (folder / "cargo").is_file():
            real.setdefault(folder.resolve(), folder)
    return list(real.values())


def toolchain():
    """The directory of programs of the usual toolchain, or None."""
    return next(iter(toolchains()), None)
