"""How long one hit takes, from spawn to exit, in interleaved rounds."""

import contextlib
import pathlib
import shutil
import subprocess
import tempfile

from table import Samples, note, ratio, section, show

PLAIN_ENV = {"PATH": "/usr/bin:/bin", "LANG": "C"}


class Case:
    """What bench_rounds runs: see its first lines for the format of a plan."""

    def __init__(self, name, directory, env, argv):
        self.name = name
        self.lines = [f"case {name}", f"dir {directory}"]
        self.lines += [f"env {key}={value}" for key, value in env.items()]
        self.lines += [f"arg {word}" for word in argv]


def run_rounds(bench_bin, cases, rounds, unrecorded=3):
    plan = "\n".join(line for case in cases for line in case.lines) + "\n"
    done = subprocess.run([bench_bin / "bench_rounds", str(rounds), str(unrecorded)], input=plan,
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"bench_rounds: {done.stdout.splitlines()[-1:]}")
    samples = {case.name: [] for case in cases}
    for line in done.stdout.splitlines():
        name, wall_ns, _ = line.rsplit(" ", 2)
        samples[name].append(int(wall_ns))
    return {name: Samples(values) for name, values in samples.items()}


@contextlib.contextmanager
def limit_daemon(bench_bin, entries):
    """Runs the daemon half of `limit` for (blobs, inputs) entries; gives its socket."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="zcb-"))
    lines = []
    for blobs, inputs in entries:
        lines += ["entry"] + [f"blob {b}" for b in blobs] + [f"input {i}" for i in inputs]
    (directory / "list").write_text("\n".join(lines) + "\n")
    words = [bench_bin / "bench_limit_daemon", directory / "s", directory / "list"]
    daemon = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        if daemon.stdout.readline() != "ready\n":
            raise RuntimeError("bench_limit_daemon did not start")
        yield directory / "s"
    finally:
        daemon.kill()
        daemon.wait()
        daemon.stdout.close()
        shutil.rmtree(directory)


def warm_up(contender, unit):
    """Compiles until the cache says three times running that it hit; False when it never does."""
    running = 0
    for _ in range(9):
        before = contender.hits()
        subprocess.run(contender.launcher() + unit.command(contender.name), cwd=unit.directory,
                       env=contender.env, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        running = running + 1 if contender.hits() > before else 0
        if running == 3:
            return True
    return False


def measure_unit(bench_bin, unit, contenders, rounds):
    """Samples by name; only of caches that hit in every round with the right bytes."""
    problems = []
    ready = []
    for contender in contenders:
        if warm_up(contender, unit):
            ready.append(contender)
        else:
            problems.append(f"{contender.name} never hit")
    blobs = [unit.directory / path for path in unit.outputs("plain")]
    with limit_daemon(bench_bin, [(blobs, unit.inputs)]) as socket:
        cases = [Case("empty process", unit.directory, PLAIN_ENV, [bench_bin / "bench_empty"]),
                 Case("limit", unit.directory, PLAIN_ENV,
                      [bench_bin / "bench_limit_client", socket, "0", *unit.outputs("limit")])]
        cases += [Case(c.name, unit.directory, c.env, c.launcher() + unit.command(c.name))
                  for c in ready]
        before = {c.name: c.hits() for c in ready}
        samples = run_rounds(bench_bin, cases, rounds)
    for contender in ready:
        missed = rounds + 3 - (contender.hits() - before[contender.name])
        if missed > 0:
            problems.append(f"{contender.name} missed {missed} times")
            del samples[contender.name]
    for name in ["limit", *(c.name for c in ready)]:
        if not unit.same_as_plain(name):
            problems.append(f"{name} delivered other bytes than a plain compile")
    return samples, problems


def show_unit(unit, samples, problems):
    section(f"Hit: {unit.name} ({len(unit.inputs)} files read, "
            f"object of {unit.object_bytes / 1000:.0f} KB)")
    note("`" + " ".join(unit.command("unit")) + "`")
    limit, ours = samples["limit"], samples.get("zccache")
    rows = [[name, *item.row(1e6, 2), ratio(item, limit), ratio(item, ours)]
            for name, item in samples.items()]
    show(["ms", "min", "median", "max", "÷ limit", "÷ zccache"], rows)
    for problem in problems:
        note(f"**{problem}**")


def measure(bench_bin, units, contenders, rounds):
    results = {}
    for unit in units:
        samples, problems = measure_unit(bench_bin, unit, contenders, rounds)
        show_unit(unit, samples, problems)
        results[unit.name] = {"files": len(unit.inputs), "object_bytes": unit.object_bytes,
                              "problems": problems,
                              "ns": {name: item.as_json() for name, item in samples.items()}}
    return results
