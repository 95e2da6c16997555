"""The package sources that this machine's apt is configured with, turned into sources of source code.

Only the kind of an entry changes (`deb` becomes `deb-src`): mirrors, keys and options stay what they
are. Only the release itself counts, not its updates: the sources of an update may have gone from a
mirror that still lists them.
"""

import os
import pathlib
import re
import shlex
import subprocess

ADDITIONS = re.compile(r"[-/](security|updates|proposed-updates|backports|backports-sloppy|sloppy)$")
ONE_LINE = re.compile(r"^\s*(deb|deb-src)\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)(.*)$")


def is_release(suite):
    """Whether a suite is a release, as against its updates and directories of packages."""
    return not ADDITIONS.search(suite) and not suite.endswith("/")


def is_network(uri):
    return not uri.startswith("cdrom:")


def of_lines(text):
    """The lines of a one-line list as (suite, `deb-src` line)."""
    entries = []
    for line in text.splitlines():
        entry = ONE_LINE.match(line.partition("#")[0].rstrip())
        if entry and is_network(entry[3]) and is_release(entry[4]):
            entries.append(
                (entry[4], f"deb-src {entry[2] or ''}{entry[3]} {entry[4]}{entry[5]}\n"))
    return entries


def fields_of(stanza):
    """The fields of a stanza by lower-case name, each with its continuation lines."""
    fields, name = {}, None
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += "\n" + line
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value
    return fields


def of_stanzas(text):
    """The stanzas of a file in the newer form as (suite, stanza of source code)."""
    entries = []
    for stanza in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.strip()):
        fields = fields_of(stanza)
        enabled = fields.get("enabled", "yes").strip().lower() not in ("no", "false", "0", "off")
        uris = [uri for uri in fields.get("uris", "").split() if is_network(uri)]
        for suite in fields.get("suites", "").split():
            if enabled and uris and is_release(suite):
                turned = fields | {"types": " deb-src", "uris": " " + " ".join(uris),
                                   "suites": f" {suite}"}
                entries.append(
                    (suite, "".join(f"{name}:{value}\n" for name, value in turned.items()) + "\n"))
    return entries


def of_files(files, codename):
    """(text of a .list file, text of a .sources file) for all that some files of apt hold: this
    system's release alone where there are entries of others as well."""
    lines = [entry for path, text in files if path.suffix != ".sources" for entry in of_lines(text)]
    stanzas = [entry for path, text in files if path.suffix == ".sources"
               for entry in of_stanzas(text)]
    has_own = any(suite == codename for suite, _ in lines + stanzas)
    return tuple("".join(dict.fromkeys(text for suite, text in entries
                                       if suite == codename or not has_own))
                 for entries in (lines, stanzas))


def codename_of_this_system():
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        if os.path.exists(path):
            found = re.search(r'^VERSION_CODENAME="?([^"\n]+)"?$', pathlib.Path(path).read_text(),
                              re.MULTILINE)
            return found[1] if found else None
    return None


def files_of_apt():
    """Where this machine's apt reads its entries."""
    done = subprocess.run(["apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f",
                           "PARTS", "Dir::Etc::sourceparts/d"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True)
    paths = dict(word.split("=", 1) for word in shlex.split(done.stdout))
    parts = pathlib.Path(paths.get("PARTS", "/nonexistent"))
    files = [pathlib.Path(paths.get("LIST", "/nonexistent")), *sorted(parts.glob("*.list")),
             *sorted(parts.glob("*.sources"))]
    return [path for path in files if path.is_file()]


def write(folder):
    """Writes this machine's entries, turned, to a directory that apt may take for its
    `sourceparts`. Returns whether there is any."""
    files = [(path, path.read_text(errors="surrogateescape")) for path in files_of_apt()]
    texts = of_files(files, codename_of_this_system())
    for suffix, text in zip(("list", "sources"), texts):
        (folder / f"machine.{suffix}").write_text(text, errors="surrogateescape")
    return any(texts)
