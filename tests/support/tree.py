"""What a command left behind: every file of a tree with its bytes, type and mode, and the streams
and exit code. Two of them can be compared; the difference is told in words.
"""

import dataclasses
import difflib
import os
import re
import stat

# The kernel stamps files with the time of its last tick, which may lie this far in the past.
TICK_NS = 12_000_000
NEVER = 1 << 63


@dataclasses.dataclass(frozen=True)
class Entry:
    kind: str
    mode: int
    owner: tuple  # user and group
    links: int
    content: bytes  # of a file; the target of a symlink
    fresh: bool  # written by this command

    def differences(self, other):
        names = [f.name for f in dataclasses.fields(self)
                 if getattr(self, f.name) != getattr(other, f.name)]
        return names


@dataclasses.dataclass(frozen=True)
class Outcome:
    files: dict
    stdout: bytes
    stderr: bytes
    exit_code: int


def without_temporary_names(messages):
    """gcc (/tmp/ccAbC123.o) and clang (/tmp/main-1a2b3c.o) name their temporary files anew in each run."""
    return re.sub(rb"/cc\w{6}\b|-[0-9a-f]{6}(?=\.o\b)", b"/cc", messages)


def kind_of(mode):
    for kind in ("REG", "DIR", "LNK", "FIFO", "SOCK", "CHR", "BLK"):
        if getattr(stat, f"S_IS{kind}")(mode):
            return kind.lower()
    return "unknown"


def entry_of(path, since_ns):
    info = os.lstat(path)
    kind = kind_of(info.st_mode)
    content = b""
    if kind == "reg":
        with open(path, "rb") as file:
            content = file.read()
    elif kind == "lnk":
        content = os.fsencode(os.readlink(path))
    is_file = kind == "reg"
    return Entry(kind, stat.S_IMODE(info.st_mode), (info.st_uid, info.st_gid),
                 info.st_nlink if is_file else 0, content,
                 is_file and info.st_mtime_ns >= since_ns - TICK_NS)


def snapshot(root, since_ns=NEVER, ignore=()):
    """Everything below `root`. A file is fresh when it was written after `since_ns`."""
    files = {}
    for directory, directories, names in os.walk(root):
        for name in directories + names:
            path = os.path.join(directory, name)
            relative = os.path.relpath(path, root)
            entry = entry_of(path, since_ns)
            if relative in ignore:
                entry = dataclasses.replace(entry, content=b"(ignored)")
            files[relative] = entry
    return files


def text_difference(name, want, got):
    if b"\0" in want or b"\0" in got:
        at = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b),
                  min(len(want), len(got)))
        return [f"{name}: {len(want)} bytes expected, {len(got)} found, first difference at {at}: "
                f"{want[at:at + 24]!r} / {got[at:at + 24]!r}"]
    lines = [part.decode("utf-8", "backslashreplace").splitlines() for part in (want, got)]
    diff = difflib.unified_diff(*lines, f"{name} (plain)", f"{name} (cached)", lineterm="")
    return list(diff) or [f"{name}: differs in line ends: {want!r} / {got!r}"]


def printable(name):
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def file_differences(plain, cached):
    out = []
    for name in sorted(plain.keys() | cached.keys(), key=os.fsencode):
        want, got, shown = plain.get(name), cached.get(name), printable(name)
        if got is None:
            out.append(f"{shown}: missing ({want.kind} when compiled plainly)")
        elif want is None:
            out.append(f"{shown}: a {got.kind} that a plain run does not leave")
        elif want.kind == "dir" == got.kind:
            if want.mode != got.mode:
                out.append(f"{shown}/: mode {want.mode:o} expected, {got.mode:o} found")
        else:
            for field in want.differences(got):
                if field == "content":
                    out += text_difference(shown, want.content, got.content)
                elif field == "mode":
                    out.append(f"{shown}: mode {want.mode:o} expected, {got.mode:o} found")
                else:
                    out.append(f"{shown}: {field} is {getattr(got, field)}, "
                               f"with a plain run {getattr(want, field)}")
    return out


def differences(plain, cached):
    """Every way in which two outcomes differ, as lines; empty when there is none."""
    out = file_differences(plain.files, cached.files)
    if plain.exit_code != cached.exit_code:
        out.append(f"exit code {plain.exit_code} expected, {cached.exit_code} found")
    for name in ("stdout", "stderr"):
        want, got = getattr(plain, name), getattr(cached, name)
        if want != got:
            out += text_difference(name, want, got)
    return out
