"""A workspace of generators: protoc, bison, flex, scripts of Python, Perl and the shell, small tools and
linters; the files that they read, what may happen between two runs, and which of their results differ
from run to run. Two directories have the same files at first.
"""

import dataclasses
import os
import shutil
import time

PATH = "/usr/bin:/bin"
DIRECTORIES = ("one", "two")

TOOLS = {
    # Reads files and variables on the quiet, and looks for one that may be missing.
    "read.py": """
import os, sys
import shared
names = open("names.txt").read().split()
extra = open("extra.txt").read() if os.path.exists("extra.txt") else "no extra\\n"
local = os.path.join("config", "local.ini")
if os.path.isfile(local):
    names.append(open(local).readline().strip())
print(len(names), "names", file=sys.stderr)
with open(sys.argv[1], "w") as out:
    out.write(shared.title(os.environ.get("GREETING", "hello")) + "".join(f"{n}\\n" for n in names) + extra)
""",
    "shared.py": """
def title(text):
    return text + " 0\\n"
""",
    # What is in a directory, with kinds and sizes.
    "list.py": """
import os
for entry in sorted(os.scandir("parts"), key=lambda entry: entry.name):
    print(entry.name, entry.is_dir(), entry.stat().st_size)
""",
    # Takes its own output for an input.
    "inplace.py": """
import os
before = open("state.txt").read() if os.path.exists("state.txt") else ""
open("state.txt", "w").write(before + "line\\n")
""",
    # As many files as a file says; those of an earlier run stay.
    "several.py": """
import os
count = int(open("count.txt").read())
os.makedirs("several", exist_ok=True)
for number in range(count):
    with open(f"several/{number}.txt", "w") as out:
        out.write(f"{number} of {count}\\n")
""",
    # Replaces an output that differs, and leaves one that does not, as careful generators do.
    "careful.py": """
import os
text = open("names.txt").read().upper()
if not os.path.exists("careful.txt") or open("careful.txt").read() != text:
    with open("careful.tmp", "w") as out:
        out.write(text)
    os.replace("careful.tmp", "careful.txt")
""",
    # Asks for the time and makes nothing of it.
    "timed.py": """
import time
start = time.time()
open("timed.txt", "w").write(open("names.txt").read()[::-1])
if time.time() < start - 1000:
    open("timed.txt", "w").write("the clock went back")
""",
    "date.py": """
import datetime
open("date.txt", "w").write(datetime.date.today().isoformat())
""",
    "now.py": """
import time
open("new.txt", "w").write(str(time.time_ns()))
""",
    "random.py": """
import os
open("new.txt", "w").write(os.urandom(8).hex())
""",
    "order.py": """
open("order.txt", "w").write(" ".join({f"name{n}" for n in range(14)}))
""",
    "order.pl": """
my %names = map { $_ => 1 } (1 .. 14);
open my $out, ">", "new.txt"; print $out join " ", keys %names;
""",
    "table.sh": """#!/bin/sh
set -e
mkdir -p made
sort names.txt >made/sorted.$$
mv made/sorted.$$ made/sorted.txt
[ -s parts/p ] && echo some >made/some.txt
[ names.txt -nt data.bin ] && echo newer
head -n 1 made/sorted.txt
exit $(cat code.txt)
""",
}

FILES = {
    "a.proto": 'syntax = "proto3";\nimport "b.proto";\nmessage A { B b = 1; int32 n = 2; }\n',
    "b.proto": 'syntax = "proto3";\nmessage B { int32 x = 1; }\n',
    "g.y": "%token X\n%%\ns: X s | ;\n",
    "l.l": "%option noyywrap\n%%\n[a-z]+ return 1;\n",
    "names.txt": "one two\nthree\n",
    "data.bin": "some\0bytes\n",
    "count.txt": "2\n",
    "code.txt": "0\n",
    "parts/p": "p\n",
    "parts/q": "q\n",
    "lint.cc": "int  f(int *p) {\n  int a[2]; a[2] = 0;\n  return p == 0 ? a[0] : *p;\n}\n",
    "rules.mk": "table.txt: names.txt\n\tsort names.txt >table.txt\n",
}

OUTPUTS = ("out.txt", "careful.txt", "state.txt", "several", "made", "p.c", "lex.c", "data.h",
           "a.pb.cc", "timed.txt", "table.txt", "listing.txt", "parts.tar", "copy.txt")


