"""A small cargo workspace, made up, whose program prints a function of all that it is made from: of
sources, features, variables, and of what a macro looks at without telling anybody. Random changes
edit it; contents come from small pools, so that they recur.
"""

import os
import pathlib
import re
import shutil

PIECES = "abcdef"
WORDS = ("amber", "birch", "cedar", "delta")
BROKEN = 'const BROKEN: u32 = "no number";\n'
LINTS = """[lints.rust]
unexpected_cfgs = { level = "warn", check-cfg = ['cfg(extra)', 'cfg(marked)'] }
"""
MANIFESTS = {
    "Cargo.toml": """[workspace]
members = ["app", "base", "mid", "weave"]
resolver = "2"

[profile.dev]
debug = 0

[profile.release]
opt-level = 1
""",
    "base/Cargo.toml": """[package]
name = "base"
version = "0.1.0"
edition = "2021"

[features]
loud = []

""" + LINTS,
    "weave/Cargo.toml": """[package]
name = "weave"
version = "0.1.0"
edition = "2021"

[lib]
proc-macro = true
""",
    "mid/Cargo.toml": """[package]
name = "mid"
version = "0.2.0"
edition = "2021"

[dependencies]
base = { path = "../base" }
weave = { path = "../weave" }

""" + LINTS,
    "app/Cargo.toml": """[package]
name = "app"
version = "0.3.0"
edition = "2021"

[features]
loud = ["base/loud"]

[dependencies]
base = { path = "../base" }
mid = { path = "../mid" }
weave = { path = "../weave" }

""" + LINTS,
}

# How the macro may get at the text of a file, each an expression; `path` names the file.
READERS = (
    'std::fs::read_to_string(&path).unwrap_or("nothing".into())',
    "std::fs::read(&path).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default()",
    "std::fs::metadata(&path).map(|m| m.len()).unwrap_or(0).to_string()",
    "std::path::Path::new(&path).exists().to_string()",
    'said("cat", &[&path])',
    'said("sh", &["-c", "tr a-z A-Z < \\"$0\\"", &path])',
    '''{
        use std::io::{Read, Seek};
        let mut some = [b'-'; 3];
        if let Ok(mut file) = std::fs::File::open(&path) {
            file.seek(std::io::SeekFrom::End(-4)).unwrap();
            file.read_exact(&mut some).unwrap();
        }
        String::from_utf8_lossy(&some).into_owned()
    }''',
    'std::fs::read_to_string("mid/notes/text.txt").unwrap_or("nothing".into())',
    'std::fs::read_to_string(format!("{}/../app/notes/text.txt", folder())).unwrap_or_default()',
    'std::fs::read_to_string(format!("{}/notes/link.txt", folder())).unwrap_or("nothing".into())',
    'format!("{:?}", std::fs::read_link(format!("{}/notes/link.txt", folder())).ok())',
    "std::thread::spawn(|| std::fs::read_to_string(path).unwrap_or_default()).join().unwrap()",
    # Its time, which is the same for both builds of a step.
    'format!("{:?}", std::fs::metadata(&path).and_then(|m| m.modified()).ok())',
    # By a child that does not inherit the environment, and with it the observer.
    'said("env", &["-i", "/bin/cat", &path])',
    # Past the standard library, by C.
    """unsafe {
        unsafe extern "C" {
            fn open(path: *const u8, flags: i32, ...) -> i32;
            fn read(file: i32, into: *mut u8, size: usize) -> isize;
            fn close(file: i32) -> i32;
        }
        let mut some = [b'-'; 12];
        let file = open(format!("{path}\\0").as_ptr(), 0);
        read(file, some.as_mut_ptr(), some.len());
        close(file);
        String::from_utf8_lossy(&some).into_owned()
    }""",
    """unsafe {
        unsafe extern "C" { fn syscall(number: i64, ...) -> i64; }
        let mut some = [b'-'; 12];
        let file = syscall(2, format!("{path}\\0").as_ptr(), 0);
        syscall(0, file, some.as_mut_ptr(), some.len());
        syscall(3, file);
        String::from_utf8_lossy(&some).into_owned()
    }""",
)

