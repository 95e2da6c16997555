"""What lies where a command puts its outputs: files of an earlier run, of another mode or owner, with
a second name, or empty. Compilers replace some of them and rewrite others.
"""

import os

WAYS = {
    "narrow": lambda path: path.chmod(0o640),
    "runnable": lambda path: path.chmod(0o755),
    "of two names": lambda path: os.link(path, path.with_name(f"second.{path.name}")),
    "empty": lambda path: (path.write_bytes(b""), path.chmod(0o600)),
    "of another": lambda path: os.geteuid() == 0 and os.chown(path, 12, 34),
}


def place(way, root, names):
    """Makes files of these names that are old in this way, one of WAYS; none if it is empty."""
    for name in names if way else ():
        path = root / name
        path.write_bytes(b"old")
        WAYS[way](path)
