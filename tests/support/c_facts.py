"""What a compile depended on, as a list of single facts: from what the observer reported of it, and
from what the kernel saw (system_calls.py), where strace may trace.
"""

import dataclasses
import os
import shutil

import observation
import system_calls

# Kinds of facts; of each one, as many are drawn.
CONTENT = "content"  # a file that was read
LOOK = "look"  # a file that was only looked at
DIRECTORY = "directory"  # one that was looked at, or that something was looked for in
LISTING = "listing"
ABSENCE = "absence"
LINK = "link"  # a symlink on the way to any of these
PROGRAM = "program"  # a program, or a library that it loaded
VARIABLE = "variable"  # one that a program asked for
IDENTITY = "identity"  # of a directory, and of another one
KINDS = (CONTENT, LOOK, DIRECTORY, LISTING, ABSENCE, LINK, PROGRAM, VARIABLE, IDENTITY)


@dataclasses.dataclass(frozen=True)
class Fact:
    kind: str
    about: str  # a path or a name
    other: str = ""  # of IDENTITY: the other directory

    def __str__(self):
        return " ".join(filter(None, (self.kind, self.about, self.other)))


def links_on_the_way(path):
    """Symlinks among the names of a path, each by its own path."""
    at = "/"
    for name in path.split("/"):
        at = os.path.normpath(os.path.join(at, name)) if name != ".." else os.path.dirname(at)
        if os.path.islink(at):
            yield at
            at = os.path.realpath(at)


def kind_of(path, was_read):
    if os.path.isdir(path):
        return LISTING if was_read else DIRECTORY
    if os.path.isfile(path):
        return CONTENT if was_read else LOOK
    return ABSENCE


def seen_paths(words, cwd, env, bin_dir):
    """Paths and whether they were read; names of variables; paths of programs and libraries."""
    observed = observation.observe(words, cwd=cwd, env=env, bin_dir=bin_dir)
    if observed.exit_code not in (0, 1):  # failed compiles are results, too
        raise RuntimeError(f"{words} exited with {observed.exit_code}: {observed.stderr}")
    paths, variables, programs = {}, set(), set()
    for event in observed.events:
        if event.kind == "E":
            variables.add(event.about)
        elif event.about.startswith("/") and event.kind in "HL":
            programs.add(event.about)
        elif event.about.startswith("/") and event.kind in "RSTQXP":
            paths[event.about] = paths.get(event.about, False) or event.kind in "RT"
    for call in kernel_calls(words, cwd, env):
        paths[call.path] = paths.get(call.path, False) or call.reads
    return paths, variables, programs


def kernel_calls(words, cwd, env):
    return system_calls.traced(words, cwd=cwd, env=env)[1] if shutil.which("strace") else ()


def facts_of(words, cwd, env, bin_dir, may_change):
    """By kind. `may_change` says whether a path, without symlinks, may be perturbed."""
    paths, variables, programs = seen_paths(words, cwd, env, bin_dir)
    facts = {Fact(PROGRAM, os.path.realpath(path)) for path in programs}
    facts |= {Fact(VARIABLE, name) for name in variables}
    directories = set()
    for path, was_read in paths.items():
        real = os.path.realpath(path)
        facts.add(Fact(kind_of(path, was_read), real))
        directories.add(real if os.path.isdir(real) else os.path.dirname(real))
        facts |= {Fact(LINK, link) for link in links_on_the_way(path)}
    existing = sorted(path for path in directories if os.path.isdir(path) and may_change(path))
    facts |= {Fact(DIRECTORY, path) for path in existing}
    facts |= {Fact(IDENTITY, one, other) for one in existing for other in existing
              if os.path.commonpath((one, other)) not in (one, other)}
    kept = [fact for fact in facts if fact.kind == VARIABLE or may_change(fact.about)]
    return {kind: sorted((fact for fact in kept if fact.kind == kind), key=str) for kind in KINDS}
