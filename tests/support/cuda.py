"""Where nvcc lies on this machine; else the packages that PyPI has of it, which are large: fetched once,
and only where ZCCACHE_TEST_CUDA=1 asks for it (./dev test-long cuda), never committed. It compiles
without a GPU."""

import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import projects

# nvcc, the programs that it starts, and the headers that it includes in each source. One version, so
# that all tests of a day see the same.
PACKAGES = ("nvidia-cuda-nvcc==13.5.37", "nvidia-nvvm==13.5.37", "nvidia-cuda-crt==13.5.37",
            "nvidia-cuda-runtime==13.5.37", "nvidia-cuda-cccl==13.3.5.0.6")
PROGRAMS = pathlib.Path("nvidia") / "cu13" / "bin"


def fetch(target):
    """Into a directory of its own first: tests run beside each other."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = pathlib.Path(name) / "packages"
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-input",
                               "--root-user-action=ignore", "--no-deps", "--target", work, *PACKAGES],
                              stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return
        for directory in (work / PROGRAMS, work / PROGRAMS.parent / "nvvm" / "bin"):
            for program in directory.iterdir():
                program.chmod(0o755)
        try:
            work.rename(target)
        except OSError:
            if not target.is_dir():
                raise  # otherwise another test has just fetched the same


@functools.cache
def programs():
    """The directory of nvcc, or None."""
    found = shutil.which("nvcc")
    if found:
        return pathlib.Path(found).parent
    target = projects.cache_directory() / "cuda"
    if not target.is_dir() and os.environ.get("ZCCACHE_TEST_CUDA") == "1":
        fetch(target)
    return target / PROGRAMS if target.is_dir() else None
