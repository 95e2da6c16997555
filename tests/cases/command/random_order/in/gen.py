import sys

with open(sys.argv[1], "w") as out:
    out.write(" ".join({f"word{i}" for i in range(40)}))