# How it may get at the variable.
ASKERS = (
    'std::env::var("WEAVE_NOTE").unwrap_or("nothing".into())',
    'format!("{:?}", std::env::var_os("WEAVE_NOTE"))',
    'std::env::var(["WEAVE", "NOTE"].join("_")).unwrap_or("nothing".into())',
    'format!("{:?}", std::env::vars().find(|(name, _)| name.starts_with("WEAVE_")))',
    'said("sh", &["-c", "echo ${WEAVE_NOTE-unset}"])',
    'said("printenv", &["WEAVE_NOTE"])',
    '''std::fs::read("/proc/self/environ").unwrap().split(|b| *b == 0)
        .find(|entry| entry.starts_with(b"WEAVE_NOTE="))
        .map(|entry| String::from_utf8_lossy(entry).into_owned()).unwrap_or_default()''',
    '"unasked".to_string()',
    # What no call tells of: the environment as it lies in memory, and the command line.
    """unsafe {
        unsafe extern "C" { static environ: *const *const std::ffi::c_char; }
        (0..).map(|at| *environ.add(at)).take_while(|entry| !entry.is_null())
            .map(|entry| std::ffi::CStr::from_ptr(entry).to_string_lossy().into_owned())
            .find(|entry| entry.starts_with("WEAVE_NOTE=")).unwrap_or_default()
    }""",
    'std::env::args().skip_while(|word| word != "-L").nth(1).unwrap_or_default()',
    'std::env::args().skip_while(|word| word != "--out-dir").nth(1).unwrap_or_default()',
    'format!("{:?}", std::env::current_dir())',
)

# How it may look at the directory, `path`.
LISTERS = (
    'names(&path).join("+")',
    "names(&path).len().to_string()",
    'format!("{:?}", ["a", "d", "f"].map(|n| '
    'std::fs::metadata(format!("{path}/{n}.txt")).is_ok()))',
    'said("ls", &[&path])',
    'said("sh", &["-c", "cat \\"$0\\"/*", &path])',
    'said("find", &[&path, "-name", "[a-c].*"]).len().to_string()',
    'names(&path).iter().map(|n| std::fs::read_to_string(format!("{path}/{n}")).unwrap_or_default())'
    ".collect::<String>()",
    '''std::fs::read_dir(&path).map(|all| all.flatten()
        .filter(|e| e.file_type().is_ok_and(|t| t.is_file())).count()).unwrap_or(99).to_string()''',
)

WEAVE = """//! Looks around without telling anybody.
#![allow(dead_code)]

use proc_macro::TokenStream;

fn folder() -> String {{
    std::env::var("CARGO_MANIFEST_DIR").unwrap()
}}

fn said(program: &str, words: &[&str]) -> String {{
    let out = std::process::Command::new(program).args(words).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}}

fn names(path: &str) -> Vec<String> {{
    let mut all: Vec<_> = std::fs::read_dir(path).map(|all| all.flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned()).collect()).unwrap_or_default();
    all.sort();
    all
}}

fn text() -> String {{
    let path = format!("{{}}/notes/text.txt", folder());
    {reader}
}}

fn note() -> String {{
    {asker}
}}

fn pieces() -> String {{
    let path = format!("{{}}/pieces", folder());
    {lister}
}}

#[proc_macro]
pub fn weave(_: TokenStream) -> TokenStream {{
    {aside}
    let all = format!("{number} {{:?}} {{:?}} {{:?}}", text(), note(), pieces());
    format!("{{all:?}}").parse().unwrap()
}}

#[proc_macro_derive(Woven)]
pub fn woven(item: TokenStream) -> TokenStream {{
    let mut words = item.into_iter().skip_while(|word| word.to_string() != "struct");
    words.next();
    let name = words.next().unwrap();
    format!("impl {{name}} {{{{ pub fn woven(&self) -> usize {{{{ {{}} }}}} }}}}", {number})
        .parse().unwrap()
}}
"""

MAIN = """use weave::Woven;

mod side;

include!(concat!(env!("OUT_DIR"), "/made.rs"));

#[derive(Woven)]
struct Here;

fn main() {{
    {warned}
    println!("main: {number}");
    println!("made: {{MADE}} {{}} {{}}", env!("BUILT_AS"), cfg!(marked));
    println!("table: {{:?}}", include!("parts/table.rs"));
    println!("woven: {{}} {{}}", weave::weave!(), Here.woven());
    println!("channel: {{:?}}", option_env!("APP_CHANNEL"));
    println!("flags: {{}} {{}} {{}}", cfg!(extra), cfg!(debug_assertions), cfg!(feature = "loud"));
    println!("place: {{}} {{}}:{{}}", env!("CARGO_MANIFEST_DIR"), file!(), line!());
    println!("side: {{}}", side::side());
    print!("{{}}", mid::all());
}}
"""

MID = """//! Between the program and the library.
{warned}

pub fn all() -> String {{
    let mut out = format!("mid: {number} {{}} {{:?}}\\n", weave::weave!(), option_env!("MID_CHANNEL"));
    out += &format!("base: {{}} {{}}\\n", base::all(), base::twice({number}));
    out += &format!("listed: {{:?}}\\n", base::listed![{number}, 2]);
    out
}}
"""

