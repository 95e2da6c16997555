"""What the daemon pays to record one large compile: its processor time, memory and disk.

A generated C unit with many headers, each in one of many directories of the search path, so that
the compiler looks for it in vain in half of them.
"""

import pathlib
import shutil
import subprocess
import time

from memory import memory_kb
from table import note, section, show
from units import write_aged

DIRECTORIES = 200
HEADERS = 500
COMPILERS = ("/usr/bin/gcc", "/usr/bin/clang")


def make_source(directory):
    directory.mkdir()
    for n in range(DIRECTORIES):
        (directory / f"include_{n:03}").mkdir()
    for n in range(HEADERS):
        write_aged(directory / f"include_{n * 7 % DIRECTORIES:03}" / f"header_{n:03}.h",
                   f"extern int value_{n};\n")
    lines = [f'#include "header_{n:03}.h"' for n in range(HEADERS)]
    write_aged(directory / "unit.c", "\n".join(lines) + "\nint unit = 1;\n")


def command(compiler, directory):
    search = [f"-I{directory}/include_{n:03}" for n in range(DIRECTORIES)]
    return [compiler, *search, "-MD", "-MF", "unit.d", "-c", "unit.c", "-o", "unit.o"]


def processor_ns(pid):
    """Of all threads of a process, also those that have ended (clock_getcpuclockid(3))."""
    return time.clock_gettime_ns(~pid << 3 | 2)


def settled_ns(contender, pid):
    """The processor time once the daemon has stored what was reported, and rests."""
    contender.status()
    last = 0
    while (now := processor_ns(pid)) != last:
        last = now
        time.sleep(0.2)
    return last


def disk_bytes(directory):
    return sum(path.lstat().st_blocks * 512 for path in pathlib.Path(directory).rglob("*"))


def record(contender, directory, compiler):
    """Row of figures; the compiler is known to the daemon before, by a compile of nothing."""
    contender.restart_empty()
    pid = contender.daemon_pid()

    def run(words):
        subprocess.run(contender.launcher() + words, cwd=directory, env=contender.env, check=True,
                       stdin=subprocess.DEVNULL)

    write_aged(directory / "empty.c", "")
    run([compiler, "-c", "empty.c", "-o", "empty.o"])
    before = settled_ns(contender, pid), memory_kb(pid)["RssAnon"], disk_bytes(contender.cache)
    run(command(compiler, directory))
    after = settled_ns(contender, pid), memory_kb(pid)["RssAnon"], disk_bytes(contender.cache)
    hits = contender.hits()
    run(command(compiler, directory))
    hit_ns = settled_ns(contender, pid) - after[0]
    return {"processor_ns": after[0] - before[0], "hit_processor_ns": hit_ns,
            "memory_kb": after[1] - before[1], "disk_bytes": after[2] - before[2],
            "is_hit": contender.hits() > hits}


def measure(contender, scratch):
    directory = scratch / "recording"
    make_source(directory)
    results = {}
    for compiler in COMPILERS:
        if shutil.which(compiler):
            results[compiler] = record(contender, directory, compiler)
    section(f"Recording: {DIRECTORIES} directories, {HEADERS} headers")
    show(["compiler", "daemon, ms", "hit, ms", "memory, MB", "disk, MB"],
         [[compiler, f"{row['processor_ns'] / 1e6:.0f}", f"{row['hit_processor_ns'] / 1e6:.1f}",
           f"{row['memory_kb'] / 1e3:.1f}", f"{row['disk_bytes'] / 1e6:.1f}"]
          for compiler, row in results.items()])
    for compiler, row in results.items():
        if not row["is_hit"]:
            note(f"**{compiler}: the second compile was no hit**")
    return results
