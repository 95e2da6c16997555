"""Reads a `case` file into steps. The format is described in tests/cases/README.md."""

import dataclasses
import os
import re

DIRECTIVES = ("about", "reason", "tools", "needs", "mode", "ignore", "do", "env", "cwd", "umask",
              "timing", "daemon", "pair", "with", "shared")
OUTCOME = re.compile(r"(hit|miss|cached|any|none|not_cached [a-z_]+( flag \S+)?)$")


class CaseError(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Step:
    key: str  # a directive, or "run"
    text: str
    line: int
    outcomes: tuple = ()
    # Of a pair: the number of the earlier step whose outcome this one must not repeat.
    differs_from: int | None = None


@dataclasses.dataclass
class Case:
    about: str = ""
    reason: str = ""  # why an outcome may be any
    tools: tuple = ()
    needs: tuple = ()
    ignore: tuple = ()
    mode: str = "wrapper"
    steps: list = dataclasses.field(default_factory=list)


def logical_lines(text):
    """Lines without comments, those ending in a backslash joined; with their numbers."""
    joined, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start if joined else number
        if line.endswith("\\"):
            joined += line[:-1]
            continue
        joined += line
        if joined.strip() and not joined.lstrip().startswith("#"):
            yield start, joined.strip()
        joined = ""


def outcomes_in(key):
    """The outcomes that a run line expects, or nothing when the key is not a list of them."""
    words = [word.strip() for word in key.split(",")]
    if not all(OUTCOME.match(word) for word in words):
        return None
    out = []
    for word in words:
        reason, _, flag = word.partition(" flag ")
        out += [reason] * (reason != "none") + [f"flag {flag}"] * bool(flag)
    return tuple(out)


def add_pair(case, first, second, second_outcome, line):
    """A B A B: the last two hit, each with its own bytes."""
    at = len(case.steps)
    for number, (text, outcome) in enumerate([(first, "miss"), (second, second_outcome),
                                              (first, "hit"), (second, "hit")]):
        case.steps.append(Step("run", text, line, (outcome,), at if number == 1 else None))


def parse(text, tools):
    case = Case(tools=tools)
    first_of_pair = None
    for line, content in logical_lines(text):
        key, colon, value = (part.strip() for part in content.partition(":"))
        if not colon:
            raise CaseError(f"line {line}: no colon in '{content}'")
        outcomes = outcomes_in(key)
        if outcomes is not None:
            case.steps.append(Step("run", value, line, outcomes))
        elif key not in DIRECTIVES:
            raise CaseError(f"line {line}: unknown word '{key}'")
        elif key in ("about", "reason", "mode"):
            setattr(case, key, value)
        elif key in ("tools", "needs", "ignore"):
            setattr(case, key, tuple(value.split()))
        elif key == "pair":
            first_of_pair = value
        elif key in ("with", "shared"):
            if first_of_pair is None:
                raise CaseError(f"line {line}: '{key}' without 'pair'")
            add_pair(case, first_of_pair, value, "miss" if key == "with" else "cached", line)
        else:
            case.steps.append(Step(key, value, line))
    if not case.about or not any(step.key == "run" for step in case.steps):
        raise CaseError("a case needs an 'about' line and a command")
    if any("any" in step.outcomes for step in case.steps) != bool(case.reason):
        raise CaseError("a case needs a 'reason' line if, and only if, it expects 'any'")
    return case


def read(path, tools):
    with open(path, encoding="utf-8") as file:
        try:
            return parse(file.read(), tools)
        except CaseError as error:
            raise CaseError(f"{os.fspath(path)}: {error}") from None