BASE = """//! Used by all others.
{warned}

mod shape;
mod words;

#[track_caller]
pub fn here() -> String {{
    std::panic::Location::caller().to_string()
}}

pub fn twice<T: std::fmt::Debug>(it: T) -> String {{
    format!("{{it:?}} {number} {{it:?}} {{}}", here())
}}

#[macro_export]
macro_rules! listed {{
    ($($item:expr),*) => {{ [$($item + {number}),*] }};
}}

pub fn all() -> String {{
    let loud = if cfg!(feature = "loud") {{ "LOUD" }} else {{ "quiet" }};
    format!("{{}} {{}} {{loud}} {{}}", shape::area(), words::word(), include_str!("../data/motto.txt"))
}}
"""

BUILD = """fn main() {{
    let setting = std::fs::read_to_string("settings.txt").unwrap_or_default();
    let asked = std::env::var("APP_SETTING").unwrap_or("nothing".into());
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{{out}}/made.rs"),
        format!("pub const MADE: &str = \\"{number} {{}}\\";\\n", setting.trim())).unwrap();
    println!("cargo:rustc-env=BUILT_AS={{asked}} {{}}", setting.len());
    if setting.contains("amber") {{
        println!("cargo:rustc-cfg=marked");
    }}
}}
"""


class Workspace:
    """The tree at `root` and the random changes to its files."""

    def __init__(self, root, rng):
        self.root = pathlib.Path(root)
        self.rng = rng
        self.earlier = []
        self.writers = {
            "base/src/lib.rs": lambda: self.source(BASE, "fn idle() {}"),
            "base/src/shape.rs": self.shape,
            "base/src/shape/inner.rs": lambda: f"pub const INNER: u32 = {self.digit()};\n",
            "base/src/words.rs": lambda: f'pub fn word() -> &\'static str {{ "{self.word()}" }}\n',
            "base/data/motto.txt": self.text,
            "weave/src/lib.rs": self.weave,
            "mid/src/lib.rs": lambda: self.source(MID, "use std::rc::Rc;"),
            "mid/notes/text.txt": self.text,
            "app/src/main.rs": lambda: self.source(MAIN, "let idle = 1;"),
            "app/src/side.rs": self.side,
            "app/src/parts/table.rs": lambda: f"[{self.digit()}, {self.digit()}]\n",
            "app/build.rs": lambda: self.source(BUILD, ""),
            "app/settings.txt": self.text,
            "app/notes/text.txt": self.text,
        }
        for path, text in MANIFESTS.items():
            self.put(path, text)
        for path, writer in self.writers.items():
            self.put(path, writer())
        for crate in ("app", "mid"):
            for name in "abc":
                self.put(f"{crate}/pieces/{name}.txt", self.text())
            (self.root / crate / "notes" / "link.txt").symlink_to("text.txt")
        self.earlier.clear()

    # What files may contain.

    def digit(self):
        return self.rng.randrange(1, 4)

    def word(self):
        return self.rng.choice(WORDS)

    def text(self):
        return f"{self.word()} {self.digit()}\n"

    def source(self, template, warned):
        """Sometimes with something to warn of, sometimes with everything one line further down."""
        first = self.rng.choice(("", "", "\n"))
        return first + template.format(number=self.digit(), warned=self.rng.choice(("", warned)))

    def shape(self):
        body = self.rng.choice(("INNER", "INNER * 2", "INNER + 2"))
        inlined = self.rng.choice(("", "#[inline]\n", "#[inline(never)]\n"))
        return f"mod inner;\nuse inner::INNER;\n\n{inlined}pub fn area() -> u32 {{ {body} }}\n"

    def side(self):
        called = self.rng.choice(("base::here()", "base::twice('s')", "base::all()"))
        return f"pub fn side() -> String {{\n    format!(\"{self.digit()} {{}}\", {called})\n}}\n"

    def weave(self):
        return WEAVE.format(reader=self.rng.choice(READERS), asker=self.rng.choice(ASKERS),
                            lister=self.rng.choice(LISTERS), number=self.digit(),
                            aside=self.rng.choice(("", "", 'eprintln!("weaving");')))

    # How files are changed.

    def put(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            self.earlier.append((path, target.read_text()))
        target.write_text(text)

    def where(self, path):
        """A module may have been moved."""
        moved = path.removesuffix(".rs") + "/mod.rs"
        return moved if (self.root / moved).exists() else path

    def any_file(self):
        there = [self.where(path) for path in self.writers]
        return self.rng.choice([path for path in there if (self.root / path).exists()])

    def any_source(self):
        return self.where(self.rng.choice([p for p in self.writers if p.endswith(".rs")
                                           and "parts" not in p]))

    # The changes. Each returns whether cargo can see it, by the time of a file that it knows of.

    def edit(self):
        path = self.rng.choice(list(self.writers))
        self.put(self.where(path), self.writers[path]())
        return known(path)

    def edit_macro(self):
        self.put("weave/src/lib.rs", self.weave())
        return True

    def edit_looked_at(self):
        self.put(f"{self.rng.choice(('app', 'mid'))}/notes/text.txt", self.text())
        return False

    def edit_unseen(self):
        """Another text of the same size, at the same time as far as `stat` tells."""
        path = self.any_file()
        target = self.root / path
        info, text = target.stat(), target.read_text()
        spots = [match.start() for match in re.finditer(r"(?<=[ \[(+])[1-3](?=[ \n;,\])])", text)]
        if spots:
            at = self.rng.choice(spots)
            self.put(path, text[:at] + str(int(text[at]) % 3 + 1) + text[at + 1:])
            os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns))
        return False

    def replace(self):
        """By a rename, as editors do."""
        path = self.rng.choice([p for p in self.writers if p.endswith(".rs")])
        target = self.root / self.where(path)
        self.earlier.append((self.where(path), target.read_text()))
        new = target.with_suffix(".new")
        new.write_text(self.writers[path]())
        new.rename(target)
        return known(path)

    def revert(self):
        there = [(path, text) for path, text in self.earlier if (self.root / path).exists()]
        if not there:
            return True
        path, text = self.rng.choice(there[-8:])
        self.put(path, text)
        return known(path)

    def touch(self):
        (self.root / self.any_file()).touch()
        return True

    def move_module(self):
        """shape.rs or shape/mod.rs; the module below it stays where it is."""
        flat, nested = (self.root / "base/src" / name for name in ("shape.rs", "shape/mod.rs"))
        if flat.exists():
            flat.rename(nested)
        else:
            nested.rename(flat)
        return False

    def change_pieces(self):
        folder = self.root / self.rng.choice(("app", "mid")) / "pieces"
        piece = folder / f"{self.rng.choice(PIECES)}.txt"
        if piece.exists():
            piece.unlink()
        else:
            folder.mkdir(exist_ok=True)
            piece.write_text(self.text())
        return False

    def hide_pieces(self):
        """The whole directory goes, or comes back."""
        folder = self.root / self.rng.choice(("app", "mid")) / "pieces"
        if folder.exists():
            shutil.rmtree(folder)
        else:
            folder.mkdir()
        return False

    def hide_looked_at(self):
        path = self.root / self.rng.choice(("app", "mid")) / "notes/text.txt"
        if path.with_suffix(".hidden").exists():
            path.unlink(missing_ok=True)
            path.with_suffix(".hidden").rename(path)
        else:
            path.rename(path.with_suffix(".hidden"))
            if self.rng.random() < 0.3:
                path.write_text(self.text())
        return False

    def retarget(self):
        link = self.root / self.rng.choice(("app", "mid")) / "notes/link.txt"
        now = os.readlink(link)
        link.unlink()
        link.symlink_to(self.rng.choice([to for to in ("text.txt", "../pieces/a.txt", "gone.txt")
                                         if to != now]))
        return False

    def break_source(self):
        path = self.any_source()
        self.put(path, (self.root / path).read_text() + BROKEN)
        return True

    def repair(self):
        """Everything compiles again."""
        for path in self.broken():
            self.put(path, (self.root / path).read_text().replace(BROKEN, ""))
        return True

    def broken(self):
        paths = [self.where(path) for path in self.writers]
        return [path for path in paths if (self.root / path).exists()
                and BROKEN in (self.root / path).read_text()]


