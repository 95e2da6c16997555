"""How cargo projects are built, plainly or through the cache, and what they leave behind."""

import hashlib
import pathlib
import shutil
import subprocess

import crates
import rust


class BuildFailed(Exception):
    pass


class CargoBuild:
    """A private copy of a workspace, built where it lies."""

    prefix = ()  # before cargo

    def __init__(self, source, directory, product):
        self.directory = pathlib.Path(directory)
        self.product = product
        self.variables = {}
        self.plain_wrapper = None
        self.bin = rust.toolchain()
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(source, self.directory, symlinks=True)

    @property
    def target(self):
        return self.directory / self.variables.get("CARGO_TARGET_DIR", "target")

    def env(self, cached):
        env = self.product.env()
        env["PATH"] = f"{self.bin}:{env['PATH']}"
        env |= {"CARGO_HOME": str(crates.home()), "CARGO_NET_OFFLINE": "true",
                "CARGO_TERM_COLOR": "never"} | self.variables
        wrapper = self.product.launcher if cached else self.plain_wrapper
        if wrapper:
            env["RUSTC_WRAPPER"] = str(wrapper)
        return env

    def cargo(self, *words, cached):
        done = subprocess.run([*self.prefix, "cargo", *words], cwd=self.directory,
                              env=self.env(cached), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900,
                              check=False)
        if done.returncode != 0:
            lines = done.stderr.decode("utf-8", "backslashreplace").splitlines()
            raise BuildFailed(f"cargo {' '.join(words)} exited with {done.returncode}:\n"
                              + "\n".join(lines[-40:]))
        return done.stdout

    def clean(self):
        shutil.rmtree(self.target, ignore_errors=True)

    def artifacts(self):
        """What rustc and the build scripts made, by name, as (digest, mode)."""
        return {str(path.relative_to(self.target)): (digest(path), path.stat().st_mode)
                for path in sorted(self.target.rglob("*")) if is_artifact(path, self.target)}

    def run(self, program, *words):
        return subprocess.run([program, *words], cwd=self.directory, env=self.env(False),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300, check=False)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_artifact(path, target):
    """Without cargo's own notes, rustc's state between runs, and what tells when something ran."""
    parts = path.relative_to(target).parts
    return (path.is_file() and not path.is_symlink() and ".fingerprint" not in parts
            and "incremental" not in parts and not path.name.startswith(".")
            and path.name not in ("root-output", "invoked.timestamp", "CACHEDIR.TAG"))


def differences(plain, cached):
    """Names of the artifacts that differ."""
    return [name for name in sorted(plain.keys() | cached.keys())
            if plain.get(name) != cached.get(name)]