@dataclasses.dataclass(frozen=True)
class Command:
    text: str
    needs: str = "python3"
    # Of a result that no two runs share: the file that has it. Else the outcome is that of a plain run.
    new: str = ""


# $X is `zccache exec`, $L the client alone, $O options of the former; without the cache they are
# nothing. ../tools is beside both directories.
COMMANDS = (
    Command("$X $O -- python3 -B ../tools/read.py out.txt"),
    Command("$X $O -- python3 ../tools/read.py out.txt"),
    Command("$X --no-cwd-in-key -- python3 -B ../tools/read.py out.txt"),
    Command("$X --input-env GREETING -- python3 -I -B ../tools/several.py"),
    Command("$X $O -- python3 -B ../tools/list.py"),
    Command("$X -- python3 -B ../tools/list.py >listing.txt"),
    Command("$X $O -- python3 -B ../tools/several.py"),
    Command("$X $O -- python3 -B ../tools/inplace.py"),
    Command("$X $O -- python3 -B ../tools/careful.py"),
    Command("$X $O -- python3 -B ../tools/timed.py"),
    Command("$X -- python3 -B ../tools/date.py"),
    Command("$X -- python3 -B ../tools/now.py", new="new.txt"),
    Command("$X -- python3 -B ../tools/random.py", new="new.txt"),
    Command("PYTHONHASHSEED=random $X -- python3 -B ../tools/order.py", new="order.txt"),
    Command("PYTHONHASHSEED=$SEED $X -- python3 -B ../tools/order.py"),
    Command("$X -- perl ../tools/order.pl", "perl", new="new.txt"),
    Command("$X $O -- ../tools/table.sh", "sh"),
    Command("$X --no-cwd-in-key -- ../tools/table.sh", "sh"),
    Command("umask 027; $X $O -- ../tools/table.sh", "sh"),
    Command("$X $O -- protoc --cpp_out=. a.proto", "protoc"),
    Command("$X --no-cwd-in-key -- protoc -Ifirst -I. --cpp_out=. a.proto", "protoc"),
    Command("$X $O -- protoc --include_imports --descriptor_set_out=a.desc a.proto", "protoc"),
    Command("$X $O -- bison -d -o p.c g.y", "bison"),
    Command("$X --output-file p.c -- bison -v -o p.c g.y", "bison"),
    Command("$X $O -- flex -o lex.c l.l", "flex"),
    Command("$X --no-cwd-in-key -- xxd -i data.bin data.h", "xxd"),
    Command("$X $O -- xxd data.bin", "xxd"),
    Command("$X --key-args-filter '^-j' -- sh -c 'sort names.txt >out.txt' name -j$JOBS", "sh"),
    Command("$X -- tr a-z A-Z <names.txt >out.txt", "tr"),
    Command("cat names.txt | $X -- tr a-z A-Z", "tr"),
    Command("$X -- sort -o out.txt names.txt", "sort"),
    Command("$X -- sed -i s/one/uno/ out.txt", "sed"),
    Command("$X -- cp names.txt copy.txt", "cp"),
    Command("$X -- install -m 750 names.txt copy.txt", "install"),
    Command("$X -- ln -sf names.txt copy.txt", "ln"),
    Command("$X -- tar --format=ustar --numeric-owner -cf parts.tar parts", "tar"),
    Command("$X $O -- ls parts", "ls"),
    Command("$X -- find parts -newer names.txt", "find"),
    Command("$X $O -- sed -n 1p names.txt", "sed"),
    Command("$X -- stat -c '%n %s %Y %a' names.txt data.bin", "stat"),
    Command("$X -- make -s -f rules.mk", "make"),
    Command("$L clang-format-19 --dry-run lint.cc", "clang-format-19"),
    Command("$L cppcheck -q --enable=all lint.cc", "cppcheck"),
)

OPTIONS = ("", "", "", "--no-cwd-in-key", "--input-file names.txt", "--input-extra text",
           "--input-env GREETING")

OLD = {
    "narrow": "chmod 600 {}", "runnable": "chmod 755 {}", "of two names": "ln -f {} second",
    "a link": "rm -rf {0}; ln -s target {0}", "a link to nothing": "rm -rf {0}; ln -s no/where {0}",
    "a directory": "rm -rf {0}; mkdir {0}", "empty": "[ -d {0} ] || : >{0}", "gone": "rm -rf {}",
    "edited": "[ ! -f {0} ] || echo edited >>{0}", "of another": "chown 12:34 {}",
}


