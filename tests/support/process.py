"""Runs a shell command in a process group of its own, so that nothing of it outlives a timeout."""

import os
import signal
import subprocess


class Hung(Exception):
    pass


def run(command, *, cwd, env, umask=-1, timeout=90, stdin=subprocess.DEVNULL):
    """Runs `command` by sh. Returns (exit code, stdout, stderr); raises Hung after `timeout`."""
    child = subprocess.Popen(["/bin/sh", "-c", command], cwd=cwd, env=env | {"PWD": str(cwd)},
                             stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             umask=umask, start_new_session=True)
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise Hung(f"no end after {timeout} s: {command}") from None
    return child.returncode, out, err
