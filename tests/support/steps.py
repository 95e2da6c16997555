"""Executes the steps of a case in one work tree: once plainly, once through the cache."""

import dataclasses
import os
import pathlib
import shutil
import signal
import time

import cuda
import process
import rust
import tree
from product import wait_until

# Before a command, the clock must have moved on past the kernel's own tick, so that new files can be
# told from older ones (tree.py). And the cache does not store a compile whose inputs are younger than
# its start less a margin of one more tick.
TICK_NS = tree.TICK_NS + 3_000_000
SETTLE_NS = 2 * tree.TICK_NS

# The programs of each tool, and by which variables a case calls them.
DRIVERS = {"gcc": ("gcc", "g++"), "clang": ("clang", "clang++"),
           "clang-19": ("clang-19", "clang++-19"),
           "emscripten": ("emcc", "em++", "emar", "emranlib"),
           "gfortran": ("gfortran",), "nvcc": ("nvcc",),
           "rust": ("rustc", "clippy-driver", "rustfmt")}
VARIABLES = {"emscripten": ("EMCC", "EMXX", "EMAR", "EMRANLIB"),
             "gfortran": ("FC",), "nvcc": ("NVCC",),
             "rust": ("RUSTC", "CLIPPY", "RUSTFMT")}
C_VARIABLES = ("CC", "CXX")
# What `zccache exec` does without a cache.
PLAIN_EXEC = pathlib.Path(__file__).resolve().parent / "plain_exec"
PERTURB = pathlib.Path(__file__).resolve().parent.parent / "cases" / "perturb.sh"


class Failed(Exception):
    pass


@dataclasses.dataclass
class Place:
    """Where and how the next command runs; steps change it."""

    root: pathlib.Path
    cwd: pathlib.Path
    env: dict
    umask: int = 0o022
    ignore: tuple = ()
    settle: bool = True
    settle_ns: int = SETTLE_NS


def settle(duration_ns=SETTLE_NS):
    """Waits until what was just written is no longer new."""
    end = time.time_ns() + duration_ns
    wait_until(lambda: time.time_ns() > end, 5)


def launcher_words(case, product, cached):
    """What stands before the compiler's name."""
    if not cached or case.mode == "masquerade":
        return ""
    return product.launcher + (" wrap -- " if case.mode == "wrap" else " ")


def environment(tool, product):
    """That of the commands, without what a case adds."""
    env = product.env()
    if tool == "rust":
        env["PATH"] = f"{rust.toolchain()}:{env['PATH']}"
        env |= {"CARGO_HOME": str(product.home / "cargo"), "CARGO_NET_OFFLINE": "true",
                "RUST_BIN": str(rust.toolchain())}
    elif tool == "nvcc":
        env["PATH"] = f"{cuda.programs()}:{env['PATH']}"
    return env


def place_of(case, tool, root, product, cached):
    env = environment(tool, product)
    words = launcher_words(case, product, cached)
    env |= {"LAUNCH": words, "TOP": str(root),
            "ZCCACHE": product.launcher if cached else "/usr/bin/env",
            "EXEC": f"{product.launcher} exec" if cached else str(PLAIN_EXEC)}
    for name, driver in zip(VARIABLES.get(tool, C_VARIABLES), DRIVERS[tool]):
        env |= {name: words + driver, f"{name}_NAME": driver}
    if cached and case.mode == "masquerade":
        names = [name for names in DRIVERS.values() for name in names]
        env["PATH"] = f"{product.masquerade(names)}:{env['PATH']}"
    return Place(root, root, env, ignore=case.ignore)


def make_tree(directory, root):
    shutil.rmtree(root, ignore_errors=True)
    if directory.is_dir():
        shutil.copytree(directory, root, symlinks=True)
    else:
        root.mkdir()


def perturb(step, place):
    code, out, err = process.run(f". {PERTURB}\n{step.text}", cwd=place.cwd, env=place.env,
                                 umask=place.umask)
    if code != 0:
        text = (out + err).decode("utf-8", "replace")
        raise Failed(f"line {step.line}: '{step.text}' exited with {code}: {text}")


def change_env(place, text):
    name, equals, value = text.partition("=")
    if equals:
        for known in ("TOP", "RUST_BIN"):
            value = value.replace(f"${known}", place.env.get(known, ""))
        place.env[name] = value
    else:
        place.env.pop(name, None)