def changes(choose):
    """One of each kind of change, in a directory, all made up anew."""
    number = choose.randrange(3)
    output = choose.choice(OUTPUTS)
    return (
        f"sed -i 's/int[0-9]* n/int{choose.choice((32, 64))} n/' a.proto",
        f"sed -i 's/int[0-9]* x/int{choose.choice((32, 64))} x/' b.proto",
        f"[ -d first ] || mkdir first; sed 's/x = 1/y{number} = 1/' b.proto >first/b.proto",
        "rm -rf first",
        f"echo '%token X{number}' | cat - g.y >g.tmp; mv g.tmp g.y",
        "printf '%%token X\\n%%%%\\ns: X s | ;\\n' >g.y",
        f"echo 'broken {number}' >>{choose.choice(('g.y', 'l.l', 'a.proto'))}",
        "git_like() { cp -a ../kept/* .; }; git_like",
        f"echo name{number} >>names.txt",
        "printf 'one two\\nthree\\n' >names.txt",
        f"echo extra{number} >extra.txt",
        "rm -f extra.txt",
        f"mkdir -p config; echo local{number} >config/local.ini",
        "rm -rf config",
        f"echo {number + 1} >count.txt",
        f"echo {number} >code.txt",
        f"echo {number} >>parts/new{number}",
        f"rm -rf parts/new{number}",
        f"mkdir -p parts/new{number}",
        f"chmod {choose.choice(('755', '644'))} parts/p",
        f"touch {choose.choice(('names.txt', 'data.bin', 'parts', 'parts/p', 'a.proto', output))}",
        "touch -d 2020-01-01 names.txt",
        f"printf 'b{number}\\0' >data.bin",
        "touch -r names.txt stamp; echo bytes >names.txt; touch -r stamp names.txt; rm stamp",
        f"printf 'BasedOnStyle: {choose.choice(('LLVM', 'Google', 'GNU'))}\\n' >.clang-format",
        "rm -f .clang-format ../.clang-format",
        "printf 'DisableFormat: true\\n' >../.clang-format",
        f"sed -i 's/a.[0-9]. = 0/a[{number}] = 0/' lint.cc",
        f"sed -i 's/ [0-9]/ {number}/' ../tools/shared.py",
        f"sed -i 's/of/of{number}/' ../tools/several.py",
        "rm -rf ../tools/__pycache__",
        f"mkdir -p ../bin; printf '#!/bin/sh\\necho shadow{number}\\n' >../bin/sort; chmod +x ../bin/sort",
        "rm -rf ../bin",
        *(how.format(output) for how in OLD.values()),
    )


VARIABLES = {"GREETING": (None, "hi", "good day"), "LC_ALL": (None, "C", "C.UTF-8"),
             "TZ": (None, "UTC", "Asia/Tokyo"), "UNRELATED": (None, "1", "2"),
             "SEED": ("0", "1", "2"), "JOBS": ("1", "8"), "SOURCE_DATE_EPOCH": (None, "1")}


class Workspace:
    def __init__(self, root, choose):
        self.root = root
        self.choose = choose
        self.variables = {name: values[0] for name, values in VARIABLES.items()}
        self.commands = [command for command in COMMANDS if shutil.which(command.needs, path=PATH)]
        self.missing = {command.needs for command in COMMANDS} - {
            command.needs for command in self.commands}
        for directory in DIRECTORIES + ("kept",):
            for name, text in FILES.items():
                path = root / directory / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        (root / "tools").mkdir()
        for name, text in TOOLS.items():
            (root / "tools" / name).write_text(text.lstrip())
            (root / "tools" / name).chmod(0o755)

    def environment(self):
        chosen = {name: value for name, value in self.variables.items() if value is not None}
        return chosen | {"PATH": f"{self.root}/bin:{PATH}"}

    def change(self, run):
        """Changes one thing: a file by `run`, which takes a directory and a command, or a variable."""
        if self.choose.random() < 0.2:
            name = self.choose.choice(tuple(VARIABLES))
            self.variables[name] = self.choose.choice(VARIABLES[name])
            return f"{name}={self.variables[name]}"
        directory = self.choose.choice(DIRECTORIES)
        text = self.choose.choice(changes(self.choose))
        run(directory, text)
        return f"{directory}: {text}"

    def command(self):
        """A directory, and what to run there."""
        command = self.choose.choice(self.commands)
        options = self.choose.choice(OPTIONS)
        return self.choose.choice(DIRECTORIES), dataclasses.replace(
            command, text=command.text.replace("$O", options))
