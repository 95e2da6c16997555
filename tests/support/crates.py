"""Real crates for the end-to-end tests: fetched once by name from cargo's registry into a cargo home
of their own that is kept; never committed.

A project counts as fetched when cargo can build it offline: with everything that its lock file names,
for all features and targets. Cargo itself is asked, so nothing that was fetched only in part passes.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import projects
import rust

VERSIONS = {"ripgrep": "15.2.0"}

# What a user sets for the network and the registry counts here as well; all else of cargo's does not.
KEPT_VARIABLES = ("CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_")


def home():
    return projects.cache_directory() / "cargo"


def offline():
    return os.environ.get("ZCCACHE_TEST_OFFLINE") == "1"


def cargo(directory, *words):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("CARGO_", "RUST")) or name.startswith(KEPT_VARIABLES)}
    env |= {"CARGO_HOME": str(home()), "PATH": f"{rust.toolchain()}:{env.get('PATH', '')}",
            "CARGO_NET_RETRY": "5"}
    return subprocess.run(["cargo", *words], cwd=directory, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=600, check=False)


def fetch_locked(directory, name):
    """Everything that a directory's lock file names; if there is no lock file, cargo writes one."""
    words = ["fetch", *(["--locked"] if (directory / "Cargo.lock").exists() else [])]
    if "--locked" in words and cargo(directory, *words, "--offline").returncode == 0:
        return
    if offline():
        raise projects.NotReachable(f"the crates of {name} are not in {home()} and "
                                    "ZCCACHE_TEST_OFFLINE=1")
    done = cargo(directory, *words)
    if done.returncode != 0:
        raise projects.NotReachable(f"cargo {' '.join(words)} failed for {name}:\n"
                                    f"{done.stdout[-2000:]}")


def fetch_workspace(source, directory):
    """Copies a workspace of ours, which has no lock file, to `directory` and fetches what it needs. Its
    lock file is kept in the cargo home, so that later runs compile the same."""
    shutil.copytree(source, directory)
    manifests = hashlib.sha256()
    for path in sorted(source.rglob("Cargo.toml")):
        manifests.update(path.read_bytes())
    kept = home() / "locks" / f"{source.name}-{manifests.hexdigest()[:16]}.lock"
    if kept.exists():
        shutil.copy(kept, directory / "Cargo.lock")
    fetch_locked(directory, source.name)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(directory / "Cargo.lock", kept)
    return directory


def unpacked(name):
    found = list((home() / "registry" / "src").glob(f"*/{name}-{VERSIONS[name]}"))
    return found[0] if found else None


def unpack(name):
    """Cargo fetches a crate by itself only as a dependency, so a project without code has it."""
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(scratch)
        (directory / "src").mkdir()
        (directory / "src" / "lib.rs").touch()
        (directory / "Cargo.toml").write_text(
            '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n'
            f'[dependencies]\n{name} = "={VERSIONS[name]}"\n')
        fetch_locked(directory, name)


def fetch(name):
    """The directory with the sources of a program, not to be changed; a copy of it builds offline.

    Raises as projects.fetch.
    """
    if unpacked(name) is None:
        unpack(name)
    fetch_locked(unpacked(name), name)
    return unpacked(name)
