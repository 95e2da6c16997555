"""Samples, and how they are shown: min, median, max and ratios, as Markdown tables."""

import statistics


class Samples:
    """Measurements of one thing, in nanoseconds."""

    def __init__(self, values):
        self.values = list(values)

    @property
    def median(self):
        return statistics.median(self.values)

    def as_json(self):
        return {"n": len(self.values), "min_ns": min(self.values), "median_ns": self.median,
                "max_ns": max(self.values)}

    def row(self, unit_ns, digits):
        shown = (min(self.values), self.median, max(self.values))
        return [f"{value / unit_ns:.{digits}f}" for value in shown]


def ratio(samples, base, digits=2):
    return f"{samples.median / base.median:.{digits}f}" if samples and base else ""


def show(header, rows):
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, None, *rows]:
        cells = ["-" * w for w in widths] if row is None else \
                [str(c).ljust(w) for c, w in zip(row, widths)]
        print("| " + " | ".join(cells) + " |")
    print(flush=True)


def section(title):
    print(f"## {title}\n", flush=True)


def note(text):
    print(text + "\n", flush=True)
