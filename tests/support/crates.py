"""Real crates for the end-to-end tests: fetched once by name from the package registry, with all
that they depend on, into a cargo home of their own that is kept; never committed.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

import projects
import rust

VERSIONS = {"ripgrep": "15.2.0"}


def home():
    return projects.cache_folder().parent / "cargo"


def offline():
    return os.environ.get("ZCCACHE_TEST_OFFLINE") == "1"


def cargo(folder, *words):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("CARGO_", "RUST"))}
    env |= {"CARGO_HOME": str(home()), "PATH": f"{rust.toolchain()}:{env.get('PATH', '')}",
            "CARGO_NET_RETRY": "5"}
    done = subprocess.run(["cargo", *words], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=600, check=False)
    if done.returncode != 0:
        raise projects.NotReachable(f"cargo {' '.join(words)} failed:\n{done.stdout[-2000:]}")


def fetch_dependencies(workspace):
    """All that a workspace depends on, and a lock file for it when it has none."""
    kept = home() / "locks" / f"{workspace.name}.lock"
    if not (workspace / "Cargo.lock").exists() and kept.exists():
        shutil.copy(kept, workspace / "Cargo.lock")
    mark = home() / "fetched" / workspace.name
    if mark.exists():
        return
    if offline():
        raise projects.Offline(f"the crates of {workspace.name} are not in {home()} and "
                               "ZCCACHE_TEST_OFFLINE=1")
    cargo(workspace, "fetch")
    for folder in (kept.parent, mark.parent):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(workspace / "Cargo.lock", kept)
    mark.touch()


def fetch(name):
    """The folder with the sources of a crate, not to be changed; its dependencies are there, too.

    Raises as projects.fetch.
    """
    version = VERSIONS[name]
    found = list((home() / "registry" / "src").glob(f"*/{name}-{version}"))
    if not found:
        if offline():
            raise projects.Offline(f"{name} is not in {home()} and ZCCACHE_TEST_OFFLINE=1")
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            (folder / "src").mkdir()
            (folder / "src" / "lib.rs").touch()
            (folder / "Cargo.toml").write_text(
                '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n'
                f'[dependencies]\n{name} = "={version}"\n')
            cargo(folder, "fetch")
        found = list((home() / "registry" / "src").glob(f"*/{name}-{version}"))
    return found[0]
