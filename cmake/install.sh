#!/bin/sh
# Installs zccache from the archive that this script is in. It needs no root, and nothing but the
# usual tools; run it again with --uninstall to take everything away.
set -eu

usage() {
  cat <<TEXT
usage: ./install.sh [--prefix DIR] [--uninstall]
  --prefix DIR   DIR/bin, DIR/lib and DIR/share get the files (default: ~/.local; /usr/local for root)
  --uninstall    stops the daemon, and removes the files and the links that lead to them
TEXT
}

die() {
  echo "install.sh: $*" >&2
  exit 1
}

prefix=
uninstall=
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || die "--prefix needs a directory"; prefix=$2; shift ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --uninstall) uninstall=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
if [ -z "$prefix" ]; then
  if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=${HOME:?is not set; use --prefix}/.local; fi
fi
if [ -z "$uninstall" ]; then mkdir -p "$prefix"; fi
[ -d "$prefix" ] || die "there is no $prefix"
prefix=$(cd "$prefix" && pwd -P)
here=$(cd "$(dirname "$0")" && pwd -P)
zccache=$prefix/bin/zccache

if [ "$uninstall" ]; then
  [ -x "$zccache" ] || die "there is no zccache in $prefix/bin; name the directory with --prefix"
  "$zccache" stop || true
  "$zccache" setup shims --remove || true
  rm -rf "$prefix/lib/zccache" "$prefix/share/doc/zccache"
  rm -f "$zccache" "$prefix/share/man/man1/zccache.1" \
    "$prefix/share/bash-completion/completions/zccache" "$prefix/share/zsh/site-functions/_zccache" \
    "$prefix/share/fish/vendor_completions.d/zccache.fish"
  echo "Removed zccache from $prefix. What was cached is still in ${ZCCACHE_CACHE_DIR:-~/.zccache}."
  exit 0
fi

[ "$here" != "$prefix" ] || die "$prefix is where this archive was unpacked; choose another directory"
# A daemon of another build would go on serving the new client if it is the newer one.
if [ -x "$zccache" ]; then "$zccache" stop || true; fi
rm -rf "$prefix/lib/zccache"
(cd "$here" && tar cf - bin lib share) | (cd "$prefix" && tar xf -)
"$zccache" --version
echo "Installed in $prefix."
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *)
    echo
    echo "It is not on PATH yet. Type this, and add it to your shell's start-up file:"
    echo
    echo "  export PATH=\"$prefix/bin:\$PATH\""
    ;;
esac
echo
echo "Then: zccache doctor"
