"""Runs a command under the observer and reads what it reports (docs/formats/observation.md)."""

import dataclasses
import fcntl
import os
import pathlib
import struct
import subprocess

CHANNEL_BYTES = 64 << 20
HEADER_BYTES = 64
MARK = b"acczobs1"
ALIGNMENT = 8


@dataclasses.dataclass(frozen=True)
class Event:
    kind: str
    pid: int
    error: int
    about: str  # a path, absolute, or a name


@dataclasses.dataclass(frozen=True)
class Observed:
    exit_code: int
    stdout: bytes
    stderr: bytes
    events: list


def make_channel():
    channel = os.memfd_create("zccache-observation", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    os.ftruncate(channel, CHANNEL_BYTES)
    os.pwrite(channel, MARK, 0)
    fcntl.fcntl(channel, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return channel


def read_channel(channel):
    (taken,) = struct.unpack("<Q", os.pread(channel, 8, len(MARK)))
    data = os.pread(channel, taken, HEADER_BYTES)
    if len(data) != taken:
        raise RuntimeError("the observation did not fit into its channel")
    at = 0
    while at < taken:
        (size,) = struct.unpack_from("<I", data, at)
        if size == 0:
            raise RuntimeError("a record of the observation is not finished")
        yield decoded(data[at + 4:at + 4 + size])
        at += -(-(4 + size) // ALIGNMENT) * ALIGNMENT


def decoded(text):
    head, error, _time, about = text.split(b" ", 3)
    return Event(chr(head[0]), int(head[1:]), int(error), os.fsdecode(about))


def observe(words, *, cwd, env, bin_dir, timeout=90):
    """`words` begin with the path of a program."""
    channel = make_channel()
    try:
        library = pathlib.Path(bin_dir).resolve() / "libzccache-observer.so"
        preload = ":".join([str(library), *filter(None, [env.get("LD_PRELOAD")])])
        done = subprocess.run(words, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=timeout, check=False,
                              env=env | {"PWD": str(cwd), "LD_PRELOAD": preload,
                                         "ZCCACHE_OBSERVE": f"/proc/{os.getpid()}/fd/{channel}"})
        return Observed(done.returncode, done.stdout, done.stderr, list(read_channel(channel)))
    finally:
        os.close(channel)