def start_daemon(case, tool, product):
    """Starts the daemon and lets it get to know the compilers, which may take longer than a client
    waits for an answer; until then compiles are not counted."""
    product.start()
    directory = product.scratch / "acquaintance"
    directory.mkdir(exist_ok=True)
    (directory / "a.c").write_text("int a;\n")
    (directory / "a.rs").write_text("")
    commands = " ".join(step.text for step in case.steps)
    variables = VARIABLES.get(tool, C_VARIABLES)
    for driver, variable in zip(DRIVERS[tool], variables):
        if f"${variable}" in commands and not answered(product, tool, driver, directory):
            raise Failed(f"the daemon never answered for {driver}")
    for program in case.needs:
        if f"$LAUNCH {program} " in commands and not answered(product, tool, program, directory):
            raise Failed(f"the daemon never answered for {program}")


def answered(product, tool, driver, directory):
    words = {"emar": "rc a.a a.c", "emranlib": "a.a", "rustc": "--crate-type lib a.rs", "clippy-driver": "--crate-type lib a.rs",
             "rustfmt": "a.rs"}.get(driver, "-w -c a.c" if driver in DRIVERS[tool] else "--version")

    def counted_one():
        before = product.outcomes()
        process.run(f"{product.launcher} {driver} {words}", cwd=directory,
                    env=environment(tool, product))
        return product.outcomes() != before
    return wait_until(counted_one, 60)


def handle_daemon(step, product, start):
    """Perturbs the daemon."""
    if step.text == "restart":
        product.stop()
        start()
    elif step.text == "kill":
        for pid in product.daemons():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not product.daemons(), 5)
        start()
    else:
        raise Failed(f"line {step.line}: unknown daemon step '{step.text}'")


def apply(step, place, product, start):
    """`start` starts a daemon; a plain run has none."""
    if step.key == "do":
        perturb(step, place)
    elif step.key == "env":
        change_env(place, step.text)
    elif step.key == "cwd":
        place.cwd = pathlib.Path(os.path.join(place.root, step.text))
    elif step.key == "umask":
        place.umask = int(step.text, 8)
    elif step.key == "timing":
        place.settle = step.text != "at once"
    elif step.key == "daemon" and start:
        handle_daemon(step, product, start)


def execute(step, place):
    """Runs a command. What it wrote can be told from older files only once these have settled."""
    written_since = tree.NEVER
    if place.settle:
        settle(place.settle_ns)
        written_since = time.time_ns()
    code, out, err = process.run(step.text, cwd=place.cwd, env=place.env, umask=place.umask)
    return tree.Outcome(tree.snapshot(place.root, written_since, place.ignore), out, err, code)


def run_plain(case, place, product):
    """The outcome of every command, in order; None for steps that only perturb."""
    outcomes = []
    place.settle_ns = TICK_NS  # no cache looks at the inputs
    for step in case.steps:
        if step.key != "run":
            apply(step, place, product, None)
            outcomes.append(None)
            continue
        outcomes.append(execute(step, place))
        if step.differs_from is not None:
            first = outcomes[step.differs_from]
            if not tree.differences(first, outcomes[-1]):
                raise Failed(f"line {step.line}: this pair tests nothing: both commands have "
                             "the same outcome when run plainly")
    return outcomes


def counted(before, after):
    """What was added to the counters between two readings, sorted."""
    return sorted((after - before).elements())


def comparable(step, seen):
    """Counts in the words of the step: flags only where it names some, `cached`, `any`."""
    with_flags = any(word.startswith("flag ") for word in step.outcomes)
    seen = [word for word in seen if with_flags or not word.startswith("flag ")]
    if "cached" in step.outcomes:
        seen = ["cached" if word in ("hit", "miss") else word for word in seen]
    if "any" in step.outcomes:
        seen = ["any" for word in seen]
    return sorted(seen)


def run_cached(case, tool, place, product, plain):
    """Every way in which the cached run differs, as lines."""
    problems = []
    start_daemon(case, tool, product)
    before = product.outcomes()
    for step, want in zip(case.steps, plain):
        if step.key != "run":
            apply(step, place, product, lambda: start_daemon(case, tool, product))
            # Only these count anything, or forget what was counted.
            if step.key in ("daemon", "do"):
                before = product.outcomes()
            continue
        got = execute(step, place)
        expected = sorted(step.outcomes)
        after = product.outcomes()
        seen = comparable(step, counted(before, after))
        before = after
        found = tree.differences(want, got)
        if seen != expected:
            found.insert(0, f"counted {', '.join(seen) or 'nothing'}; "
                            f"expected {', '.join(expected) or 'nothing'}")
        problems += [f"line {step.line}: {step.text}"] * bool(found) + [f"    {f}" for f in found]
    return problems
