# Perturbations that plain shell cannot say in one word. Sourced before every `do:` of a case.

# same_mtime <file> <command>...: the file's mtime is what it was before the command.
same_mtime() {
  touch -r "$1" .mtime
  stamped=$1
  shift
  "$@"
  touch -r .mtime "$stamped"
  rm .mtime
}

# edit <file> <from> <to>: replaces text in place; same inode, new mtime.
edit() {
  python3 - "$@" <<'PY'
import sys
name, old, new = sys.argv[1:]
with open(name, "r+b") as file:
    text = file.read()
    assert old.encode() in text, f"{name} does not contain {old}"
    file.seek(0)
    file.write(text.replace(old.encode(), new.encode()))
    file.truncate()
PY
}

# edit_mapped <file> <from> <to>: the same through a shared mapping; both texts of equal length.
edit_mapped() {
  python3 - "$@" <<'PY'
import mmap
import sys
name, old, new = sys.argv[1:]
assert len(old) == len(new)
with open(name, "r+b") as file, mmap.mmap(file.fileno(), 0) as view:
    at = view.find(old.encode())
    assert at >= 0, f"{name} does not contain {old}"
    view[at:at + len(new)] = new.encode()
PY
}

# replace <file> <text>: a new file renamed over the old one.
replace() {
  printf '%b' "$2" >"$1.new"
  mv "$1.new" "$1"
}

# write <file> <text>: with \n for a line end.
write() {
  printf '%b' "$2" >"$1"
}
