"""What the daemon keeps in memory after many compiles, and after hits on all of them.

Generated C units that share headers; the first pass misses, the second one hits.
"""

import concurrent.futures
import pathlib
import subprocess
import time

from table import note, section, show
from units import write_aged

HEADERS = 1000
HEADERS_PER_UNIT = 240
SOURCES = 200


def make_sources(directory):
    """Each source includes its own window of the headers, as the units of a project do."""
    directory.mkdir()
    for n in range(HEADERS):
        write_aged(directory / f"header_{n:04}.h", f"extern int value_{n};\n")
    for n in range(SOURCES):
        first = n * (HEADERS - HEADERS_PER_UNIT) // SOURCES
        lines = [f'#include "header_{h:04}.h"' for h in range(first, first + HEADERS_PER_UNIT)]
        write_aged(directory / f"unit_{n:03}.c", "\n".join(lines) + f"\nint unit_{n} = ENTRY;\n")


def compile_one(contender, directory, number):
    source = number % SOURCES
    out = f"out_{source:03}_{number % 2}.o"
    subprocess.run(contender.launcher() + ["/usr/bin/gcc", f"-DENTRY={number}", "-c",
                                           f"unit_{source:03}.c", "-o", out],
                   cwd=directory, env=contender.env, check=True, stdin=subprocess.DEVNULL)


def memory_kb(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon", "RssFile", "VmHWM")}


def measure(contender, scratch, entries):
    directory = scratch / "memory"
    make_sources(directory)
    contender.restart_empty()
    pid = contender.daemon_pid()
    samples = [["start", memory_kb(pid)]]
    start = time.monotonic()
    step = max(1, entries // 4)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for first in range(0, entries, step):
            last = min(first + step, entries)
            list(pool.map(lambda n: compile_one(contender, directory, n), range(first, last)))
            samples.append([f"{last} compiles", memory_kb(pid)])
            print(f"{last} compiles after {time.monotonic() - start:.0f} s", flush=True)
        before = contender.hits()
        list(pool.map(lambda n: compile_one(contender, directory, n), range(entries)))
        samples.append([f"{contender.hits() - before} hits", memory_kb(pid)])
    print(flush=True)
    section(f"Memory of the daemon, {HEADERS_PER_UNIT} headers per unit, {HEADERS} in all")
    names = ["VmRSS", "RssAnon", "RssFile", "VmHWM"]
    show(["after", *(f"{name}, MB" for name in names)],
         [[when, *(f"{kb[name] / 1000:.1f}" for name in names)] for when, kb in samples])
    if contender.daemon_pid() != pid:
        note("**the daemon was replaced while this ran**")
    return [{"after": when, **kb} for when, kb in samples]
