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
    return projects.cache_folder() / "cargo"


def offline():
    return os.environ.get("ZCCACHE_TEST_OFFLINE") == "1"


def cargo(folder, *words):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("CARGO_", "RUST")) or name.startswith(KEPT_VARIABLES)}
    env |= {"CARGO_HOME": str(home()), "PATH": f"{rust.toolchain()}:{env.get('PATH', '')}",
            "CARGO_NET_RETRY": "5"}
    return subprocess.run(["cargo", *words], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=600, check=False)


def fetch_locked(folder, name):
    """Everything that a directory's lock file names; without a lock file, cargo writes one."""
    words = ["fetch", *(["--locked"] if (folder / "Cargo.lock").exists() else [])]
    if "--locked" in words and cargo(folder, *words, "--offline").returncode == 0:
        return
    if offline():
        raise projects.NotReachable(f"the crates of {name} are not in {home()} and "
                                    "ZCCACHE_TEST_OFFLINE=1")
    done = cargo(folder, *words)
    if done.returncode != 0:
        raise projects.NotReachable(f"cargo {' '.join(words)} failed for {name}:\n"
                                    f"{done.stdout[-2000:]}")


def fetch_workspace(source, folder):
    """Copies a workspace of ours, which has no lock file, to `folder` and fetches what it needs. Its
    lock file is kept in the cargo home, so that later runs compile the same."""
    shutil.copytree(source, folder)
    manifests = hashlib.sha256()
    for path in sorted(source.rglob("Cargo.toml")):
        manifests.update(path.read_bytes())
    kept = home() / "locks" / f"{source.name}-{manifests.hexdigest()[:16]}.lock"
    if kept.exists():
        shutil.copy(kept, folder / "Cargo.lock")
    fetch_locked(folder, source.name)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "Cargo.lock", kept)
    return folder


def unpacked(name):
    found = list((home() / "registry" / "src").glob(f"*/{name}-{VERSIONS[name]}"))
    return found[0] if found else None


def unpack(name):
    """Cargo fetches a crate by itself only as a dependency, so a project without code has it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "src").mkdir()
        (folder / "src" / "lib.rs").touch()
        (folder / "Cargo.toml").write_text(
            '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n'
            f'[dependencies]\n{name} = "={VERSIONS[name]}"\n')
        fetch_locked(folder, name)


def fetch(name):
    """The directory with the sources of a program, not to be changed; a copy of it builds offline.

    Raises as projects.fetch.
    """
    if unpacked(name) is None:
        unpack(name)
    fetch_locked(unpacked(name), name)
    return unpacked(name)
