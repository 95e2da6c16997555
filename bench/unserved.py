"""What a build under `zccache run` pays for a program that is not served: the library that looks at
what it starts."""

from hits import Case, PLAIN_ENV, run_rounds
from table import note, ratio, section, show

PROGRAMS = {
    "true": ["/bin/true"],
    "sh": ["/bin/sh", "-c", ":"],
    "sh that starts true": ["/bin/sh", "-c", "/bin/true; /bin/true; :"],
    "python": ["/usr/bin/python3", "-I", "-S", "-c", "pass"],
}


def measure(bench_bin, scratch, ours, rounds):
    """In a build's program the variables are hidden; each that it starts is given them so."""
    bin_dir = bench_bin.parent
    served = PLAIN_ENV | {"LD_PRELOAD": str(bin_dir / "libzccache-observer.so"),
                          "ZCCACHE_RUN": str(bin_dir / "zccache")}
    cases = [Case(f"{name}{mark}", scratch, env, words) for name, words in PROGRAMS.items()
             for mark, env in ((", plain", PLAIN_ENV), (", in a build", served))]
    samples = run_rounds(bench_bin, cases, rounds)
    section("A program that `zccache run` does not serve")
    rows = []
    for name in PROGRAMS:
        plain, inside = samples[f"{name}, plain"], samples[f"{name}, in a build"]
        rows.append([name, *plain.row(1e6, 2), *inside.row(1e6, 2), ratio(inside, plain)])
    show(["ms", "plain: min", "median", "max", "in a build: min", "median", "max", "÷ plain"], rows)
    note(f"Library of {ours.version()}.")
    return {name: item.as_json() for name, item in samples.items()}
