"""The paths that the kernel saw in a run, by strace, which shares nothing with the observer."""

import dataclasses
import os
import re
import subprocess
import tempfile

# strace decodes the directory of a descriptor with -y, and shows no string shortened with -s.
STRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "8192", "-e", "signal=none",
          "-e", "trace=%file,getdents64,fchdir")
LINE = re.compile(r"(?P<pid>\d+) +(?P<call>\w+)\((?P<arguments>.*)\) += "
                  r"(?P<result>-?\d+|\?)(?:<(?P<target>.*?)>)?(?: (?P<error>E\w+))?")
UNFINISHED = re.compile(r"(\d+) +(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
TEXT = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<directory>[^>]*)>, )?"(?P<path>(?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\([0-7]{1,3}|.)")
NAMED = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f"}


@dataclasses.dataclass(frozen=True)
class PathCall:
    pid: int
    call: str
    path: str  # absolute
    arguments: str
    error: str  # "ENOENT"; empty if it worked

    @property
    def reads(self):
        """Whether the content of a file, or the names in a directory, became known."""
        return not self.error and (self.call == "getdents64" or (
            self.call in ("open", "openat") and "O_PATH" not in self.arguments
            and "O_WRONLY" not in self.arguments and "O_DIRECTORY" not in self.arguments))


def unescaped(text):
    def one(match):
        code = match[1]
        return NAMED.get(code) or (chr(int(code, 8)) if code[0] in "01234567" else code)
    return os.fsdecode(ESCAPE.sub(one, text).encode("latin-1"))


def whole_lines(text):
    """Calls that others interrupted, put together."""
    begun = {}
    for line in text.splitlines():
        if match := UNFINISHED.match(line):
            begun[match[1]] = line[:match.end(2)]
        elif match := RESUMED.match(line):
            yield begun.pop(match[1]) + match[2]
        else:
            yield line


def calls_in(line, cwd):
    match = LINE.match(line)
    if not match:
        return
    pid, call = int(match["pid"]), match["call"]
    if call in ("chdir", "fchdir"):
        raise RuntimeError(f"strace: a program changed its directory: {line}")
    if call == "getdents64":
        listed = re.match(r"\d+<(.*?)>", match["arguments"])
        yield PathCall(pid, call, listed[1], match["arguments"], match["error"] or "")
        return
    arguments = match["arguments"].split("[", 1)[0] if call == "execve" else match["arguments"]
    for text in TEXT.finditer(arguments):
        path = unescaped(text["path"])
        if path:
            directory = text["directory"] or cwd
            yield PathCall(pid, call, os.path.join(directory, path), match["arguments"],
                           match["error"] or "")
        if call.startswith("readlink"):
            return  # the second text is the answer


def traced(words, *, cwd, env, timeout=90):
    """Runs `words`; returns the exit code and the calls with paths."""
    with tempfile.NamedTemporaryFile("r", prefix="zc-", errors="surrogateescape") as log:
        done = subprocess.run([*STRACE, "-o", log.name, *words], cwd=cwd,
                              env=env | {"PWD": str(cwd)}, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=timeout, check=False)
        calls = [call for line in whole_lines(log.read())
                 for call in calls_in(line, str(cwd))]
    return done.returncode, calls
