"""Where the time of one hit goes: steps of `limit`, system calls, and instructions."""

import re
import shutil
import signal
import subprocess
import time

from hits import PLAIN_ENV, Case, limit_daemon, run_rounds, warm_up
from table import note, section, show

TRACED_HITS = 20


def steps(bench_bin, unit, rounds):
    """The cost of each step of a hit, as differences between variants of `limit`."""
    tiny = unit.directory / "tiny"
    tiny.write_bytes(b"x")
    blob = unit.directory / "plain.o"
    entries = [([tiny], unit.inputs[:1]), ([tiny], unit.inputs), ([blob], unit.inputs)]
    with limit_daemon(bench_bin, entries) as socket:
        client = bench_bin / "bench_limit_client"
        cases = [Case("empty", unit.directory, PLAIN_ENV, [bench_bin / "bench_empty"])]
        cases += [Case(str(n), unit.directory, PLAIN_ENV, [client, socket, str(n), "steps.o"])
                  for n in range(len(entries))]
        samples = run_rounds(bench_bin, cases, rounds)
    medians = [samples[name].median for name in ("empty", "0", "1", "2")]
    names = ["start and end a process", "one round trip, one tiny file delivered",
             f"stat of {len(unit.inputs)} inputs", f"copy of {unit.object_bytes / 1000:.0f} KB"]
    costs = [medians[0]] + [b - a for a, b in zip(medians, medians[1:])]
    section(f"Anatomy of a hit: steps of `limit`, {unit.name}")
    show(["step", "µs"], [[name, f"{cost / 1000:.0f}"] for name, cost in zip(names, costs)])
    return dict(zip(names, costs))


def parse_strace(text):
    """Calls by name of `strace -c`."""
    calls = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 5 and re.fullmatch(r"[\d.]+", words[0]) and words[-1] != "total":
            calls[words[-1]] = int(words[3])
    return calls


def trace_client(contender, unit, report):
    subprocess.run(["strace", "-f", "-c", "-o", report, *contender.launcher(),
                    *unit.command(contender.name)], cwd=unit.directory, env=contender.env,
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return parse_strace(report.read_text())


def trace_daemon(bench_bin, contender, unit, report):
    pid = contender.daemon_pid()
    tracer = subprocess.Popen(["strace", "-f", "-c", "-o", report, "-p", str(pid)],
                              stderr=subprocess.PIPE, text=True)
    try:
        tracer.stderr.readline()  # "Process … attached"
        case = Case("hit", unit.directory, contender.env,
                    contender.launcher() + unit.command(contender.name))
        run_rounds(bench_bin, [case], TRACED_HITS, unrecorded=0)
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate()
    return {name: count / TRACED_HITS for name, count in parse_strace(report.read_text()).items()}


def call_row(name, calls):
    by_count = sorted(calls.items(), key=lambda item: -item[1])
    return [name, f"{sum(calls.values()):g}", ", ".join(f"{n} {c:g}" for n, c in by_count)]


def system_calls(bench_bin, contender, unit):
    if not shutil.which("strace"):
        note("strace is not installed: no system calls listed")
        return {}
    report = unit.directory / "strace"
    client = trace_client(contender, unit, report)
    daemon = trace_daemon(bench_bin, contender, unit, report)
    section(f"Anatomy of a hit: system calls, {unit.name}")
    show(["program", "calls", "per hit"], [call_row("client", client), call_row("daemon", daemon)])
    return {"client": client, "daemon": daemon}


def count_instructions(argv, directory, env, report):
    subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={report}", *argv],
                   cwd=directory, env=env, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return int(re.search(r"^(?:summary|totals): (\d+)", report.read_text(), re.M).group(1))


def functions(report):
    """The functions that take most instructions, from callgrind_annotate."""
    text = subprocess.run(["callgrind_annotate", report], stdout=subprocess.PIPE, text=True,
                          check=True, stderr=subprocess.DEVNULL).stdout
    found = re.findall(r"^\s*([\d,]+) \(\s*[\d.]+%\)\s+\S*?:(\S.*?)(?: \[.*\])?$", text, re.M)
    return [(name, int(count.replace(",", ""))) for count, name in found][:10]


def instructions(bench_bin, contender, unit):
    if not shutil.which("valgrind"):
        note("valgrind is not installed: no instructions counted")
        return {}
    report = unit.directory / "callgrind"
    counts = {"empty process": count_instructions([bench_bin / "bench_empty"], unit.directory, {},
                                                  report)}
    blobs = [unit.directory / path for path in unit.outputs("plain")]
    with limit_daemon(bench_bin, [(blobs, unit.inputs)]) as socket:
        argv = [bench_bin / "bench_limit_client", socket, "0", *unit.outputs("limit")]
        counts["limit"] = count_instructions(argv, unit.directory, {}, report)
    # valgrind sets LD_PRELOAD, which is part of the key: its first run is a miss.
    argv = contender.launcher() + unit.command(contender.name)
    count_instructions(argv, unit.directory, contender.env, report)
    before = contender.hits()
    counts["zccache"] = count_instructions(argv, unit.directory, contender.env, report)
    section(f"Anatomy of a hit: instructions of the client, {unit.name}, "
            f"{len(contender.env)} variables in the environment")
    show(["program", "instructions"], counts.items())
    if contender.hits() != before + 1:
        note("**this was not a hit**")
    top = functions(report)
    show(["function", "instructions"], top)
    return {"instructions": counts, "functions": top}


def measure(bench_bin, unit, contender, rounds):
    result = {"steps_ns": steps(bench_bin, unit, rounds)}
    if contender is None:
        return result
    if not warm_up(contender, unit):
        note("**zccache never hit: nothing to take apart**")
        return result
    time.sleep(0.1)
    result["system_calls"] = system_calls(bench_bin, contender, unit)
    result["instructions"] = instructions(bench_bin, contender, unit)
    return result
