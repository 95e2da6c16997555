"""The programs that a build starts, by strace, which sees static ones, too."""

import collections
import os
import re
import shutil
import subprocess

from system_calls import whole_lines

# With --seccomp-bpf, a process stops only where it starts a program or another process.
STRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-s", "0", "-e", "signal=none",
          "-e", "trace=execve,execveat")
STARTED = re.compile(r'\d+ +execve(?:at)?\((?:[^"]*, )?"(?P<path>[^"]*)".* = 0$')


def can_be_seen():
    """Whether strace is here and may trace processes."""
    return shutil.which("strace") is not None and subprocess.run(
        [*STRACE, "-o", os.devnull, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        check=False).returncode == 0


class StartedPrograms:
    """Counts what is started by commands that have `prefix` in front."""

    def __init__(self, scratch):
        self.log = scratch / "started"
        self.prefix = (*STRACE, "-A", "-o", str(self.log))

    def take(self):
        """The names, with how often each was started since the last time."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        self.log.unlink(missing_ok=True)
        started = (STARTED.match(line) for line in whole_lines(text))
        return collections.Counter(os.path.basename(match["path"]) for match in started if match)
