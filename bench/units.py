"""Generated sources for the hit benchmark, and the commands that compile them."""

import dataclasses
import os
import pathlib
import subprocess
import time

# In this order, as many as are needed to reach the wanted number of files.
INCLUDES = ("string vector map memory functional algorithm iostream sstream unordered_map set "
            "optional variant thread mutex condition_variable future chrono random regex "
            "filesystem fstream deque list valarray bitset complex any codecvt").split()

HEADERS_WANTED = 240
INSTANCES = 22  # an object of about 250 KB
BIG_OBJECT_BYTES = 4_200_000

SMALL = """\
struct point { int x, y; };
int dot(const struct point *a, const struct point *b) { return a->x * b->x + a->y * b->y; }
int sum(const int *values, int count) {
  int total = 0;
  for (int i = 0; i < count; ++i) total += values[i];
  return total;
}
"""

# Each instance drags its own copies of map, vector and sort code into the object.
INSTANCE = """\
template <int N> struct Key {{ int value; bool operator<(const Key& o) const
  {{ return value % (N + 2) < o.value % (N + 2); }} }};
template <int N> long fill(const std::vector<int>& in) {{
  std::map<Key<N>, std::string> names;
  std::vector<Key<N>> keys;
  for (int v : in) {{ names[Key<N>{{v}}] += std::to_string(v); keys.push_back(Key<N>{{v}}); }}
  std::sort(keys.begin(), keys.end());
  return static_cast<long>(names.size() + keys.size());
}}
long all(const std::vector<int>& in) {{
  long total = 0;
{calls}
  return total;
}}
"""


@dataclasses.dataclass
class Unit:
    """One source in its own directory; `inputs` are absolute paths of all that it reads."""
    name: str
    directory: pathlib.Path
    source: str
    compiler: str
    flags: list
    depfile: bool
    inputs: list
    object_bytes: int = 0

    def output(self, who):
        return f"{who}.o"

    def outputs(self, who):
        return [self.output(who)] + ([f"{who}.o.d"] if self.depfile else [])

    def command(self, who):
        out = self.output(who)
        depfile = ["-MD", "-MT", "unit.o", "-MF", out + ".d"] if self.depfile else []
        return [self.compiler, *self.flags, *depfile, "-c", self.source, "-o", out]

    def compile_plain(self):
        subprocess.run(self.command("plain"), cwd=self.directory, check=True)
        self.object_bytes = (self.directory / "plain.o").stat().st_size

    def same_as_plain(self, who):
        return all((self.directory / a).read_bytes() == (self.directory / b).read_bytes()
                   for a, b in zip(self.outputs(who), self.outputs("plain")))


def list_inputs(directory, compiler, flags, source):
    text = subprocess.run([compiler, *flags, "-M", source], cwd=directory, check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    words = text.replace("\\\n", " ").split()[1:]
    return sorted({os.path.join(directory, os.path.normpath(word)) for word in words})


def write_aged(path, text):
    """A cache may distrust a file as young as the compile, so sources are an hour old."""
    path.write_text(text)
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))


def cxx_source(includes, instances):
    calls = "\n".join(f"  total += fill<{n}>(in);" for n in range(instances))
    return "".join(f"#include <{name}>\n" for name in includes) + INSTANCE.format(calls=calls)


def pick_includes(directory, flags):
    for count in range(6, len(INCLUDES) + 1):
        write_aged(directory / "unit.cc", cxx_source(INCLUDES[:count], 1))
        if len(list_inputs(directory, "/usr/bin/g++", flags, "unit.cc")) >= HEADERS_WANTED:
            break
    return INCLUDES[:count]


def cxx_unit(root, name, flags, includes, instances, depfile=False):
    directory = root / name
    directory.mkdir(parents=True, exist_ok=True)
    write_aged(directory / "unit.cc", cxx_source(includes, instances))
    inputs = list_inputs(directory, "/usr/bin/g++", flags, "unit.cc")
    unit = Unit(name, directory, "unit.cc", "/usr/bin/g++", flags, depfile, inputs)
    unit.compile_plain()
    return unit


def big_unit(root, includes):
    """Two tries with few instances tell how many give the wanted size."""
    def compile_with(instances):
        flags = ["-std=c++17", "-O2", "-g"]
        return cxx_unit(root, "c++ -g, big object", flags, includes, instances)

    few, more = compile_with(2).object_bytes, compile_with(4).object_bytes
    return compile_with(2 + 2 * (BIG_OBJECT_BYTES - few) // (more - few))


def make_units(root):
    small = root / "small c"
    small.mkdir(parents=True)
    write_aged(small / "unit.c", SMALL)
    units = [Unit("small c", small, "unit.c", "/usr/bin/gcc", ["-O2"], False,
                  [str(small / "unit.c")])]
    units[0].compile_plain()
    flags = ["-std=c++17", "-O2"]
    probe = root / "probe"
    probe.mkdir()
    includes = pick_includes(probe, flags)
    units.append(cxx_unit(root, "c++ many headers", flags, includes, INSTANCES))
    units.append(cxx_unit(root, "c++ many headers, -MD", flags, includes, INSTANCES, depfile=True))
    units.append(big_unit(root, includes))
    return units