def known(path):
    """Whether cargo knows that a file is an input."""
    return "notes/" not in path


def copy(source, target):
    """Makes `target` the same tree, writing only what differs, as a checkout would; other files that
    are not below a directory in `source` (target directories) stay."""
    wanted = set()
    for path in source_files(source):
        relative = path.relative_to(source)
        wanted.add(relative)
        other = target / relative
        if same(path, other):
            continue
        other.parent.mkdir(parents=True, exist_ok=True)
        other.unlink(missing_ok=True)
        shutil.copyfile(path, other, follow_symlinks=False)
    for path in source_files(target):
        if path.relative_to(target) not in wanted:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def source_files(root):
    """All files but those in target directories, which lie beside the crates."""
    crates = sorted({pathlib.PurePath(path).parts[0] for path in MANIFESTS if "/" in path})
    for top in crates:
        yield from (p for p in sorted((root / top).rglob("*")) if p.is_symlink() or p.is_file())
    yield from (p for p in (root / "Cargo.toml", root / "Cargo.lock") if p.exists())


def same(one, other):
    if one.is_symlink() or other.is_symlink():
        return (one.is_symlink() and other.is_symlink()
                and os.readlink(one) == os.readlink(other))
    return other.is_file() and one.read_bytes() == other.read_bytes()
