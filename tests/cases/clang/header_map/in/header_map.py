"""Writes a header map of one name: header_map.py <name> <directory with its slash>."""

import struct
import sys

# The layout of clang's lib/Lex/HeaderMapTypes.h: a header, then a hash table of
# (key, prefix, suffix), each an offset into the texts that follow; 0 is an empty bucket.
BUCKETS = 4
HEADER = struct.Struct("<IHHIIII")
BUCKET = struct.Struct("<III")

name, directory = (word.encode() for word in sys.argv[1:])
texts = b"\0" + name + b"\0" + directory + b"\0"
key, prefix = 1, len(name) + 2
table = [(0, 0, 0)] * BUCKETS
table[sum(byte * 13 for byte in name.lower()) % BUCKETS] = (key, prefix, key)
texts_at = HEADER.size + BUCKETS * BUCKET.size
sys.stdout.buffer.write(HEADER.pack(0x686D6170, 1, 0, texts_at, 1, BUCKETS, len(directory + name)))
for entry in table:
    sys.stdout.buffer.write(BUCKET.pack(*entry))
sys.stdout.buffer.write(texts)
